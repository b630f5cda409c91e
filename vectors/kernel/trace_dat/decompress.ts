/**
 * Unpacks what trace-cmd packed. The size that is announced is the limit: data that unpack to more
 * are refused, and nothing is allocated on the word of a header alone.
 *
 * @module
 */
import { inflateSync, zstdDecompressSync } from "node:zlib";
import { match } from "../../../model/match.ts";
import type { Compression } from "./trace_file.ts";

/** The largest chunk of pages that is unpacked: trace-cmd's own have ten. */
export const largestChunk = 16 * 1024 * 1024;
/** The largest section: those of trace-cmd have some megabytes. */
export const largestSection = 64 * 1024 * 1024;

/** The bytes of one chunk; undefined if they are damaged, or more or fewer than announced, or than `most`. */
export function decompress(
  compression: Compression,
  packed: Uint8Array,
  size: number,
  most: number,
): Uint8Array | undefined {
  if (size > most) return undefined;
  // As large as what comes out, within what zlib allows: nothing is gathered in parts.
  const options = { maxOutputLength: Math.max(size, 1), chunkSize: Math.max(size, 64) };
  try {
    const bytes = match(compression)
      .with("none", () => packed)
      .with("zlib", () => inflateSync(packed, options))
      .with("zstd", () => zstdDecompressSync(packed, options))
      .exhaustive();
    return bytes.length === size ? new Uint8Array(bytes.buffer, bytes.byteOffset, size) : undefined;
  } catch {
    return undefined;
  }
}
