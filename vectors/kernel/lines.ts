/**
 * Splits a stream of bytes into whole lines, a chunk at a time.
 *
 * A trace has a million short lines, so a batch is one text with many of them: whoever reads it goes
 * by positions, and a line that nobody wants never becomes a string. To look at characters one by one is
 * three times as fast in bytes as in a string, so a batch has both. No line is gathered much beyond
 * `LONGEST_LINE`: a file without newlines takes no more memory than one with them.
 *
 * @module
 */

/** Characters of a line before its newline; what is longer is no line of a trace. */
export const LONGEST_LINE = 65_536;

/** Bytes that are more than `LONGEST_LINE` characters, whatever they are: UTF-8 has three at most. */
const OVERLONG = 3 * LONGEST_LINE + 3;

/** Characters that are kept of a line longer than `LONGEST_LINE`, to show which one it was. */
const KEPT_OF_OVERLONG = 200;

/** A text, and its characters as bytes. */
export interface Coded {
  /** The text: some lines, or one. */
  readonly text: string;
  /**
   * A byte for each character: its code if it is ASCII, else any from 0x80. It may be longer than the text.
   * Once the next batch is asked for, it is empty, and what was kept of it is not good any more.
   */
  readonly codes: Uint8Array;
  /** `codes` as words: characters are compared four at a time. */
  readonly view: DataView;
}

/** The lines that one chunk of the stream completed. */
export interface LineBatch extends Coded {
  /**
   * Lines, each with the `\n` behind it, which may have been `\r\n`; bytes that are not UTF-8 are
   * replaced by U+FFFD. A line longer than `LONGEST_LINE` may be cut, and is too long still.
   */
  readonly text: string;
  /** Positions of lines that are empty since their text went into another line, or says nothing. */
  readonly skipped?: ReadonlySet<number>;
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

const NEWLINE = 0x0a;
const spent = new Uint8Array();
/** The byte order mark, which is no part of a text. */
const MARK = "\ufeff";

/**
 * Yields the lines of `stream` in order; the batches may be empty, the last one has `end`.
 *
 * A failing stream does not throw: it ends the lines, and `end.broken` says why. Leaving the
 * generator early cancels the stream.
 */
export async function* splitLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<LineBatch> {
  const reader = stream.getReader();
  // Decoded a whole number of lines at a time: no character is split, and ASCII stays one byte wide.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let bytes = new Uint8Array();
  let view = new DataView(bytes.buffer);
  /** Bytes that are there of a line that has begun. */
  let begun = 0;
  let isFirst = true;
  let skipping = false;
  let broken: string | undefined;

  function decode(from: number, to: number): string {
    if (from === to) return "";
    const text = decoder.decode(bytes.subarray(from, to));
    const marked = isFirst && text.startsWith(MARK);
    isFirst = false;
    return marked ? text.slice(1) : text;
  }

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

      let fresh = chunk.value;
      if (skipping) {
        const newline = fresh.indexOf(NEWLINE);
        if (newline === -1) continue;
        fresh = fresh.subarray(newline + 1);
        skipping = false;
      }
      const length = begun + fresh.length;
      if (length > bytes.length) {
        const larger = new Uint8Array(2 * length);
        larger.set(bytes.subarray(0, begun));
        bytes = larger;
        view = new DataView(bytes.buffer);
      }
      bytes.set(fresh, begun);
      const newline = fresh.lastIndexOf(NEWLINE);
      const whole = newline === -1 ? 0 : begun + newline + 1;
      const text = decode(0, whole);
      let lines = text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
      if (length - whole > OVERLONG) {
        const rest = decode(whole, whole + OVERLONG);
        lines += `${rest.slice(0, LONGEST_LINE + 1)}\n`;
        skipping = true;
      }
      // As many characters as bytes: then each is one byte.
      const batch = lines.length === whole
        ? { text: lines, codes: bytes, view, end: undefined }
        : { ...coded(lines), end: undefined };
      yield batch;
      batch.codes = spent;
      begun = skipping ? 0 : length - whole;
      bytes.copyWithin(0, whole, length);
    }
    yield { text: "", codes: bytes, view, end: { tail: decode(0, begun), broken } };
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** A text with its characters as bytes. */
export function coded(text: string): Coded {
  const codes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) codes[at] = Math.min(text.charCodeAt(at), 0xff);
  return { text, codes, view: new DataView(codes.buffer) };
}

/** The lines of a batch one by one; of one that is too long, enough to show which it was. */
export function linesOf({ text }: Coded): string[] {
  const lines = text.split("\n");
  lines.pop();
  return text.length <= LONGEST_LINE
    ? lines
    : lines.map((line) => line.length <= LONGEST_LINE ? line : line.slice(0, KEPT_OF_OVERLONG));
}
