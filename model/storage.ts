/**
 * Memory, device and journal, in worlds that have them (`durable`).
 *
 * A block's content is told three times: what CPUs and reads see, what the device has, and what
 * survives. A store changes the first, writing a cache line back or a write request the second, a
 * fence or a flush the third. The block map is told twice: in core, and as the journal would bring it
 * back. Blocks that nobody has written hold what their last owner left, `FOREIGN`.
 *
 * @module
 */
import type { CacheLine } from "./events/storage.ts";
import { Extent } from "./extent.ts";
import { blockOf, fileOf } from "./folio.ts";
import type { State } from "./state.ts";

/** Bit of what a block's last owner left in it. */
export const FOREIGN = 0x80;

/** Index in `state.journal`. */
export const Journal = { IN_CORE: 0, COMMITTED: 1, PROMISED: 2 } as const;

const lineMasks = [0x55, 0xaa] as const;

/** True where power can fail. */
export function isDurable(state: State): boolean {
  return state.journal.length > 0;
}

/** A write request of the whole block has reached the device. */
export function writeBlock(state: State, block: number, content: number): void {
  if (block < 0) return;
  if (!isDurable(state)) {
    state.media[block] = content;
    return;
  }
  state.visible[block] = content;
  state.pending[block] = content;
}

/** What reads of the block see. */
export function readBlock(state: State, block: number): number {
  return (isDurable(state) ? state.visible[block] : state.media[block]) ?? 0;
}

/** What reads of the page would get from its block: zeros where none is written. */
export function contentOnDisk(state: State, page: number): number {
  return state.extent[page] === Extent.MAPPED ? readBlock(state, blockOf(state, page)) : 0;
}

/** The cache lines that these writes are in. */
export function linesOf(writes: number): readonly CacheLine[] {
  return ([0, 1] as const).filter((line) => (writes & lineMasks[line]) !== 0);
}

/** Copies one cache line of a content into another. */
export function withLine(into: number, from: number, line: CacheLine): number {
  const mask = lineMasks[line];
  return (into & ~mask) | (from & mask);
}

/** Every cache line of the page's block is written back, and not yet fenced (`dax_flush`). */
export function flushBlock(state: State, page: number): void {
  const block = blockOf(state, page);
  if (isDurable(state) && block >= 0) state.pending[block] = state.visible[block] ?? 0;
}

/** Everything that the device has survives from here on. */
export function drainAll(state: State): void {
  state.media.set(state.pending);
}

/** The in-core block map, or a size, has changed: the running transaction holds it. */
export function changeMap(state: State): void {
  if (isDurable(state)) state.journal[Journal.IN_CORE] = (state.journal[Journal.IN_CORE] ?? 0) + 1;
}

/** True if the running transaction holds something (`IOMAP_F_DIRTY`). */
export function isUncommitted(state: State): boolean {
  return state.journal[Journal.IN_CORE] !== state.journal[Journal.COMMITTED];
}

/** A write to the page is complete; `tracked` if a sync call can find it. */
export function noteWrite(state: State, page: number, writes: number, tracked = true): void {
  if (!isDurable(state)) return;
  state.completed[page] = (state.completed[page] ?? 0) | writes;
  if (tracked) state.tracked[page] = (state.tracked[page] ?? 0) | writes;
}

/** What was written to the page is being overwritten or removed: nothing of it need survive. */
export function forgetWrites(state: State, page: number): void {
  if (!isDurable(state)) return;
  const { completed, tracked, synced, covered, dsynced, fenced, promise } = state;
  for (const ghost of [completed, tracked, synced, covered, dsynced, fenced]) ghost[page] = 0;
  for (let task = 0; task < state.bounds.tasks; task++) {
    promise[task * state.bounds.pages + page] = 0;
  }
}

/** What a read of the page finds if power fails now and the journal is replayed. */
export function recovered(state: State, page: number): number {
  const file = fileOf(state, page);
  const first = file * state.bounds.pages / (state.bounds.files ?? 1);
  const block = (state.diskBlock[page] ?? 0) - 1;
  const reachable = state.diskExtent[page] === Extent.MAPPED && block >= 0 &&
    page - first < (state.diskSize[file] ?? 0);
  return reachable ? state.media[block] ?? 0 : 0;
}

/** The journal holds the block map as it is: for the start of a world. */
export function commitMap(state: State): void {
  state.diskExtent.set(state.extent);
  state.diskBlock.set(state.block);
  state.diskSize.set(state.size);
  state.journal[Journal.COMMITTED] = state.journal[Journal.IN_CORE] ?? 0;
}
