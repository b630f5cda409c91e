/**
 * Puts lines of a text that `trace_pipe` gave late where their times are.
 *
 * `trace_pipe` merges the buffers of the CPUs as far as they are filled. An event has its time before it is
 * in its buffer (`ring_buffer_lock_reserve()`, `ring_buffer_unlock_commit()`), and where a virtual machine's
 * CPU is held up in between, the events of others have long been read. Seen of a guest of 6.12.118 on a
 * loaded machine: 2 of 613,238 lines, by 1.3 and 0.5 ms. `trace`, which is read once tracing is over, has all
 * lines in the order of their times; so has the text afterwards.
 *
 * @module
 */
import { EventBlock } from "./event_block.ts";
import { type LineOfBytes, TimedLines } from "./timed_lines.ts";

/** Events among which a late one finds its place. */
const window = 65_536;
/** Events that are kept as one block. */
const blockSize = 512;

const HASH = 0x23;
const decoder = new TextDecoder("latin1");

/**
 * Takes lines, and hands them on in the order of their times; lines of one time as they came. A line that
 * tells no time is a part of the event before it, a stack or what a mail has wrapped, and stays with it; what
 * a CPU has lost lies before its next event, and stays there. An event that comes after more than 65,536
 * which are later stays late.
 */
export class LinesInOrder {
  readonly #hand: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #lines: TimedLines;
  /** Events in the order of their times; new ones go into the last. */
  #blocks = [new EventBlock()];
  #count = 0;
  #latest = -Infinity;
  /** The last event that came. */
  #last: { readonly block: EventBlock; readonly place: number } | undefined;
  /** `CPU:1 [LOST 57 EVENTS]`: it is of this CPU, and of its next event if that comes at once. */
  #lost: { readonly line: LineOfBytes; readonly cpu: number } | undefined;

  constructor(hand: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#hand = hand;
    this.#lines = new TimedLines((line, said) => {
      if (said !== undefined) this.#takeEvent(line, said.time, said.cpu);
      else this.#takeOther(line);
    });
  }

  /** Takes the next bytes. */
  take(chunk: Uint8Array): void {
    this.#lines.take(chunk);
    if (this.#newest().size >= blockSize) this.#begin();
    if (this.#count >= 2 * window) this.#handOn(window);
  }

  /** No more bytes come. */
  end(): void {
    this.#lines.end();
    this.#keepLost();
    this.#handOn(0);
  }

  #newest(): EventBlock {
    return this.#blocks.at(-1) ?? this.#begin();
  }

  #begin(): EventBlock {
    this.#blocks.at(-1)?.close();
    const block = new EventBlock();
    this.#blocks.push(block);
    return block;
  }

  #takeEvent(line: LineOfBytes, time: number, cpu: number): void {
    if (this.#lost !== undefined && this.#lost.cpu !== cpu) this.#keepLost();
    const lines = this.#lost === undefined ? [line] : [this.#lost.line, line];
    this.#lost = undefined;
    if (time < this.#latest) this.#placeLate(lines, time);
    else this.#add(lines, time);
  }

  #add(lines: readonly LineOfBytes[], time: number): void {
    const block = this.#newest();
    this.#last = { block, place: block.add(lines, time) };
    this.#latest = time;
    this.#count++;
  }

  #placeLate(lines: readonly LineOfBytes[], time: number): void {
    if (this.#newest().size > 0) this.#begin();
    const block = this.#blocks.findLast((each) => each.first <= time) ?? this.#blocks[0];
    if (block === undefined) return this.#add(lines, time);
    this.#last = { block, place: block.insert(lines, time) };
    this.#count++;
  }

  #takeOther(line: LineOfBytes): void {
    this.#keepLost();
    const cpu = lossOf(line);
    if (cpu !== undefined) this.#lost = { line, cpu };
    else if (this.#last === undefined || line.bytes[line.start] === HASH) {
      this.#add([line], this.#latest);
    } else this.#last.block.extend(this.#last.place, line);
  }

  #keepLost(): void {
    if (this.#lost !== undefined) this.#add([this.#lost.line], this.#latest);
    this.#lost = undefined;
  }

  /** Hands on the first blocks, as long as so many events are left. */
  #handOn(least: number): void {
    let handed = 0;
    for (const block of this.#blocks) {
      if (this.#count - block.size < least) break;
      handed++;
      this.#count -= block.size;
      if (this.#last?.block === block) this.#last = undefined;
      this.#hand(block.close());
    }
    this.#blocks = this.#blocks.slice(handed);
  }
}

/** The CPU that has lost events, if the line says so. */
function lossOf({ bytes, start, end }: LineOfBytes): number | undefined {
  if (end - start > 64) return undefined;
  const [, cpu] = /^CPU:(\d+) \[LOST /.exec(decoder.decode(bytes.subarray(start, end))) ?? [];
  return cpu === undefined ? undefined : Number(cpu);
}

/** The text with its late lines in their places. It fails where the text does, behind what was read of it. */
export function inOrder(
  text: ReadableStream<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = text.getReader();
  const ready: Uint8Array<ArrayBuffer>[] = [];
  const lines = new LinesInOrder((bytes) => ready.push(bytes));
  let ended = false;
  let failure: { readonly reason: unknown } | undefined;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      while (ready.length === 0 && !ended) {
        const chunk = await reader.read().catch((reason: unknown) => {
          failure = { reason };
          return { done: true, value: undefined } as const;
        });
        if (chunk.done) {
          ended = true;
          lines.end();
        } else lines.take(chunk.value);
      }
      const next = ready.shift();
      if (next !== undefined) controller.enqueue(next);
      else if (failure !== undefined) throw failure.reason;
      else controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
