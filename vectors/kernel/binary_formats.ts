/**
 * The binary formats that are read. A format is a folder beside this file, and its line in the list.
 *
 * @module
 */
import type { BinaryFormat } from "./binary_format.ts";
import { startsWith } from "./container.ts";
import { traceDat } from "./trace_dat/trace_dat.ts";

/** Each is told from all others, and from text, by its magic. */
export const binaryFormats: readonly BinaryFormat[] = [
  traceDat,
];

/** The format of a file with these first bytes; undefined if none has them. */
export function binaryFormatOf(head: Uint8Array): BinaryFormat | undefined {
  return binaryFormats.find(({ magic }) => startsWith(head, magic));
}
