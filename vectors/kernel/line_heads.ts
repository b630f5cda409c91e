/**
 * How lines of tasks begin: the name, the thread id and its group, which are the same on all lines of a task. They
 * are read once, and then recognised where they stand.
 *
 * A trace may have a hundred thousand tasks, of a few lines each. So a table of a fixed size keeps those
 * that came last, as numbers: to keep another costs little, and nothing that must be collected.
 *
 * @module
 */
import type { Coded } from "./lines.ts";
import { copyOf, slotAt, slotCount } from "./part_of_text.ts";

/** Characters that the kernel right-aligns a task's name in. */
export const TASK_WIDTH = 16;
const SPACE = 0x20;
/** Words of four characters that are kept of a head: one that is longer is read anew each time. */
const kept = 10;

/** Heads that were met last, each in its slot. */
export interface Heads {
  /** The characters of each, four a word; the word behind the last whole one has the last four. */
  readonly words: Int32Array;
  /** How many characters each has; 0 in an empty slot. */
  readonly lengths: Uint8Array;
  readonly pids: Float64Array;
  readonly tgids: Float64Array;
  readonly tasks: string[];
}

/** None yet. */
export function createHeads(): Heads {
  return {
    words: new Int32Array(slotCount * kept),
    lengths: new Uint8Array(slotCount),
    pids: new Float64Array(slotCount),
    tgids: new Float64Array(slotCount),
    tasks: new Array(slotCount).fill(""),
  };
}

/** The slot of the line that begins at `start`, with eight characters or more behind the name. */
export function headSlot(lines: Coded, start: number): number {
  return slotAt(lines, start + TASK_WIDTH);
}

/** Characters of the head that is kept in the slot, if the line from `start` to `end` begins so; else 0. */
export function headLength(
  { words, lengths }: Heads,
  slot: number,
  { view }: Coded,
  start: number,
  end: number,
): number {
  const length = lengths[slot] ?? 0;
  const last = start + length - 4;
  if (length === 0 || last + 4 > end) return 0;
  let index = slot * kept;
  for (let at = start; at < last; at += 4) {
    if (view.getInt32(at, true) !== words[index++]) return 0;
  }
  return view.getInt32(last, true) === words[index] ? length : 0;
}

/** Keeps the head from `start` to `end`, of a task with these ids, and returns the name in it. */
export function keepHead(
  { words, lengths, pids, tgids, tasks }: Heads,
  slot: number,
  lines: Coded,
  start: number,
  end: number,
  { pid, tgid }: { readonly pid: number; readonly tgid: number },
): string {
  const length = end - start;
  if (length > 4 * kept) return nameAt(lines, start, start + TASK_WIDTH);
  const { view } = lines;
  let index = slot * kept;
  let isSame = lengths[slot] !== 0;
  let bits = 0;
  for (let at = start; at < end - 4; at += 4) {
    const word = view.getInt32(at, true);
    if (at < start + TASK_WIDTH && words[index] !== word) isSame = false;
    words[index++] = word;
    bits |= word;
  }
  const word = view.getInt32(end - 4, true);
  words[index] = word;
  // What is not ASCII is any byte from 0x80: two names may look alike.
  const isAscii = ((bits | word) & 0x80808080) === 0;
  const task = isSame && isAscii ? tasks[slot] ?? "" : nameAt(lines, start, start + TASK_WIDTH);
  lengths[slot] = isAscii ? length : 0;
  pids[slot] = pid;
  tgids[slot] = tgid;
  tasks[slot] = task;
  return task;
}

/** The name of a task, which may begin with anything but the spaces that pad it. */
export function nameAt(lines: Coded, start: number, dash: number): string {
  let at = start;
  while (at < dash && lines.codes[at] === SPACE) at++;
  return copyOf(lines, at, dash);
}
