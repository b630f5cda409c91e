/**
 * Every judge with one thing wrong that these sequences could tell from the model.
 *
 * @module
 */
import type { Event, EventKind } from "../../../model/event.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { createState, type Field, type State } from "../../../model/state.ts";
import { viewsOf } from "../../format/event_vector.ts";
import { model } from "../../format/judge_events.ts";
import { alphabetOf } from "./alphabet.ts";
import { effectMutants, type Effects } from "./effect_mutants.ts";
import { invariantMutants, readsOf } from "./invariant_mutants.ts";
import type { JudgeMutant } from "./judge_mutant.ts";
import type { JudgedSequence } from "./kills.ts";
import { watchEvent } from "./watch.ts";

/**
 * The mutants of effects and invariants. What events say and change, and what invariants read, is
 * taken from the recordings.
 */
export function everyJudgeMutant(recordings: readonly JudgedSequence[]): readonly JudgeMutant[] {
  const alphabet = alphabetOf(recordings.map(({ sequence }) => sequence));
  const steps = differentSteps(recordings);
  const byKind = Map.groupBy(steps, ([, { kind }]) => kind);
  const effects = effectsOf(byKind);
  return [
    ...effectMutants(alphabet, effects),
    ...invariants.flatMap((invariant) => {
      const asked = invariant.on.flatMap((kind) => byKind.get(kind) ?? []);
      return invariantMutants(invariant, readsOf(invariant, asked), alphabet, effects);
    }),
  ];
}

type Step = readonly [before: State, event: Event, after: State];

/** The steps of all, each once: nearly half of them are equal to others. */
function differentSteps(recordings: readonly JudgedSequence[]): readonly Step[] {
  const told = new Map<State, Set<string>>();
  return recordings.flatMap(stepsOf).filter(([before, event]) => {
    const events = told.get(before) ?? new Set();
    told.set(before, events);
    const text = JSON.stringify(event);
    const isNew = !events.has(text);
    events.add(text);
    return isNew;
  });
}

function stepsOf({ sequence, states }: JudgedSequence): readonly Step[] {
  return sequence.events.flatMap((event, at): readonly Step[] => {
    const [before, after] = [states[at], states[at + 1]];
    return before === undefined || after === undefined ? [] : [[before, event, after]];
  });
}

function effectsOf(byKind: ReadonlyMap<EventKind, readonly Step[]>): Effects {
  const changes = new Map<EventKind, ReadonlySet<Field>>();
  const reads = new Set<string>();
  const scratch = new Map<State["bounds"], State>();
  for (const [kind, steps] of byKind) {
    changes.set(kind, changedViews(steps));
    for (const [before, event] of steps) {
      const state = scratch.get(before.bounds) ?? createState(before.bounds);
      scratch.set(before.bounds, state);
      state.bytes.set(before.bytes);
      model.step(state, watchEvent(event, reads));
    }
  }
  return { changes, reads };
}

/** Views that some of these steps change. */
function changedViews(steps: readonly Step[]): ReadonlySet<Field> {
  const changed = new Set<Field>();
  for (const [before, , after] of steps) {
    if (!differs(before.bytes, after.bytes)) continue;
    for (const view of viewsOf(before)) {
      if (!changed.has(view) && differs(before[view], after[view])) changed.add(view);
    }
  }
  return changed;
}

function differs(one: Uint8Array, other: Uint8Array): boolean {
  return one.some((byte, index) => byte !== other[index]);
}
