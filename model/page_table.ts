/**
 * Page table entries of the shared mappings of the file, one byte each.
 *
 * Kinds of access are ordered: a larger number permits more. `HUGE` is set where a PMD maps the page.
 *
 * @module
 */
import type { State } from "./state.ts";

/** What a PTE lets through, in `state.pte`. */
export const Pte = {
  NONE: 0,
  /** The zero page (or the huge zero page), read-only: a hole mapping. */
  ZERO: 1,
  /** The block, read-only. */
  READ: 2,
  /** The block, writable: the CPU stores without a fault. */
  WRITE: 3,
  HUGE: 4,
  /** An anonymous copy of a private mapping, writable: no page of the file any more. */
  ANON: 8,
} as const;

/** What a fault installs. */
export type Access = "zero" | "read" | "write" | "anonymous";

/** The PTE that gives this access. */
export function pteOf(access: Access): number {
  switch (access) {
    case "zero":
      return Pte.ZERO;
    case "read":
      return Pte.READ;
    case "write":
      return Pte.WRITE;
    case "anonymous":
      return Pte.ANON;
    default:
      return access satisfies never;
  }
}

/** Index of a PTE in `state.pte`. */
export function pteIndex(state: State, mapping: number, page: number): number {
  return mapping * state.bounds.pages + page;
}

/** The PTE's access without the size of its mapping. */
export function pteAccess(state: State, mapping: number, page: number): number {
  return (state.pte[mapping * state.bounds.pages + page] ?? 0) & ~Pte.HUGE;
}

/** True if some mapping holds a PTE with exactly this access for a page in [from, to). */
export function anyPte(state: State, access: number, from: number, to: number): boolean {
  const { mappings, pages } = state.bounds;
  for (let mapping = 0; mapping < mappings; mapping++) {
    for (let page = from; page < to; page++) {
      if (((state.pte[mapping * pages + page] ?? 0) & ~Pte.HUGE) === access) return true;
    }
  }
  return false;
}
