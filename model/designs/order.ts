/**
 * The order in which designs are told: D2 before D10, and each with its variants behind it.
 *
 * @module
 */
import type { Design } from "../design.ts";

/** Sorted by the number in the id; those of one number stay as they stand. */
export function inOrderOfId(designs: readonly Design[]): readonly Design[] {
  return designs.toSorted((left, right) => numberOf(left.id) - numberOf(right.id));
}

function numberOf(id: string): number {
  return Number.parseInt(id.slice(1), 10);
}
