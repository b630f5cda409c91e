/**
 * Every judge with one thing wrong that these sequences could tell from the model.
 *
 * @module
 */
import type { Event, EventKind } from "../../../model/event.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { copyState, type Field, type State } from "../../../model/state.ts";
import { viewsOf } from "../../format/event_vector.ts";
import { model } from "../../format/judge_events.ts";
import { alphabetOf } from "./alphabet.ts";
import { effectMutants, type Effects } from "./effect_mutants.ts";
import { invariantMutants, readsOf } from "./invariant_mutants.ts";
import type { JudgeMutant } from "./judge_mutant.ts";
import type { Recording } from "./kills.ts";
import { watchEvent } from "./watch.ts";

/**
 * The mutants of effects and invariants. What events say and change, and what invariants read, is
 * taken from the recordings.
 */
export function everyJudgeMutant(recordings: readonly Recording[]): readonly JudgeMutant[] {
  const alphabet = alphabetOf(recordings.map(({ sequence }) => sequence));
  const steps = recordings.flatMap(stepsOf);
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

function stepsOf({ sequence, states }: Recording): readonly Step[] {
  return sequence.events.flatMap((event, at): readonly Step[] => {
    const [before, after] = [states[at], states[at + 1]];
    return before === undefined || after === undefined ? [] : [[before, event, after]];
  });
}

function effectsOf(byKind: ReadonlyMap<EventKind, readonly Step[]>): Effects {
  const changes = new Map<EventKind, ReadonlySet<Field>>();
  const reads = new Set<string>();
  for (const [kind, steps] of byKind) {
    changes.set(kind, new Set(steps.flatMap(([before, , after]) => changedViews(before, after))));
    for (const [before, event] of steps) model.step(copyState(before), watchEvent(event, reads));
  }
  return { changes, reads };
}

function changedViews(before: State, after: State): readonly Field[] {
  return viewsOf(before).filter((view) =>
    before[view].some((byte, index) => byte !== after[view][index])
  );
}
