/**
 * What the lab's programs write to `trace_marker`: `step=2 proc=B op=store off=4096 va=0x7f..`, and
 * `op=store done` after it (spec/traces.md, Markers).
 *
 * @module
 */
import type { FileId } from "../../model/check/observation.ts";
import { fileId } from "./file_ids.ts";
import type { LineClass } from "../../model/line_class.ts";

/** Classes of lines that markers are. */
export const markerLines: readonly LineClass[] = ["stores"];

/** What a marker says, of all that it may say. A number that is none, or not exact, is not told. */
export interface MarkerText {
  /** The operation that begins or is done. */
  readonly operation: string | undefined;
  /** True for a marker behind an operation. */
  readonly done: boolean;
  /** `dev=259:0 ino=0xc`: the file that the following markers speak of, if this marker names one. */
  readonly file: FileId | undefined;
  /** `off`, a byte of the file. */
  readonly offset: number | undefined;
  /** `va`, the user address of that byte. */
  readonly address: number | undefined;
  /** `size`, in bytes. */
  readonly size: number | undefined;
  /** `len`, in bytes. */
  readonly length: number | undefined;
  /** `val`, what each of the bytes is. */
  readonly value: number | undefined;
  /** `ret`, what a call returned; below 0 an error. */
  readonly result: number | undefined;
  /** `mixed=1`: bytes that were read differ. */
  readonly mixed: boolean;
}

/** Reads a marker's `key=value` words; others but `done` are ignored, and of a key the last counts. */
export function readMarker(text: string): MarkerText {
  let operation: string | undefined, dev: string | undefined;
  let ino: number | undefined, offset: number | undefined;
  let address: number | undefined, size: number | undefined;
  let length: number | undefined, value: number | undefined, result: number | undefined;
  let done = false, mixed = false;
  for (let start = 0; start < text.length;) {
    const space = text.indexOf(" ", start);
    const end = space === -1 ? text.length : space;
    if (text.startsWith("op=", start)) operation = text.slice(start + 3, end);
    else if (text.startsWith("off=", start)) offset = exact(text.slice(start + 4, end));
    else if (text.startsWith("va=", start)) address = exact(text.slice(start + 3, end));
    else if (text.startsWith("dev=", start)) dev = text.slice(start + 4, end);
    else if (text.startsWith("ino=", start)) ino = exact(text.slice(start + 4, end));
    else if (text.startsWith("size=", start)) size = exact(text.slice(start + 5, end));
    else if (text.startsWith("len=", start)) length = exact(text.slice(start + 4, end));
    else if (text.startsWith("val=", start)) value = exact(text.slice(start + 4, end));
    else if (text.startsWith("ret=", start)) result = signed(text.slice(start + 4, end));
    else if (text.startsWith("mixed=", start)) mixed = text.slice(start + 6, end) !== "0";
    else if (end === start + 4 && text.startsWith("done", start)) done = true;
    start = end + 1;
  }
  const file = dev === undefined || ino === undefined ? undefined : fileId(dev, ino);
  return { operation, done, file, offset, address, size, length, value, result, mixed };
}

/** A number that may be an error's. */
function signed(text: string): number | undefined {
  return text.startsWith("-") ? -(exact(text.slice(1)) ?? 1) : exact(text);
}

/** A number in decimal or 0x notation. */
function exact(text: string): number | undefined {
  if (text === "") return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
