/**
 * The sub-buffers of one CPU, one after the other, as they stand in the file or unpacked from chunks.
 *
 * @module
 */
import type { ByteSource } from "../byte_source.ts";
import { cursorOf } from "./cursor.ts";
import { decompress, largestChunk } from "./decompress.ts";
import type { CpuData, TraceBuffer, TraceFile } from "./trace_file.ts";

/** Bytes that are read at once where nothing is packed. */
const readAhead = 1024 * 1024;

/** Bytes of a chunk's two sizes, packed and unpacked. */
const chunkHead = 8;

/** Why the pages of a CPU end before its data do. */
export interface Broken {
  readonly kind: "broken";
  readonly byte: number;
  readonly why: string;
}

/** Some bytes of a CPU's data, a whole number of sub-buffers; then why it broke off, if it did. */
export type PageBlock = { readonly kind: "pages"; readonly bytes: Uint8Array } | Broken;

/** The blocks of one CPU's data in their order. */
export function* cpuPages(
  source: ByteSource,
  { littleEndian, compression }: TraceFile,
  { compressed, pageSize }: TraceBuffer,
  { offset, size }: CpuData,
): Generator<PageBlock, void> {
  const end = Math.min(offset + size, source.size);
  if (!compressed) {
    const step = Math.max(pageSize, readAhead - readAhead % pageSize);
    for (let at = offset; at < end; at += step) {
      yield { kind: "pages", bytes: source.read(at, Math.min(step, end - at)) };
    }
  } else if (size > 0) {
    const chunks = cursorOf(source.read(offset, 4), littleEndian).u32();
    let at = offset + 4;
    let next = source.read(at, chunkHead);
    for (let index = 0; index < chunks; index++) {
      const head = cursorOf(next, littleEndian);
      const [packed, unpacked] = [head.u32(), head.u32()];
      if (head.short() || packed > source.size - at - chunkHead) {
        yield { kind: "broken", byte: at, why: "the file ends within a chunk" };
        return;
      }
      // With the head of the chunk behind it: a file is read once a chunk.
      const read = source.read(at + chunkHead, packed + chunkHead);
      next = read.subarray(packed);
      const bytes = decompress(compression, read.subarray(0, packed), unpacked, largestChunk);
      if (bytes === undefined) {
        yield { kind: "broken", byte: at, why: `a chunk's ${compression} data are damaged` };
        return;
      }
      yield { kind: "pages", bytes };
      at += chunkHead + packed;
    }
  }
  if (offset + size > source.size) {
    yield { kind: "broken", byte: source.size, why: "the file ends before the events do" };
  }
}
