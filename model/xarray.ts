/**
 * The XArray of a DAX mapping: value entries with a kind and a size, their marks, and their lock.
 *
 * Source: fs/dax.c (`DAX_LOCKED`, `DAX_PMD`, `DAX_ZERO_PAGE`, `DAX_EMPTY`), all versions from 4.20.
 *
 * @module
 */
import type { State } from "./state.ts";

/** Kind of an entry, or'ed with `PMD` where the entry covers a whole PMD range. */
export const Entry = { NONE: 0, EMPTY: 1, ZERO: 2, PFN: 3, PMD: 4 } as const;

/** XArray marks. For a PMD entry they belong to the whole entry. */
export const Tag = { DIRTY: 1, TOWRITE: 2, WRITEBACK: 4 } as const;

/** Name of a mark. */
export type Mark = keyof typeof Tag;

/** Order of an entry or a fault: one page, or a PMD. */
export type Order = "pte" | "pmd";

/** Progress of the writeback pass over one entry (chapter 4). */
export const Pass = {
  /** mkclean has made at least one writable PTE read-only. */
  PROTECTED: 1,
  /** `dax_flush` is done. */
  FLUSHED: 2,
} as const;

/** What a task knows of the extent that it is about to install. */
export const Saw = { HOLE: 1, MAPPED: 2, LOCKED: 4 } as const;

/** What a sync call in flight still has to see done for a page. */
export const Owed = {
  /** The entry was DIRTY when the call began and has not been cleaned since (DAX-WAIT-1). */
  CLEAN: 1,
  /** A store completed before the call began and has not been flushed since (DUR-1). */
  FLUSH: 2,
  /** There was something to do when the call began: keeps the judgement from being vacuous. */
  BEGAN_DIRTY: 4,
} as const;

/** The kind of the entry in a slot, without its size. */
export function entryKind(state: State, page: number): number {
  return (state.entry[page] ?? 0) & ~Entry.PMD;
}

/** True if the slot is covered by a PMD entry. */
export function isPmdEntry(state: State, page: number): boolean {
  return ((state.entry[page] ?? 0) & Entry.PMD) !== 0;
}

/** First page of the PMD range that holds `page`. */
export function pmdStart(state: State, page: number): number {
  return page - page % state.bounds.pmdPages;
}

/** Index at which marks and lock of the entry covering `page` are kept. */
export function headOf(state: State, page: number): number {
  return isPmdEntry(state, page) ? pmdStart(state, page) : page;
}

/** First page that the entry covering `page` covers. */
export const firstPageOf = headOf;

/** One past the last page that the entry covering `page` covers. */
export function endPageOf(state: State, page: number): number {
  return isPmdEntry(state, page) ? pmdStart(state, page) + state.bounds.pmdPages : page + 1;
}

/** Marks of the entry that covers `page`. */
export function tagOf(state: State, page: number): number {
  return state.tag[headOf(state, page)] ?? 0;
}

/** Task + 1 that holds the lock of the entry covering `page`, or 0. */
export function holderOf(state: State, page: number): number {
  return state.holder[headOf(state, page)] ?? 0;
}
