/**
 * Mutants of `step`: a kind of event that leaves a view as it was, takes a field for another, or is
 * held to be impossible.
 *
 * @module
 */
import type { Event, EventKind } from "../../../model/event.ts";
import type { Field, State } from "../../../model/state.ts";
import { model } from "../../format/judge_events.ts";
import { type Alphabet, withNext } from "./alphabet.ts";
import type { JudgeMutant } from "./judge_mutant.ts";

/** What the effects of events have been seen to do. */
export interface Effects {
  /** Views of the state that each kind of event changes. */
  readonly changes: ReadonlyMap<EventKind, ReadonlySet<Field>>;
  /** Fields of events that effects read, as `kind.name`. */
  readonly reads: ReadonlySet<string>;
}

/** Every mutant of the effects that these designs use. */
export function effectMutants(alphabet: Alphabet, effects: Effects): readonly JudgeMutant[] {
  return [...alphabet].flatMap(([kind, fields]) => [
    impossible(kind),
    ...[...effects.changes.get(kind) ?? []].map((view) => without(kind, view)),
    ...[...fields]
      .filter(([name]) => effects.reads.has(`${kind}.${name}`))
      .map(([name, values]) => mistaken(kind, name, values)),
  ]);
}

function impossible(kind: EventKind): JudgeMutant {
  return {
    id: `event/${kind}`,
    changes: `${kind} is held to be impossible`,
    judge: {
      ...model,
      enabled: (state, event) => event.kind !== kind && model.enabled(state, event),
    },
    kinds: new Set([kind]),
  };
}

function without(kind: EventKind, view: Field): JudgeMutant {
  const step = (state: State, event: Event): void => {
    if (event.kind !== kind) return model.step(state, event);
    const before = state[view].slice();
    model.step(state, event);
    state[view].set(before);
  };
  return {
    id: `effect/${kind}/${view}`,
    changes: `${kind} leaves ${view} as it was`,
    judge: { ...model, step },
    kinds: new Set([kind]),
  };
}

function mistaken(kind: EventKind, name: string, values: readonly unknown[]): JudgeMutant {
  const step = (state: State, event: Event): void =>
    model.step(state, event.kind === kind ? withNext(event, name, values, state.bounds) : event);
  return {
    id: `field/${kind}/${name}`,
    changes: `the ${name} of ${kind} is taken for another`,
    judge: { ...model, step },
    kinds: new Set([kind]),
  };
}
