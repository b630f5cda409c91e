/**
 * Looks at the first bytes of a stream without taking them from it.
 *
 * @module
 */

/** The first bytes of a stream, and a stream that still gives all of them. */
interface Peeked {
  /** At least as many bytes as were asked for, unless the stream has fewer. */
  readonly head: Uint8Array;
  /** Everything, `head` included. A stream that failed while it was peeked into fails behind `head`. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Reads chunks until `least` bytes are there or the stream ends. Never throws. */
export async function peek(
  source: ReadableStream<Uint8Array<ArrayBuffer>>,
  least: number,
): Promise<Peeked> {
  const reader = source.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  let failure: { readonly reason: unknown } | undefined;
  let done = false;
  while (length < least && !done && failure === undefined) {
    try {
      const chunk = await reader.read();
      if (chunk.done) done = true;
      else {
        chunks.push(chunk.value);
        length += chunk.value.length;
      }
    } catch (reason) {
      failure = { reason };
    }
  }

  const head = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    head.set(chunk, at);
    at += chunk.length;
  }

  let headGiven = length === 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (!headGiven) {
        headGiven = true;
        controller.enqueue(head);
        return;
      }
      if (failure !== undefined) throw failure.reason;
      const chunk = await reader.read();
      if (chunk.done) controller.close();
      else controller.enqueue(chunk.value);
    },
    cancel(reason) {
      return reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
  return { head, stream };
}
