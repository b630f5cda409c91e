/**
 * Some events of a text, in the order of their times: the bytes of their lines, one behind another.
 *
 * @module
 */
import type { LineOfBytes } from "./timed_lines.ts";

/** A block of events. Most are only added; to insert one, or to extend one, moves the bytes behind it. */
export class EventBlock {
  readonly #times: number[] = [];
  /** Where each event begins. */
  readonly #starts: number[] = [];
  #length = 0;
  /** The bytes, as far as they are together; what was added since then. */
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array();
  #added: LineOfBytes[] = [];

  /** How many events it has. */
  get size(): number {
    return this.#times.length;
  }

  /** Time of the first, in nanoseconds. */
  get first(): number {
    return this.#times[0] ?? Infinity;
  }

  /** Adds an event that has these lines and is not earlier than the others; returns its place. */
  add(lines: readonly LineOfBytes[], time: number): number {
    this.#starts.push(this.#length);
    for (const line of lines) this.#append(line);
    return this.#times.push(time) - 1;
  }

  /** Inserts an event behind those that are not later; returns its place. */
  insert(lines: readonly LineOfBytes[], time: number): number {
    const later = this.#times.findIndex((each) => each > time);
    if (later === -1) return this.add(lines, time);
    const start = this.#starts[later] ?? this.#length;
    this.#times.splice(later, 0, time);
    this.#starts.splice(later, 0, start);
    this.#insertBytes(lines, start, later + 1);
    return later;
  }

  /** Adds a line to the event at this place. */
  extend(place: number, line: LineOfBytes): void {
    const end = this.#starts[place + 1];
    if (end === undefined) this.#append(line);
    else this.#insertBytes([line], end, place + 1);
  }

  /** Brings its bytes together. */
  close(): Uint8Array<ArrayBuffer> {
    if (this.#added.length === 0) return this.#bytes;
    const bytes = new Uint8Array(this.#length);
    bytes.set(this.#bytes);
    let at = this.#bytes.length;
    for (const part of this.#added) {
      bytes.set(part.bytes.subarray(part.start, part.end), at);
      at += part.end - part.start;
    }
    this.#added = [];
    return this.#bytes = bytes;
  }

  #append(line: LineOfBytes): void {
    this.#length += line.end - line.start;
    const last = this.#added.at(-1);
    // What stands one behind another is one part.
    if (last?.bytes === line.bytes && last.end === line.start) {
      this.#added[this.#added.length - 1] = { ...last, end: line.end };
    } else this.#added.push(line);
  }

  /** Inserts lines at an offset; events from `place` on begin behind them. */
  #insertBytes(lines: readonly LineOfBytes[], offset: number, place: number): void {
    const whole = this.close();
    const more = lines.reduce((sum, { start, end }) => sum + end - start, 0);
    const bytes = new Uint8Array(whole.length + more);
    bytes.set(whole.subarray(0, offset));
    let at = offset;
    for (const line of lines) {
      bytes.set(line.bytes.subarray(line.start, line.end), at);
      at += line.end - line.start;
    }
    bytes.set(whole.subarray(offset), at);
    for (let each = place; each < this.#starts.length; each++) {
      this.#starts[each] = (this.#starts[each] ?? 0) + more;
    }
    this.#bytes = bytes;
    this.#length = bytes.length;
  }
}
