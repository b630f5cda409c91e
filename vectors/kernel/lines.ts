/**
 * Splits a stream of bytes into lines, a chunk at a time.
 *
 * A trace has a million short lines, so a batch is one `split` of a decoded chunk. No line is
 * gathered beyond `LONGEST_LINE`: a file without newlines takes no more memory than one with them.
 *
 * @module
 */

/** Characters of a line before its newline; what is longer is no line of a trace. */
export const LONGEST_LINE = 65_536;

/** Characters that are kept of a line longer than `LONGEST_LINE`, to show which one it was. */
const KEPT_OF_OVERLONG = 200;

/** The lines that one chunk of the stream completed. */
export interface LineBatch {
  /** Number of `lines[0]` in the text, from 1. */
  readonly first: number;
  /** Lines without `\n` or `\r\n`; bytes that are not UTF-8 are replaced by U+FFFD. */
  readonly lines: readonly string[];
  /** Positions in `lines` that hold only the beginning of a line longer than `LONGEST_LINE`. */
  readonly overlong: ReadonlySet<number>;
  /** Positions in `lines` that are empty since their text went into another line, or says nothing. */
  readonly skipped?: ReadonlySet<number>;
  /** True if there may be NUL bytes in these lines: holes of a file that was never written out. */
  readonly nul: boolean;
  /** Set in the last batch, and only there. */
  readonly end: LinesEnd | undefined;
}

/** How the stream ended. */
interface LinesEnd {
  /** What followed the last newline; empty if the text ends with one, as a whole text does. */
  readonly tail: string;
  /** Why the stream broke off before its end (a read error, cut gzip data); undefined if it did not. */
  readonly broken: string | undefined;
}

const NONE: ReadonlySet<number> = new Set();

/**
 * Yields the lines of `stream` in order; the batches may be empty, the last one has `end`.
 *
 * A failing stream does not throw: it ends the lines, and `end.broken` says why. Leaving the
 * generator early cancels the stream.
 */
export async function* splitLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<LineBatch> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let first = 1;
  let tail = "";
  let tailHasNul = false;
  let skipping = false;
  let broken: string | undefined;

  try {
    while (true) {
      let chunk;
      try {
        chunk = await reader.read();
      } catch (error) {
        broken = error instanceof Error ? error.message : String(error);
        break;
      }
      if (chunk.done) break;

      const nul: boolean = tailHasNul || chunk.value.includes(0);
      let text = decoder.decode(chunk.value, { stream: true });
      if (skipping) {
        const newline = text.indexOf("\n");
        if (newline === -1) continue;
        text = text.slice(newline + 1);
        skipping = false;
      }
      text = tail + text;
      const lines = text.split("\n");
      tail = lines.pop() ?? "";
      if (text.includes("\r")) stripCarriageReturns(lines);
      if (tail.length > LONGEST_LINE) {
        lines.push(tail);
        tail = "";
        skipping = true;
      }
      tailHasNul = nul && tail !== "";
      const overlong = cutOverlong(lines);
      yield { first, lines, overlong, nul, end: undefined };
      first += lines.length;
    }
    if (!skipping) tail += decoder.decode();
    yield { first, lines: [], overlong: NONE, nul: false, end: { tail, broken } };
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function stripCarriageReturns(lines: string[]): void {
  for (const [index, line] of lines.entries()) {
    if (line.endsWith("\r")) lines[index] = line.slice(0, -1);
  }
}

function cutOverlong(lines: string[]): ReadonlySet<number> {
  let overlong: Set<number> | undefined;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line === undefined || line.length <= LONGEST_LINE) continue;
    lines[index] = line.slice(0, KEPT_OF_OVERLONG);
    overlong ??= new Set();
    overlong.add(index);
  }
  return overlong ?? NONE;
}
