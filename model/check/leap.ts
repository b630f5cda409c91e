/**
 * Several steps of a set as one. What a world goes through at one line is mostly the same: something may have
 * happened unseen since it was last observed, removals in flight may have taken effect, and then comes what
 * was observed.
 *
 * @module
 */
import type { CandidateSet, Input, Leap, SetStep } from "./candidate_set.ts";

const oneByOne: Leap = {
  next: undefined,
  last: undefined,
  moves: false,
  onlyKeeps: false,
  surelyDirty: false,
  mayBeDirty: false,
};

/** The steps of a set by these inputs, as one. */
export function leapOf(
  set: CandidateSet,
  inputs: readonly Input[],
  step: (set: CandidateSet, input: Input) => SetStep,
): Leap {
  let next = set;
  let last: SetStep | undefined;
  let moves = false;
  let surelyDirty = true;
  let mayBeDirty = true;
  for (const input of inputs) {
    if (last?.uneventful === false) return oneByOne;
    last = step(next, input);
    if (last.next === undefined) return oneByOne;
    if (last.next === next) continue;
    next = last.next;
    moves = true;
    surelyDirty &&= next.surelyDirty;
    mayBeDirty &&= next.mayBeDirty;
  }
  const onlyKeeps = last !== undefined && !last.reorders && !last.departed && !last.silent;
  return { next, last, moves, onlyKeeps, surelyDirty, mayBeDirty };
}
