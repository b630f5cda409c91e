/**
 * Mutants of an invariant: one that never breaks, one that breaks whenever it is asked, one that does
 * not look at a kind of event, at a view of the state or at a field of the event, one that looks at
 * the wrong side of the step.
 *
 * @module
 */
import type { Event, EventKind } from "../../model/event.ts";
import { type Invariant, type Judge, Judgement } from "../../model/invariant.ts";
import { createState, type Field, type State } from "../../model/state.ts";
import { model } from "../judge_events.ts";
import { type Alphabet, withNext } from "./alphabet.ts";
import type { JudgeMutant } from "./judge_mutant.ts";

/** What an invariant's judge has been seen to read. */
export interface Reads {
  readonly views: ReadonlySet<Field>;
  /** Fields of events, as `kind.name`. */
  readonly fields: ReadonlySet<string>;
}

/** Every mutant of an invariant that judges events. */
export function invariantMutants(
  invariant: Invariant,
  reads: Reads,
  alphabet: Alphabet,
): readonly JudgeMutant[] {
  const kinds = invariant.on.filter((kind) => alphabet.has(kind));
  if (kinds.length === 0) return [];
  const { judge } = invariant;
  const mutant = (what: string, changes: string, mutated: Judge): JudgeMutant =>
    mutantOf(invariant, what, changes, mutated);
  return [
    mutant("never", "never breaks", (...step) => unlessBroken(judge(...step))),
    mutant(
      "always",
      "breaks whenever it could break",
      (...step) => judge(...step) === Judgement.IDLE ? Judgement.IDLE : Judgement.BROKEN,
    ),
    ...(kinds.length === 1 ? [] : kinds).map((kind) =>
      mutant(
        `no ${kind}`,
        `does not look at ${kind}`,
        (before, event, after) =>
          event.kind === kind ? Judgement.IDLE : judge(before, event, after),
      )
    ),
    mutant(
      "before",
      "looks at the state before the event only",
      (before, event) => judge(before, event, before),
    ),
    mutant(
      "after",
      "looks at the state after the event only",
      (_, event, after) => judge(after, event, after),
    ),
    ...[...reads.views].map((view) =>
      mutant(
        `no ${view}`,
        `takes ${view} for zero`,
        (before, event, after) => judge(blinded(before, view), event, blinded(after, view)),
      )
    ),
    ...kinds.flatMap((kind) => mistakes(invariant, kind, reads, alphabet)),
  ];
}

function mistakes(
  invariant: Invariant,
  kind: EventKind,
  { fields }: Reads,
  alphabet: Alphabet,
): readonly JudgeMutant[] {
  const values = [...alphabet.get(kind) ?? []]
    .filter(([name, known]) => known.length > 1 && fields.has(`${kind}.${name}`));
  return values.map(([name, known]) =>
    mutantOf(
      invariant,
      `${kind}.${name}`,
      `takes the ${name} of ${kind} for another`,
      (before, event, after) => {
        const seen = event.kind === kind ? withNext(event, name, known, after.bounds) : event;
        return invariant.judge(before, seen, after);
      },
    )
  );
}

function mutantOf(invariant: Invariant, what: string, changes: string, judge: Judge): JudgeMutant {
  const mutated = { ...invariant, judge };
  return {
    id: `invariant/${invariant.id}/${what}`,
    changes: `${invariant.id} ${changes}`,
    judge: {
      ...model,
      invariants: model.invariants.map((each) => each === invariant ? mutated : each),
    },
    invariant: invariant.id,
    kinds: new Set(invariant.on),
  };
}

function unlessBroken(judgement: Judgement): Judgement {
  return judgement === Judgement.BROKEN ? Judgement.KEPT : judgement;
}

function blinded(state: State, view: Field): State {
  const copy = createState(state.bounds, state.bytes.slice());
  copy[view].fill(0);
  return copy;
}

/** Runs an invariant's judge and notes what it reads. */
export function readsOf(
  { judge }: Invariant,
  steps: Iterable<readonly [before: State, event: Event, after: State]>,
): Reads {
  const views = new Set<Field>();
  const fields = new Set<string>();
  const watched = (state: State): State =>
    new Proxy(state, {
      get: (target, name, receiver) => {
        if (isView(target, name)) views.add(name);
        return Reflect.get(target, name, receiver);
      },
    });
  for (const [before, event, after] of steps) {
    const seen = new Proxy(event, {
      get: (target, name, receiver) => {
        if (typeof name === "string" && name !== "kind") fields.add(`${event.kind}.${name}`);
        return Reflect.get(target, name, receiver);
      },
    });
    judge(watched(before), seen, watched(after));
  }
  return { views, fields };
}

function isView(state: State, name: string | symbol): name is Field {
  return typeof name === "string" && name in state && name !== "bounds" && name !== "bytes";
}
