/**
 * Records for lines that no rule reads.
 *
 * @module
 */

import type { MalformedRecord } from "./record.ts";

const SHOWN = 80;

/** A line that may have been an event: whoever judges must reckon with one that is missing. */
export function malformed(line: number, text: string, expected: string): MalformedRecord {
  return { kind: "malformed", line, text: shown(text), expected, harmless: false };
}

/** A line that cannot have been an event: blank, a comment, a banner. */
export function harmlessLine(line: number, text: string, expected: string): MalformedRecord {
  return { kind: "malformed", line, text: shown(text), expected, harmless: true };
}

/** At most 80 characters of `text`, as they came. */
export function shown(text: string): string {
  return text.slice(0, SHOWN);
}
