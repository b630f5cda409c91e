/**
 * Parts of a text that are compared where they stand, or kept without the text.
 *
 * @module
 */
import type { Coded } from "./lines.ts";

/** True if a text has these ASCII characters from `start` to `end`. */
export function standsAt({ codes }: Coded, start: number, end: number, same: Uint8Array): boolean {
  if (end - start !== same.length) return false;
  for (let at = 0; at < same.length; at++) if (codes[start + at] !== same[at]) return false;
  return true;
}

/** A part of a text as a string of its own: what `slice` gives may keep all of the text in memory. */
export function copyOf({ text }: Coded, start: number, end: number): string {
  const codes: number[] = [];
  for (let at = start; at < end; at++) codes.push(text.charCodeAt(at));
  return String.fromCharCode(...codes);
}
