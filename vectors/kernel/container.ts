/**
 * Tells what a file is that cannot be a trace in text, from its first bytes.
 *
 * @module
 */
import type { Packing } from "./unpack.ts";

/** What the first bytes are, where that was seen, and what would be read instead. */
interface Refusal {
  /** Offset of the byte that shows it. */
  readonly byte: number;
  readonly found: string;
  readonly expected: string;
}

/** What every refusal asks for. */
export const EXPECTED_TEXT =
  "ftrace text, as tracefs' trace and trace_pipe or `trace-cmd report` print it";

/** Bytes that are looked at: enough for every signature. */
export const HEAD_BYTES = 4096;

/** A byte order mark; ftrace never prints one, an editor or a shell has. */
const wide: Refusal = {
  byte: 0,
  found: "UTF-16 text",
  expected: "the same in UTF-8: `iconv -f utf-16 -t utf-8 FILE`",
};

/** Magic bytes of gzip (RFC 1952), zstd (RFC 8878) and xz. */
const PACKINGS: readonly { readonly bytes: readonly number[]; readonly packing: Packing }[] = [
  { bytes: [0x1f, 0x8b], packing: "gzip" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], packing: "zstd" },
  { bytes: [0xfd, ...ascii("7zXZ"), 0x00], packing: "xz" },
];

const MAGICS: readonly { readonly bytes: readonly number[]; readonly refusal: Refusal }[] = [
  {
    bytes: ascii("PERFILE2"),
    refusal: {
      byte: 0,
      found: "perf's binary (perf.data)",
      expected: "text from tracefs' trace or trace_pipe, or from `trace-cmd record` and `report`",
    },
  },
  // Packed once they are unpacked; packed twice they are not.
  ...PACKINGS.map(({ bytes, packing }) => ({ bytes, refusal: compressed(packing) })),
  { bytes: ascii("BZh"), refusal: compressed("bzip2") },
  { bytes: [0xff, 0xfe], refusal: wide },
  { bytes: [0xfe, 0xff], refusal: wide },
];

/**
 * Why `head`, the first bytes of a file, cannot begin a trace in text; undefined if it can.
 * Text has no NUL byte; where the first 4 KiB have one, the file is binary or was never written out.
 */
export function refuseContainer(head: Uint8Array): Refusal | undefined {
  for (const { bytes, refusal } of MAGICS) {
    if (startsWith(head, bytes)) return refusal;
  }
  const nul = head.subarray(0, HEAD_BYTES).indexOf(0);
  if (nul === -1) return undefined;
  return { byte: nul, found: "a NUL byte: not a text", expected: EXPECTED_TEXT };
}

/** How a file is packed whose first bytes these are; undefined if it is not. */
export function packingOf(head: Uint8Array): Packing | undefined {
  return PACKINGS.find(({ bytes }) => startsWith(head, bytes))?.packing;
}

/** True if these are the first bytes of `head`. */
export function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** The bytes of a text of ASCII characters. */
export function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}

function compressed(format: string): Refusal {
  return { byte: 0, found: `${format} data`, expected: `${EXPECTED_TEXT}, unpacked` };
}
