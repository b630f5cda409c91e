/**
 * A tracepoint of a trace in text. Its fields stay in the text that it was read from until a rule asks
 * for them: of most lines none does.
 *
 * @module
 */
import type { TracepointRecord } from "./record.ts";

/** A tracepoint; `body` is cut out when it is asked for. */
export class TextTracepoint implements TracepointRecord {
  readonly kind = "tracepoint";
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;

  /** The body is `text` from `start` to `end`. A thread group of 0 is not known. */
  constructor(
    readonly line: number,
    readonly task: string,
    readonly pid: number,
    tgid: number,
    readonly cpu: number,
    readonly time: number,
    readonly name: string,
    text: string,
    start: number,
    end: number,
  ) {
    if (tgid !== 0) this.tgid = tgid;
    this.#text = text;
    this.#start = start;
    this.#end = end;
  }

  /** Thread group id, where it is printed. */
  declare readonly tgid?: number;

  /** Text after the colon. */
  get body(): string {
    return this.#text.slice(this.#start, this.#end);
  }
}
