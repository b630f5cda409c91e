/**
 * Folios of the page cache: slots that point at them, their flags, what they hold, and who has them.
 *
 * A page's content is told by which writes are in it: each write of a design has a bit of its own, and
 * a page of all zeros is 0. So "the data is lost" is a bit that is missing, and a page that mixes two
 * writers' bytes holds the bits of both.
 *
 * @module
 */
import type { State } from "./state.ts";

/** Flags of a folio (`PG_*`). */
export const Folio = { UPTODATE: 1, DIRTY: 2, WRITEBACK: 4 } as const;

/** Number of the folio in the page's slot, or -1. */
export function folioAt(state: State, page: number): number {
  return (state.slot[page] ?? 0) - 1;
}

/** Number of the folio that the task has found or added, or -1. */
export function folioInHand(state: State, task: number): number {
  return (state.hand[task] ?? 0) - 1;
}

/** True if the slot's folio has all these flags. */
export function isCached(state: State, page: number, flags: number): boolean {
  const folio = folioAt(state, page);
  return folio >= 0 && ((state.folio[folio] ?? 0) & flags) === flags;
}

/** True if what the task has in its hand is still the page's folio (`folio->mapping` is not NULL). */
export function stillCached(state: State, task: number, page: number): boolean {
  return state.hand[task] !== 0 && state.hand[task] === state.slot[page];
}

/** Task that holds the lock of the slot's folio, or -1. */
export function folioLockedBy(state: State, page: number): number {
  return (state.locked[folioAt(state, page)] ?? 0) - 1;
}

/** Number of the block that the block map has for the page, or -1. */
export function blockOf(state: State, page: number): number {
  return (state.block[page] ?? 0) - 1;
}

/** What a task remembers of `->iomap_begin`: the extent, and the block's number + 1. */
export function rememberExtent(extent: number, block: number): number {
  return extent | (block << 2);
}

/** The extent of what a task remembers. */
export function rememberedExtent(iomap: number): number {
  return iomap & 3;
}

/** The block of what a task remembers, or -1. */
export function rememberedBlock(iomap: number): number {
  return (iomap >> 2) - 1;
}

/** Which file a page is of: the files stand one behind the other, equally long. */
export function fileOf(state: State, page: number): number {
  return Math.floor(page * (state.bounds.files ?? 1) / state.bounds.pages);
}

/** True if the page lies behind the end of its file. */
export function isBeyondEnd(state: State, page: number): boolean {
  const file = fileOf(state, page);
  const first = file * state.bounds.pages / (state.bounds.files ?? 1);
  return page - first >= (state.size[file] ?? 0);
}
