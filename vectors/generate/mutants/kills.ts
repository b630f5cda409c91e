/**
 * Which mutants of the judge a sequence tells from the model.
 *
 * @module
 */
import type { EventKind } from "../../../model/event.ts";
import { Judgement } from "../../../model/invariant.ts";
import { copyState, type State, stateKey } from "../../../model/state.ts";
import { canonicalJson } from "../../format/canonical_json.ts";
import { type Sequence, startState } from "../../format/event_vector.ts";
import {
  judgeEvents,
  judgesByKind,
  model,
  type SequenceOutcome,
} from "../../format/judge_events.ts";
import type { JudgeMutant } from "./judge_mutant.ts";

/** A sequence with what the model makes of it: each state, and its outcome. */
export interface JudgedSequence {
  readonly sequence: Sequence;
  readonly outcome: SequenceOutcome;
  readonly kinds: ReadonlySet<EventKind>;
  /** The state before the first event, then the one after each. */
  readonly states: readonly State[];
  /** States of this world, to be overwritten. */
  readonly scratch: State;
  readonly scratchBefore: State;
}

/** A world, and the states that sequences have come to in it, by their keys. */
interface World {
  readonly states: Map<string, State>;
  readonly scratch: State;
  readonly scratchBefore: State;
}

/**
 * Records what the model makes of sequences. They share worlds and states: of those that the suite
 * comes to more than half are equal to others.
 *
 * @throws {RangeError} if an event of one cannot happen where it stands
 */
export function recordAll(sequences: readonly Sequence[]): readonly JudgedSequence[] {
  const worlds = new Map<string, World>();
  return sequences.map((sequence) => {
    const key = canonicalJson({ ...sequence.bounds });
    const world = worlds.get(key) ?? worldOf(sequence);
    worlds.set(key, world);
    return recordIn(world, sequence);
  });
}

/**
 * Records what the model makes of a sequence.
 *
 * @throws {RangeError} if an event of it cannot happen where it stands
 */
export function record(sequence: Sequence): JudgedSequence {
  return recordIn(worldOf(sequence), sequence);
}

function worldOf(sequence: Sequence): World {
  const scratch = startState(sequence);
  return { states: new Map(), scratch, scratchBefore: copyState(scratch) };
}

function recordIn({ states: known, ...world }: World, sequence: Sequence): JudgedSequence {
  const outcome = judgeEvents(sequence);
  if (outcome.kind === "impossible") throw new RangeError(`event ${outcome.at} cannot happen`);
  const { scratch } = world;
  const reached = (): State => {
    const key = stateKey(scratch);
    const state = known.get(key) ?? copyState(scratch);
    known.set(key, state);
    return state;
  };
  scratch.bytes.set(startState(sequence).bytes);
  const states = [reached()];
  for (const event of sequence.events) {
    model.step(scratch, event);
    states.push(reached());
  }
  const kinds = new Set(sequence.events.map(({ kind }) => kind));
  return { sequence, outcome, kinds, states, ...world };
}

/** True if the mutant, judging this sequence, says anything else than the model. */
export function kills(recording: JudgedSequence, mutant: JudgeMutant): boolean {
  if (mutant.kinds.isDisjointFrom(recording.kinds)) return false;
  return mutant.invariant === undefined
    ? saysOtherwise(recording, mutant)
    : firstBreach(recording, mutant, mutant.invariant) !== breachIn(recording, mutant.invariant);
}

function saysOtherwise(recording: JudgedSequence, mutant: JudgeMutant): boolean {
  try {
    return outcomeDiffers(recording, mutant);
  } catch (error) {
    // A mutant that runs out of folios has failed as visibly as one can.
    if (error instanceof RangeError) return true;
    throw error;
  }
}

/**
 * Judged where the mutant stands in another state than the model; everywhere else all is as recorded.
 * Ends with the first event of which it says anything else.
 */
function outcomeDiffers(recording: JudgedSequence, { judge, kinds }: JudgeMutant): boolean {
  const { sequence: { events, exempt }, outcome, states, scratch, scratchBefore } = recording;
  if (outcome.kind === "impossible") return false;
  const judges = judgesByKind(judge.invariants);
  let isApart = false;
  for (const [at, event] of events.entries()) {
    const [known, after] = [states[at], states[at + 1]];
    if (known === undefined || after === undefined) return false;
    if (!isApart && !kinds.has(event.kind)) continue;
    if (!isApart) scratch.bytes.set(known.bytes);
    if (!judge.enabled(scratch, event)) return true;
    scratchBefore.bytes.set(scratch.bytes);
    judge.step(scratch, event);
    const wasApart = isApart;
    isApart = !isSame(scratch.bytes, after.bytes);
    if (!wasApart && !isApart) continue;
    for (const { id, judge: judgeStep } of judges.get(event.kind) ?? []) {
      const breach = outcome.breaches.find(({ invariant }) => invariant === id);
      // Only the first breach of an invariant is told.
      if (exempt.includes(id) || breach !== undefined && breach.at < at) continue;
      const breaks = judgeStep(scratchBefore, event, scratch) === Judgement.BROKEN;
      if (breaks !== (breach?.at === at)) return true;
    }
  }
  return false;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  for (let index = 0; index < one.length; index++) {
    if (one[index] !== other[index]) return false;
  }
  return true;
}

function breachIn({ outcome }: JudgedSequence, id: string): number {
  if (outcome.kind === "impossible") return -1;
  return outcome.breaches.find(({ invariant }) => invariant === id)?.at ?? -1;
}

/** Index of the first event at which the mutated invariant breaks, or -1. */
function firstBreach(
  { sequence, states }: JudgedSequence,
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
