/**
 * One CPU's events, from the pages of its ring buffer (kernel/trace/ring_buffer.c,
 * include/linux/ring_buffer.h).
 *
 * A page has the time of its first event, the bytes that are used, and events. An event's first word
 * is its length in words (5 bits) and the nanoseconds since the event before it (27 bits); four
 * lengths are special.
 *
 * @module
 */
import type { Broken, PageBlock } from "./cpu_pages.ts";

/** Special values of the five bits. */
const LONG = 0, PADDING = 29, TIME_EXTEND = 30, TIME_STAMP = 31;
const deltaBits = 0x800_0000;
/** Bits of `commit`: events were lost before this page; how many stands after its data. */
const MISSED = 0x8000_0000, MISSED_COUNT = 0x4000_0000, LENGTH = 0x07ff_ffff;
/** An absolute time stamp has 59 bits; what is above comes from the page's. */
const stampRange = 2 ** 59;

/** Events that are missing before the present one; undefined numbers are not known. */
interface Missing {
  readonly count: number | undefined;
}

/** The events of one CPU. After `advance` the fields are those of the next. */
export class CpuEvents {
  /** Nanoseconds, or counts of the clock; infinite after the last event. */
  time = 0;
  /** The page that the event is in; stays as it is when the next page is read. */
  view: DataView = new DataView(new ArrayBuffer(0));
  /** The bytes of that page, one by one. */
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the event's own data begin in it, and how many bytes they are. */
  offset = 0;
  length = 0;
  /** Set for the first event after some were lost. */
  missing: Missing | undefined = undefined;
  /** Set at the end if the data were damaged. */
  broken: Broken | undefined = undefined;

  #block: DataView = new DataView(new ArrayBuffer(0));
  #bytes: Uint8Array = new Uint8Array(0);
  #page = 0;
  #next = 0;
  #end = 0;
  #pageTime = 0;
  /**
   * The last time that stands there whole, and what has passed since. They are added for each event anew:
   * the clock `tai` is beyond 2^53, where steps of less than 128 ns would each be rounded away.
   */
  #from = 0;
  #since = 0;
  #lost: Missing | undefined = undefined;

  /** The pages of CPU `cpu`. */
  constructor(
    readonly cpu: number,
    private readonly pages: Iterator<PageBlock, void>,
    private readonly pageSize: number,
    private readonly longSize: number,
    private readonly littleEndian: boolean,
  ) {
    this.#page = -pageSize;
  }

  /** Goes to the next event; false after the last. */
  advance(): boolean {
    const little = this.littleEndian;
    for (;;) {
      if (this.#next >= this.#end) {
        if (!this.#turnPage()) {
          this.time = Infinity;
          return false;
        }
        continue;
      }
      const view = this.#block;
      const at = this.#next;
      const word = view.getUint32(at, little);
      const type = little ? word & 31 : word >>> 27;
      const delta = little ? word >>> 5 : word & 0x07ff_ffff;
      if (type === TIME_EXTEND || type === TIME_STAMP) {
        if (at + 8 > this.#end) return this.#damaged(at, "a time stamp that leaves its page");
        const stamp = view.getUint32(at + 4, little) * deltaBits + delta;
        if (type === TIME_EXTEND) this.#since += stamp;
        else {
          this.#from = this.#pageTime - this.#pageTime % stampRange + stamp;
          this.#since = 0;
        }
        this.#next = at + 8;
        continue;
      }
      if (type === PADDING) {
        if (delta === 0 || at + 8 > this.#end) {
          this.#next = this.#end;
          continue;
        }
        const skip = view.getUint32(at + 4, little) + 4;
        this.#since += delta;
        this.#next = at + skip + (4 - skip % 4) % 4;
        continue;
      }
      if (type === LONG) {
        if (at + 8 > this.#end) return this.#damaged(at, "an event that leaves its page");
        const length = view.getUint32(at + 4, little);
        this.offset = at + 8;
        this.length = length - 4;
        this.#next = at + 4 + length + (4 - length % 4) % 4;
      } else {
        this.offset = at + 4;
        this.length = type * 4;
        this.#next = at + 4 + this.length;
      }
      if (this.length < 4 || this.offset + this.length > this.#end) {
        return this.#damaged(at, "an event that leaves its page");
      }
      this.#since += delta;
      this.time = this.#from + this.#since;
      this.view = view;
      this.bytes = this.#bytes;
      this.missing = this.#lost;
      this.#lost = undefined;
      return true;
    }
  }

  #turnPage(): boolean {
    const little = this.littleEndian;
    for (;;) {
      this.#page += this.pageSize;
      if (this.#page + 8 + this.longSize > this.#block.byteLength) {
        const { value: block } = this.pages.next();
        if (block === undefined) return false;
        if (block.kind === "broken") {
          this.broken = block;
          return false;
        }
        const { buffer, byteOffset, byteLength } = this.#bytes = block.bytes;
        this.#block = new DataView(buffer, byteOffset, byteLength);
        this.#page = -this.pageSize;
        continue;
      }
      const view = this.#block;
      const page = this.#page;
      const first = view.getUint32(page, little), second = view.getUint32(page + 4, little);
      const time = little ? second * 2 ** 32 + first : first * 2 ** 32 + second;
      // A big-endian `commit` of eight bytes has the used ones last.
      const commit = view.getUint32(page + 8 + (little ? 0 : this.longSize - 4), little);
      const start = page + 8 + this.longSize;
      const end = start + (commit & LENGTH);
      if (end > page + this.pageSize || end > view.byteLength) {
        return this.#damaged(page, "more data than a page has");
      }
      if ((commit & MISSED) !== 0) this.#lost = { count: this.#countAfter(commit, end) };
      if (end === start) continue;
      this.#pageTime = time;
      this.#from = time;
      this.#since = 0;
      this.#next = start;
      this.#end = end;
      return true;
    }
  }

  #countAfter(commit: number, end: number): number | undefined {
    if ((commit & MISSED_COUNT) === 0 || end + this.longSize > this.#block.byteLength) {
      return undefined;
    }
    return this.#block.getUint32(
      end + (this.littleEndian ? 0 : this.longSize - 4),
      this.littleEndian,
    );
  }

  #damaged(byte: number, why: string): false {
    this.broken = { kind: "broken", byte, why };
    this.time = Infinity;
    return false;
  }
}
