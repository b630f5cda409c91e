/**
 * Which mutants of the judge a sequence tells from the model.
 *
 * @module
 */
import type { EventKind } from "../../../model/event.ts";
import { Judgement } from "../../../model/invariant.ts";
import { createState, type State } from "../../../model/state.ts";
import { type Sequence, startState } from "../../format/event_vector.ts";
import { judgeEvents, model, type Outcome } from "../../format/judge_events.ts";
import type { JudgeMutant } from "./judge_mutant.ts";

/** A sequence with what the model makes of it: each state, and its outcome. */
export interface Recording {
  readonly sequence: Sequence;
  readonly outcome: Outcome;
  readonly kinds: ReadonlySet<EventKind>;
  /** The state before the first event, then the one after each. */
  readonly states: readonly State[];
}

/**
 * Records what the model makes of a sequence.
 *
 * @throws {RangeError} if an event of it cannot happen where it stands
 */
export function record(sequence: Sequence): Recording {
  const outcome = judgeEvents(sequence);
  if (outcome.kind === "impossible") throw new RangeError(`event ${outcome.at} cannot happen`);
  const states = [startState(sequence)];
  const state = startState(sequence);
  for (const event of sequence.events) {
    model.step(state, event);
    states.push(createState(state.bounds, state.bytes.slice()));
  }
  return { sequence, outcome, kinds: new Set(sequence.events.map(({ kind }) => kind)), states };
}

/** True if the mutant, judging this sequence, says anything else than the model. */
export function kills(recording: Recording, mutant: JudgeMutant): boolean {
  if (mutant.kinds.isDisjointFrom(recording.kinds)) return false;
  return mutant.invariant === undefined
    ? saysOtherwise(recording, mutant)
    : firstBreach(recording, mutant, mutant.invariant) !== breachIn(recording, mutant.invariant);
}

function saysOtherwise({ sequence, outcome }: Recording, { judge }: JudgeMutant): boolean {
  try {
    return !sameOutcome(judgeEvents(sequence, judge), outcome);
  } catch (error) {
    // A mutant that runs out of folios has failed as visibly as one can.
    if (error instanceof RangeError) return true;
    throw error;
  }
}

function sameOutcome(one: Outcome, other: Outcome): boolean {
  if (one.kind === "impossible" || other.kind === "impossible") return one.kind === other.kind;
  return one.breaches.length === other.breaches.length &&
    one.breaches.every(({ invariant, at }, index) =>
      other.breaches[index]?.invariant === invariant && other.breaches[index]?.at === at
    );
}

function breachIn({ outcome }: Recording, id: string): number {
  if (outcome.kind === "impossible") return -1;
  return outcome.breaches.find(({ invariant }) => invariant === id)?.at ?? -1;
}

/** Index of the first event at which the mutated invariant breaks, or -1. */
function firstBreach(
  { sequence, states }: Recording,
  { judge: { invariants }, kinds }: JudgeMutant,
  id: string,
): number {
  const invariant = invariants.find((each) => each.id === id);
  if (invariant === undefined || sequence.exempt.includes(id)) return -1;
  return sequence.events.findIndex((event, at) => {
    const [before, after] = [states[at], states[at + 1]];
    return kinds.has(event.kind) && before !== undefined && after !== undefined &&
      invariant.judge(before, event, after) === Judgement.BROKEN;
  });
}
