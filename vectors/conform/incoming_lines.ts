/**
 * Lines of a stream as they come, of any length.
 *
 * @module
 */

/** Yields every line that ends with a newline. What has come of a line is joined once, at its end. */
export async function* incomingLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  const begun: string[] = [];
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const [first = "", ...others] = chunk.split("\n");
    begun.push(first);
    for (const other of others) {
      yield begun.join("");
      begun.length = 0;
      begun.push(other);
    }
  }
}
