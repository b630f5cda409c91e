/**
 * How often each invariant was judged and kept. A step of one world is judged by several, so they are
 * counted by number: their place in the catalogue.
 *
 * @module
 */
import { invariants } from "../invariants/catalogue.ts";

/** Counts by an invariant's place. */
export type KeptCounts = Float64Array;

const placeById: ReadonlyMap<string, number> = new Map(invariants.map(({ id }, at) => [id, at]));

/** Nothing was judged. */
export function createKeptCounts(): KeptCounts {
  return new Float64Array(invariants.length);
}

/** The invariant's place in the catalogue; -1 if it is not in it. */
export function placeOf(id: string): number {
  return placeById.get(id) ?? -1;
}

/** How often the invariant was kept. */
export function keptCount(counts: KeptCounts, id: string): number {
  return counts[placeOf(id)] ?? 0;
}

/** By place: true of what only tells of mappings that have mapped a hole. */
const needsHoles: readonly boolean[] = invariants.map(({ needs }) => needs.includes("holes"));

/** Counts what was kept in as many worlds, so many of which tell of holes. */
export function addKept(
  counts: KeptCounts,
  held: readonly number[],
  worlds: number,
  holes: number,
): void {
  for (let nth = 0; nth < held.length; nth++) {
    const place = held[nth] ?? 0;
    counts[place] = (counts[place] ?? 0) + (needsHoles[place] ? holes : worlds);
  }
}
