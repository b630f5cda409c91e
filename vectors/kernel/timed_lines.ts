/**
 * The lines of a text as bytes, each with the time that it tells. The name of a task need be no text, so
 * bytes stay as they are.
 *
 * @module
 */
import { type Columns, newColumns, readColumns } from "./columns.ts";

const NEWLINE = 0x0a;
/** Bytes of a line that are kept until its end comes; what is longer is handed on in parts. */
const longest = 1 << 20;

/** A line, with its newline: `bytes` from `start` to `end`, which stay as they are. */
export interface LineOfBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Takes a line. `said` are the columns of an event, which are filled anew for the next; undefined for another. */
type TakeLine = (line: LineOfBytes, said: Columns | undefined) => void;

/** Splits chunks into lines, and hands them on. */
export class TimedLines {
  readonly #take: TakeLine;
  // A character for each byte; only such as are ASCII are looked at.
  readonly #decoder = new TextDecoder("latin1");
  readonly #columns = newColumns();
  #begun: Uint8Array = new Uint8Array();

  constructor(take: TakeLine) {
    this.#take = take;
  }

  /** Takes the next bytes, which it does not keep. */
  take(chunk: Uint8Array): void {
    const codes = new Uint8Array(this.#begun.length + chunk.length);
    codes.set(this.#begun);
    codes.set(chunk, this.#begun.length);
    const newline = codes.lastIndexOf(NEWLINE);
    const whole = newline === -1 && codes.length > longest ? codes.length : newline + 1;
    this.#hand(codes, whole);
    this.#begun = codes.slice(whole);
  }

  /** No more bytes come: what is left is the last line. */
  end(): void {
    this.#hand(this.#begun, this.#begun.length);
    this.#begun = new Uint8Array();
  }

  #hand(codes: Uint8Array, whole: number): void {
    const text = this.#decoder.decode(codes.subarray(0, whole));
    const lines = { text, codes, view: new DataView(codes.buffer) };
    for (let start = 0; start < whole;) {
      const newline = codes.indexOf(NEWLINE, start);
      const end = newline === -1 || newline >= whole ? whole : newline;
      const next = Math.min(end + 1, whole);
      const isTimed = readColumns(lines, start, end, this.#columns) && this.#columns.seconds;
      this.#take({ bytes: codes, start, end: next }, isTimed ? this.#columns : undefined);
      start = next;
    }
  }
}
