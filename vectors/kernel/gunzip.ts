/**
 * Unpacks gzip data.
 *
 * Through zlib and not the web's `DecompressionStream`, which refuses a file of several members
 * (`bgzip`, `cat a.gz b.gz`) and hands out nothing of the block in which it meets an error.
 *
 * @module
 */

import { createGunzip } from "node:zlib";

/** Bytes that are unpacked at a time: gzip packs at most 1032 to one, so this bounds the memory. */
const SLICE = 4096;

/**
 * The bytes that `packed` holds. If it is cut or corrupt, the stream fails behind what could be
 * unpacked, with a message that says so.
 */
export function gunzip(
  packed: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = packed.getReader();
  const unzip = createGunzip();
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
          throw new Error(`gzip data that is cut or corrupt (${failure.message})`);
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
