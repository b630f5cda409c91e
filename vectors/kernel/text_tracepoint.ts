/**
 * A tracepoint of a trace in text. Its fields stay in the text that it was read from until a rule asks
 * for them: of most lines none does.
 *
 * @module
 */
import { type Coded, coded } from "./lines.ts";
import type { TextReader } from "./line_words.ts";
import type { TracepointRecord } from "./record.ts";

/** A tracepoint; `body` is cut out when it is asked for. */
export class TextTracepoint implements TracepointRecord {
  readonly kind = "tracepoint";
  readonly #lines: Coded;
  readonly #start: number;
  readonly #end: number;

  /** The body is the text from `start` to `end`. A thread group of 0 is not known. */
  constructor(
    readonly line: number,
    readonly task: string,
    readonly pid: number,
    tgid: number,
    readonly cpu: number,
    readonly time: number,
    readonly name: string,
    lines: Coded,
    start: number,
    end: number,
  ) {
    if (tgid !== 0) this.tgid = tgid;
    this.#lines = lines;
    this.#start = start;
    this.#end = end;
  }

  /** Thread group id, where it is printed. */
  declare readonly tgid?: number;

  /** Text after the colon. */
  get body(): string {
    return this.#lines.text.slice(this.#start, this.#end);
  }

  /** Has the body read. */
  give(reader: TextReader): void {
    if (this.#lines.codes.length > 0) return reader.begin(this.#lines, this.#start, this.#end);
    // The batch is over: its bytes are those of another.
    const { body } = this;
    reader.begin(coded(body), 0, body.length);
  }
}
