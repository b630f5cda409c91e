/**
 * Unpacks gzip, zstd and xz data.
 *
 * gzip and zstd through node:zlib and not the web's `DecompressionStream`, which refuses a file of
 * several members (`bgzip`, `cat a.gz b.gz`) and hands out nothing of the block in which it meets an
 * error. Of zstd it unpacks one frame, so each frame gets an unpacker of its own. xz through a build of
 * liblzma.
 *
 * @module
 */
import { createGunzip, createZstdDecompress } from "node:zlib";
import xz from "npm:xz-decompress@0.2.3";
import { match } from "../../model/match.ts";
import { createFrameEnd } from "./zstd_frames.ts";

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
    .with("gzip", () => throughZlib(packed, createGunzip, packing))
    .with("zstd", () => throughZlib(packed, createZstdDecompress, packing))
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

type Unzip = ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress>;

function throughZlib(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
  create: () => Unzip,
  packing: Packing,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = packed.getReader();
  let ready: Uint8Array<ArrayBuffer>[] = [];
  let waiting = new Uint8Array();
  let ended = false;
  let failure: Error | undefined;
  let frame = createFrameEnd();
  let { unzip, over } = begin();

  function begin() {
    const unzip = create();
    unzip.on("data", (bytes) => ready.push(bytes));
    // After an error neither a write nor "close" need ever come back.
    const over = new Promise<void>((resolve) => {
      unzip.on("close", resolve);
      unzip.on("error", (error) => {
        failure = error;
        resolve();
      });
    });
    return { unzip, over };
  }

  async function end(): Promise<void> {
    unzip.end();
    await over;
  }

  async function feed(): Promise<void> {
    if (waiting.length === 0) {
      const chunk = await reader.read();
      if (chunk.done) {
        ended = true;
        await end();
        // Deno takes zstd data that end too early for complete.
        if (packing === "zstd" && !frame.ends) failure ??= new Error("it ends too early");
        return;
      }
      waiting = chunk.value;
      if (waiting.length === 0) return;
    }
    if (frame.ends) {
      await end();
      if (failure !== undefined) return;
      ({ unzip, over } = begin());
      frame = createFrameEnd();
    }
    let slice = waiting.subarray(0, SLICE);
    if (packing === "zstd") slice = slice.subarray(0, frame.take(slice));
    waiting = waiting.subarray(slice.length);
    await Promise.race([over, new Promise((resolve) => unzip.write(slice, resolve))]);
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
