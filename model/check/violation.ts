/**
 * What was broken, where, and by what it is known.
 *
 * @module
 */
import type { Where } from "./observation.ts";

/** An occasion on which some candidates broke an invariant. */
export interface Occasion {
  readonly where: Where;
  /** Line of the write fault before it: no event that it rests on is older. */
  readonly from: number;
  /** No write fault that was recorded reached the page before it. */
  readonly unmarked: boolean;
}

/** A violation, and the lines that it rests on. */
export interface Violation {
  /** Id of the invariant. */
  readonly id: string;
  /** Where the invariant broke. */
  readonly at: Where;
  /** Where it became certain: the same place, or the observation that refuted the alternatives. */
  readonly proof: Where;
  /** What led to it, and a little of what followed. */
  readonly because: Where[];
  /** How many more observations of the world may still be added to `because`. */
  aftermath: number;
}
