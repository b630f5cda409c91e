/**
 * Unpacks gzip, zstd and xz data.
 *
 * gzip and zstd through node:zlib and not the web's `DecompressionStream`, which refuses a file of
 * several members (`bgzip`, `cat a.gz b.gz`) and hands out nothing of the block in which it meets an
 * error. xz through a build of liblzma.
 *
 * @module
 */
import { createGunzip, createZstdDecompress } from "node:zlib";
import xz from "npm:xz-decompress@0.2.3";
import { match } from "../../model/match.ts";

/** How a file may be packed. */
export type Packing = "gzip" | "zstd" | "xz";

/** Bytes that are unpacked at a time: gzip packs at most 1032 to one, so this bounds its memory. */
const SLICE = 4096;

/**
 * The bytes that `packed` holds. If it is cut or corrupt, the stream fails behind what could be
 * unpacked, with a message that says so.
 */
export function unpack(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
  packing: Packing,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return match(packing)
    .with("gzip", () => throughZlib(packed, createGunzip(), packing))
    .with("zstd", () => throughZlib(packed, createZstdDecompress(), packing))
    .with("xz", () => throughLzma(packed))
    .exhaustive();
}

/**
 * xz data. The library takes data that end too early for complete: a stream that does not end with the
 * footer's "YZ", and zeros after it, was cut.
 */
function throughLzma(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let footer: readonly number[] = [];
  const watched = packed.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        const end = chunk.findLastIndex((byte) => byte !== 0);
        if (end !== -1) {
          footer = [...footer, ...chunk.subarray(Math.max(0, end - 1), end + 1)].slice(-2);
        }
        controller.enqueue(chunk);
      },
    }),
  );
  const reader = new xz.XzReadableStream(watched).getReader();
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) controller.enqueue(new Uint8Array(value));
        else if (footer[0] === 0x59 && footer[1] === 0x5a) controller.close();
        else throw new Error("it ends too early");
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`xz data that is cut or corrupt (${why})`);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

function throughZlib(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
  unzip: ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>,
  packing: Packing,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = packed.getReader();
  const closed = new Promise((resolve) => unzip.on("close", resolve));
  let ready: Uint8Array<ArrayBuffer>[] = [];
  let waiting = new Uint8Array();
  let ended = false;
  let failure: Error | undefined;
  unzip.on("data", (bytes) => ready.push(bytes));
  unzip.on("error", (error) => failure = error);

  async function feed(): Promise<void> {
    if (waiting.length === 0) {
      const chunk = await reader.read();
      if (chunk.done) {
        ended = true;
        unzip.end();
        await closed;
        return;
      }
      waiting = chunk.value;
    }
    const slice = waiting.subarray(0, SLICE);
    waiting = waiting.subarray(SLICE);
    await new Promise((resolve) => unzip.write(slice, resolve));
  }

  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      while (ready.length === 0) {
        if (failure !== undefined) {
          throw new Error(`${packing} data that is cut or corrupt (${failure.message})`);
        }
        if (ended) {
          controller.close();
          return;
        }
        await feed();
      }
      for (const bytes of ready) controller.enqueue(bytes);
      ready = [];
    },
    async cancel(reason) {
      unzip.destroy();
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}
