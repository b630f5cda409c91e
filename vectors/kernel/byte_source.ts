/**
 * A file of bytes that is read where it is needed: a trace.dat has its parts in any order, and may be
 * larger than memory.
 *
 * @module
 */

/** Bytes that can be read at any offset. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** `length` bytes from `offset`; fewer where the source ends. */
  readonly read: (offset: number, length: number) => Uint8Array;
  /** Lets go of the file. */
  readonly close: () => void;
}

/** The bytes of an open file. */
export function fileSource(file: Deno.FsFile): ByteSource {
  return {
    size: file.statSync().size,
    read(offset, length) {
      file.seekSync(offset, Deno.SeekMode.Start);
      const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const count = file.readSync(bytes.subarray(filled));
        if (count === null) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
    close: () => file.close(),
  };
}

/** Bytes that are in memory: what came through a pipe, or was unpacked. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => {},
  };
}
