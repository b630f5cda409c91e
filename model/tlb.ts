/**
 * Translations that CPUs keep, in worlds that have them: one CPU runs each mapping's process.
 *
 * A CPU may use what it keeps until it is told to forget it, whatever the page table says by then.
 *
 * @module
 */
import { anyPte, Pte, pteAccess, pteIndex } from "./page_table.ts";
import type { State } from "./state.ts";

/** The CPU takes a PTE into its TLB. */
export function translate(state: State, index: number, pte: number): void {
  if (index < state.tlb.length) state.tlb[index] = pte;
}

/** The CPU forgets a translation. */
export function dropTranslation(state: State, index: number): void {
  if (index < state.tlb.length) state.tlb[index] = Pte.NONE;
}

/** True if the mapping's CPU can store to the page without a fault. */
export function mayStore(state: State, mapping: number, page: number): boolean {
  const access = pteAccess(state, mapping, page);
  return access === Pte.WRITE || access === Pte.ANON ||
    keeps(state, pteIndex(state, mapping, page), Pte.WRITE);
}

/** True if some process can still store to a page in [from, to) without a fault. */
export function anyWritable(state: State, from: number, to: number): boolean {
  if (anyPte(state, Pte.WRITE, from, to)) return true;
  for (let index = 0; index < state.tlb.length; index++) {
    const page = index % state.bounds.pages;
    if (page >= from && page < to && keeps(state, index, Pte.WRITE)) return true;
  }
  return false;
}

function keeps(state: State, index: number, access: number): boolean {
  return index < state.tlb.length && ((state.tlb[index] ?? Pte.NONE) & ~Pte.HUGE) === access;
}
