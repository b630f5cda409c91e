/**
 * What the lab's programs write to `trace_marker`: `step=2 proc=B op=store off=4096 va=0x7f..`, and
 * `op=store done` after it (spec/traces.md, Markers).
 *
 * @module
 */
import type { FileId } from "../../model/check/observation.ts";
import type { LineClass } from "../../model/line_class.ts";

/** Classes of lines that markers are. */
export const markerLines: readonly LineClass[] = ["stores"];

/** A marker's `key=value` words; `done` is true for the one behind an operation. */
interface MarkerText {
  readonly words: ReadonlyMap<string, string>;
  readonly done: boolean;
}

/** Splits a marker's text. Words without `=` other than `done` are ignored. */
export function readMarker(text: string): MarkerText {
  const words = new Map<string, string>();
  let done = false;
  for (const word of text.split(" ")) {
    const equals = word.indexOf("=");
    if (equals > 0) words.set(word.slice(0, equals), word.slice(equals + 1));
    else if (word === "done") done = true;
  }
  return { words, done };
}

/** A number in decimal or 0x notation, or undefined. */
export function markerNumber(words: ReadonlyMap<string, string>, key: string): number | undefined {
  const text = words.get(key);
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** `dev=259:0 ino=0xc`: the file that the following markers speak of, if this marker names one. */
export function markerFile(words: ReadonlyMap<string, string>): FileId | undefined {
  const dev = words.get("dev");
  const ino = markerNumber(words, "ino");
  return dev === undefined || ino === undefined ? undefined : { dev, ino };
}
