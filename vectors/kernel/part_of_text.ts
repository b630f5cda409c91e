/**
 * Parts of a text that are compared where they stand, or kept without the text.
 *
 * Four characters at a time: most of a trace are names that were met before.
 *
 * @module
 */
import { type Coded, coded } from "./lines.ts";

/** ASCII characters that are looked for in texts. */
export interface Known {
  /** How many they are, at least four. */
  readonly length: number;
  /** Each four of them; the last word has the last four. */
  readonly words: Int32Array;
}

/** The characters to be looked for; undefined if they are fewer than four, or not all ASCII. */
export function knownPart(text: string): Known | undefined {
  const { length } = text;
  const { codes, view } = coded(text);
  if (length < 4 || codes.some((code) => code >= 0x80)) return undefined;
  const words = new Int32Array(Math.ceil(length / 4));
  for (let index = 0; index < words.length; index++) {
    words[index] = view.getInt32(Math.min(4 * index, length - 4), true);
  }
  return { length, words };
}

/** True if these characters stand at `start`, before `end`. */
export function standsAt({ view }: Coded, start: number, end: number, known: Known): boolean {
  const { words } = known;
  const last = start + known.length - 4;
  if (last + 4 > end) return false;
  let index = 0;
  for (let at = start; at < last; at += 4) {
    if (view.getInt32(at, true) !== words[index++]) return false;
  }
  return view.getInt32(last, true) === words[index];
}

/** A slot of 1024 for the eight characters at `at`, which must be there. */
export function slotAt({ view }: Coded, at: number): number {
  const mixed = Math.imul(view.getInt32(at, true), 0x9e3779b1) ^ view.getInt32(at + 4, true);
  return Math.imul(mixed, 0x85ebca6b) >>> 22;
}

/** Characters that tell the slot. */
export const SLOTTED = 8;

/** Slots that {@linkcode slotAt} tells apart. */
export const slotCount = 1024;

/** A part of a text as a string of its own: what `slice` gives may keep all of the text in memory. */
export function copyOf({ text }: Coded, start: number, end: number): string {
  const codes: number[] = [];
  for (let at = start; at < end; at++) codes.push(text.charCodeAt(at));
  return String.fromCharCode(...codes);
}
