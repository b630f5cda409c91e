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

/** Bytes that are read at once of a file that is read from its beginning to its end. */
const CHUNK = 65_536;

/**
 * An open file from where it is to its end, which closes it. A regular file never lets its reader wait,
 * so it is read at once; what may wait, such as a pipe, is read as Deno does.
 */
export function streamOf(file: Deno.FsFile): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (!file.statSync().isFile) return file.readable;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const bytes = new Uint8Array(CHUNK);
      let count: number | null;
      try {
        count = file.readSync(bytes);
      } catch (error) {
        file.close();
        throw error;
      }
      if (count === null) {
        file.close();
        controller.close();
      } else controller.enqueue(bytes.subarray(0, count));
    },
    cancel: () => file.close(),
  }, { highWaterMark: 0 });
}

/** Bytes that are in memory: what came through a pipe, or was unpacked. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    close: () => {},
  };
}
