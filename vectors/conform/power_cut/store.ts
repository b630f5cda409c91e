/**
 * What the block layer holds: a device that lies below, layers of pages over it, and the log of what
 * was written since recording began.
 *
 * @module
 */

/** Bytes in a page of a layer: larger than a sector, smaller than most writes. */
export const pageBytes = 4096;

/** A write, as it stands in the log. */
export interface LoggedWrite {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Flushes that had come before it. */
  readonly after: number;
  /** The number of the first flush that makes it durable, from 1; 0 while none has. */
  flush: number;
}

/** A write of which the first so many bytes reached the media. */
export type Survivor = readonly [write: number, bytes: number];

/** Reads the device below: fills the buffer from this byte of it on. */
export type ReadBelow = (offset: number, target: Uint8Array<ArrayBuffer>) => void;

type Layer = Map<number, Uint8Array<ArrayBuffer>>;

/** Pages over a device. The device itself is never written to. */
export class DevicePages {
  readonly #below: ReadBelow;
  /** What every image begins with: files of a scenario, durable. */
  #start: Layer = new Map();
  /** What is written since. */
  #view: Layer = new Map();
  #log: LoggedWrite[] = [];
  #flushes = 0;
  #isRecording = false;
  #cut = { writes: 0, flushes: 0 };

  constructor(below: ReadBelow) {
    this.#below = below;
  }

  /** Every write of the log, in the order in which the device took them. */
  get log(): readonly LoggedWrite[] {
    return this.#log;
  }

  /** Flushes since recording began. */
  get flushes(): number {
    return this.#flushes;
  }

  /** Writes and flushes that had come when power was said to fail. */
  get cut(): { readonly writes: number; readonly flushes: number } {
    return this.#cut;
  }

  /** Reads what the device holds, its volatile cache included. */
  read(offset: number, target: Uint8Array<ArrayBuffer>): void {
    for (let done = 0; done < target.length;) {
      const at = offset + done;
      const from = at % pageBytes;
      const length = Math.min(pageBytes - from, target.length - done);
      const part = target.subarray(done, done + length);
      const number = (at - from) / pageBytes;
      const page = this.#view.get(number) ?? this.#start.get(number);
      if (page === undefined) this.#below(at, part);
      else part.set(page.subarray(from, from + length));
      done += length;
    }
  }

  /** Takes a write; the log gets a copy of it. */
  write(offset: number, bytes: Uint8Array): LoggedWrite | undefined {
    this.#put(offset, bytes);
    if (!this.#isRecording) return undefined;
    const logged = { offset, bytes: bytes.slice(), after: this.#flushes, flush: 0 };
    this.#log.push(logged);
    return logged;
  }

  /** A flush has come: it makes durable what is among these writes. */
  flush(covers: (write: LoggedWrite) => boolean): void {
    this.#flushes++;
    for (const write of this.#log) {
      if (write.flush === 0 && covers(write)) write.flush = this.#flushes;
    }
  }

  /** What is there now is what every image begins with. */
  keep(): void {
    for (const [number, page] of this.#view) this.#start.set(number, page);
    this.#view = new Map();
    this.#forget();
  }

  /** Forgets what was kept: the device below is what every image begins with. */
  reset(): void {
    this.#start = new Map();
    this.#view = new Map();
    this.#forget();
  }

  /** Back to what was kept; what is written from here on is logged. */
  record(): void {
    this.#view = new Map();
    this.#forget();
    this.#isRecording = true;
  }

  /** Power is said to fail here. What follows is logged all the same: it may fail later. */
  markCut(): void {
    this.#cut = { writes: this.#log.length, flushes: this.#flushes };
  }

  /** From here on the device holds an image: what was kept, and these writes of the log. */
  show(survivors: readonly Survivor[]): void {
    this.#isRecording = false;
    this.#view = new Map();
    for (const [number, length] of survivors) {
      const write = this.#log[number];
      if (write !== undefined) this.#put(write.offset, write.bytes.subarray(0, length));
    }
  }

  /** What the device holds and the one below does not: pages by their numbers. */
  pages(): ReadonlyMap<number, Uint8Array<ArrayBuffer>> {
    return new Map([...this.#start, ...this.#view]);
  }

  #forget(): void {
    this.#log = [];
    this.#flushes = 0;
    this.#cut = { writes: 0, flushes: 0 };
    this.#isRecording = false;
  }

  #put(offset: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      const at = offset + done;
      const from = at % pageBytes;
      const length = Math.min(pageBytes - from, bytes.length - done);
      this.#own((at - from) / pageBytes, length === pageBytes)
        .set(bytes.subarray(done, done + length), from);
      done += length;
    }
  }

  /** The page of the upper layer, made from what lies below unless all of it is written anyway. */
  #own(number: number, whole: boolean): Uint8Array<ArrayBuffer> {
    const known = this.#view.get(number);
    if (known !== undefined) return known;
    const page = new Uint8Array(pageBytes);
    if (!whole) this.read(number * pageBytes, page);
    this.#view.set(number, page);
    return page;
  }
}
