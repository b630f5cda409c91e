/**
 * The block allocator, in worlds that have one: which block a page gets, and when it is free again.
 *
 * @module
 */
import { changeMap, forgetWrites, writeBlock } from "../storage.ts";
import { Extent } from "../extent.ts";
import { blockOf } from "../folio.ts";
import type { State } from "../state.ts";

/** True if a block can be allocated for the page, or it has one. */
export function canAllocate(state: State, page: number): boolean {
  return state.owner.length === 0 || blockOf(state, page) >= 0 || state.owner.includes(0);
}

/** Gives the page the lowest free block, unless it has one, and fills it with zeros unless `stale`. */
export function allocateBlock(state: State, page: number, stale = false): void {
  if (state.owner.length === 0) return;
  const block = blockOf(state, page) < 0 ? state.owner.indexOf(0) : blockOf(state, page);
  state.block[page] = block + 1;
  state.owner[block] = page + 1;
  if (!stale) writeBlock(state, block, 0);
  changeMap(state);
}

/** Ghost of a removal, in `state.removed`. */
export const Removed = {
  /** The page's blocks are gone, and nobody has stored to it since. */
  GONE: 1,
  /** The call that removed them has returned. */
  RETURNED: 2,
  /** Some call has taken them away, whatever was stored since. */
  FREED: 4,
} as const;

/** Takes the page's block away. What is on it stays until somebody else writes there. */
export function freeBlock(state: State, page: number): void {
  if (state.owner.length === 0) return;
  state.removed[page] = Removed.GONE | Removed.FREED;
  forgetWrites(state, page);
  changeMap(state);
  if (state.extent[page] === Extent.UNWRITTEN) return;
  const block = blockOf(state, page);
  state.block[page] = 0;
  if (block >= 0) state.owner[block] = 0;
}
