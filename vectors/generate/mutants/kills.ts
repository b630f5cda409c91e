/**
 * Which mutants of the judge a sequence tells from the model.
 *
 * @module
 */
import type { Event, EventKind } from "../../../model/event.ts";
import { Judgement } from "../../../model/invariant.ts";
import { createState, type State } from "../../../model/state.ts";
import { type Sequence, startState } from "../../format/event_vector.ts";
import { type EventJudge, judgeEvents, model, type Outcome } from "../../format/judge_events.ts";
import type { JudgeMutant } from "./judge_mutant.ts";

/** A sequence with what the model makes of it: each state, and its outcome. */
export interface Recording {
  readonly sequence: Sequence;
  readonly outcome: Outcome;
  readonly kinds: ReadonlySet<EventKind>;
  /** The state before the first event, then the one after each. */
  readonly states: readonly State[];
  /** A state of this world, to be overwritten. */
  readonly scratch: State;
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
  const kinds = new Set(sequence.events.map(({ kind }) => kind));
  return { sequence, outcome, kinds, states, scratch: state };
}

/** True if the mutant, judging this sequence, says anything else than the model. */
export function kills(recording: Recording, mutant: JudgeMutant): boolean {
  if (mutant.kinds.isDisjointFrom(recording.kinds)) return false;
  return mutant.invariant === undefined
    ? saysOtherwise(recording, mutant)
    : firstBreach(recording, mutant, mutant.invariant) !== breachIn(recording, mutant.invariant);
}

function saysOtherwise(recording: Recording, mutant: JudgeMutant): boolean {
  try {
    return outcomeDiffers(recording, mutant);
  } catch (error) {
    // A mutant that runs out of folios has failed as visibly as one can.
    if (error instanceof RangeError) return true;
    throw error;
  }
}

/** Judged from the first event on that does something else; until then all is as recorded. */
function outcomeDiffers(recording: Recording, { judge, kinds }: JudgeMutant): boolean {
  const { sequence, outcome, states, scratch } = recording;
  const at = sequence.events.findIndex((event, index) =>
    kinds.has(event.kind) && departs(recording, judge, event, index)
  );
  const before = states[at];
  if (before === undefined || outcome.kind === "impossible") return false;
  scratch.bytes.set(before.bytes);
  const judged = judgeEvents(sequence, judge, { at, state: scratch });
  if (judged.kind === "impossible") return true;
  const known = outcome.breaches.filter((each) => each.at < at);
  const found = judged.breaches.filter(({ invariant }) =>
    !known.some((each) => each.invariant === invariant)
  );
  const expected = outcome.breaches.slice(known.length);
  return found.length !== expected.length ||
    found.some(({ invariant, at }, index) =>
      expected[index]?.invariant !== invariant || expected[index]?.at !== at
    );
}

/** True if the event cannot happen for this judge, or comes to another state. */
function departs(
  { states, scratch }: Recording,
  judge: EventJudge,
  event: Event,
  at: number,
): boolean {
  const [before, after] = [states[at], states[at + 1]];
  if (before === undefined || after === undefined) return false;
  if (!judge.enabled(before, event)) return true;
  scratch.bytes.set(before.bytes);
  judge.step(scratch, event);
  return scratch.bytes.some((byte, index) => byte !== after.bytes[index]);
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
