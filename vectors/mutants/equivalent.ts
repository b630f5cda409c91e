/**
 * Mutants that no vector can tell from the model, each with the reason.
 *
 * @module
 */

/** Mutants by their ids, and why nobody can tell. */
export interface Equivalents {
  readonly ids: RegExp;
  readonly why: string;
}

const equivalents: readonly Equivalents[] = [];

/** Why the mutant cannot be told from the model, or undefined if it should be. */
export function equivalence(id: string): string | undefined {
  return equivalents.find(({ ids }) => ids.test(id))?.why;
}
