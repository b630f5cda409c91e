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

const SPACE = 0x20, ZERO = 0x30, NINE = 0x39, EQUALS = 0x3d, LOWER_X = 0x78, DASH = 0x2d;
const LAST_OF_ASCII = 0x7f;

/** A key as one number: its characters in base 128. */
function keyOf(key: string): number {
  return [...key].reduce((sum, character) => sum * 128 + character.charCodeAt(0), 0);
}

const OP = keyOf("op"), OFF = keyOf("off"), VA = keyOf("va"), DEV = keyOf("dev");
const INO = keyOf("ino"), SIZE = keyOf("size"), LEN = keyOf("len"), VAL = keyOf("val");
const RET = keyOf("ret"), MIXED = keyOf("mixed"), DONE = keyOf("done");
/** Characters of the longest of them. */
const LONGEST_KEY = 5;

/**
 * Reads a marker's `key=value` words; others but `done` are ignored, and of a key the last counts. The
 * words are the bytes of `codes` from `start` to `end`, and `cut` makes a text of some of them.
 */
export function readMarker(
  codes: Uint8Array,
  start: number,
  end: number,
  cut: (from: number, to: number) => string,
): MarkerText {
  let operation: string | undefined, dev: string | undefined;
  let ino: number | undefined, offset: number | undefined;
  let address: number | undefined, size: number | undefined;
  let length: number | undefined, value: number | undefined, result: number | undefined;
  let done = false, mixed = false;
  for (let at = start; at < end;) {
    let key = 0;
    let from = at;
    while (from < end && codes[from] !== EQUALS && codes[from] !== SPACE) {
      if (from - at < LONGEST_KEY) key = key * 128 + (codes[from] ?? 0);
      from++;
    }
    const isKnown = from - at <= LONGEST_KEY;
    if (codes[from] !== EQUALS || from === end) {
      if (isKnown && key === DONE) done = true;
      at = from + 1;
      continue;
    }
    from++;
    let to = from;
    while (to < end && codes[to] !== SPACE) to++;
    at = to + 1;
    if (!isKnown) continue;
    if (key === OP) operation = operationAt(codes, from, to, cut);
    else if (key === OFF) offset = exact(codes, from, to);
    else if (key === VA) address = exact(codes, from, to);
    else if (key === DEV) dev = cut(from, to);
    else if (key === INO) ino = exact(codes, from, to);
    else if (key === SIZE) size = exact(codes, from, to);
    else if (key === LEN) length = exact(codes, from, to);
    else if (key === VAL) value = exact(codes, from, to);
    else if (key === RET) result = signed(codes, from, to);
    else if (key === MIXED) mixed = to !== from + 1 || codes[from] !== ZERO;
  }
  const file = dev === undefined || ino === undefined ? undefined : fileId(dev, ino);
  return { operation, done, file, offset, address, size, length, value, result, mixed };
}

/** Operations that were met: there are few, and each comes again and again. */
const operations: string[] = [];
const mostOperations = 16;

/** The operation in these bytes: a text that was made before is not made again. */
function operationAt(
  codes: Uint8Array,
  from: number,
  to: number,
  cut: (from: number, to: number) => string,
): string {
  for (const each of operations) if (isThere(codes, from, to, each)) return each;
  const made = cut(from, to);
  if (operations.length < mostOperations) operations.push(made);
  return made;
}

/** True if this text stands there, and is ASCII: what else a byte stands for, the text alone tells. */
function isThere(codes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false;
  for (let at = from; at < to; at++) {
    const code = codes[at] ?? 0;
    if (code > LAST_OF_ASCII || code !== text.charCodeAt(at - from)) return false;
  }
  return true;
}

/** A number that may be an error's. */
function signed(codes: Uint8Array, from: number, to: number): number | undefined {
  return codes[from] === DASH ? -(exact(codes, from + 1, to) ?? 1) : exact(codes, from, to);
}

/** A number in decimal or 0x notation. */
function exact(codes: Uint8Array, from: number, to: number): number | undefined {
  const prefixed = to - from > 2 && codes[from] === ZERO && codes[from + 1] === LOWER_X;
  const base = prefixed ? 16 : 10;
  let value = 0;
  for (let at = prefixed ? from + 2 : from; at < to; at++) {
    const digit = digitOf(codes[at] ?? 0);
    if (digit >= base) return undefined;
    value = value * base + digit;
  }
  return from < to && value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** The value of a digit; 16 if it is none. */
function digitOf(code: number): number {
  if (code >= ZERO && code <= NINE) return code - ZERO;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 16;
}
