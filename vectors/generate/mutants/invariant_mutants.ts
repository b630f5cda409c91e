/**
 * Mutants of an invariant: one that never breaks, one that breaks whenever it is asked, one that does
 * not look at a kind of event, at a view of the state or at a field of the event, one that looks at
 * the wrong side of the step.
 *
 * @module
 */
import type { Event, EventKind } from "../../../model/event.ts";
import { type Invariant, type Judge, Judgement } from "../../../model/invariant.ts";
import { type Bounds, createState, type Field, type State } from "../../../model/state.ts";
import { model } from "../../format/judge_events.ts";
import { type Alphabet, withNext } from "./alphabet.ts";
import type { Effects } from "./effect_mutants.ts";
import type { JudgeMutant } from "./judge_mutant.ts";
import { watchEvent, watchState } from "./watch.ts";

/** What an invariant's judge has been seen to read. */
interface Reads {
  /** Views of the state before the event, and of the one after it. */
  readonly before: ReadonlySet<Field>;
  readonly after: ReadonlySet<Field>;
  /** Fields of events, as `kind.name`. */
  readonly fields: ReadonlySet<string>;
}

/** An invariant's judge with one thing wrong. */
interface Mistake {
  readonly what: string;
  readonly changes: string;
  readonly judge: Judge;
}

/** Every mutant of an invariant that judges events. */
export function invariantMutants(
  invariant: Invariant,
  reads: Reads,
  alphabet: Alphabet,
  effects: Effects,
): readonly JudgeMutant[] {
  const kinds = invariant.on.filter((kind) => alphabet.has(kind));
  if (kinds.length === 0) return [];
  return [
    ...wrongAnswers(invariant),
    ...(kinds.length === 1 ? [] : kinds.map((kind) => blindToKind(invariant, kind))),
    ...wrongSides(invariant, reads, effects),
    ...[...reads.before.union(reads.after)].map((view) => blindToView(invariant, view)),
    ...kinds.flatMap((kind) => mistakenFields(invariant, kind, reads, alphabet)),
  ].map((mistake) => mutantOf(invariant, mistake));
}

function wrongAnswers({ judge }: Invariant): readonly Mistake[] {
  return [
    {
      what: "never",
      changes: "never breaks",
      judge: (...step) => judge(...step) === Judgement.IDLE ? Judgement.IDLE : Judgement.KEPT,
    },
    {
      what: "always",
      changes: "breaks whenever it could",
      judge: (...step) => judge(...step) === Judgement.IDLE ? Judgement.IDLE : Judgement.BROKEN,
    },
  ];
}

function blindToKind({ judge }: Invariant, kind: EventKind): Mistake {
  return {
    what: `no ${kind}`,
    changes: `does not look at ${kind}`,
    judge: (before, event, after) =>
      event.kind === kind ? Judgement.IDLE : judge(before, event, after),
  };
}

/** To look at the wrong side means something only where an event changes what is looked at. */
function wrongSides(
  { on, judge }: Invariant,
  reads: Reads,
  { changes }: Effects,
): readonly Mistake[] {
  const changed = on.reduce(
    (views, kind) => views.union(changes.get(kind) ?? new Set()),
    new Set<Field>(),
  );
  const before: Mistake = {
    what: "before",
    changes: "looks at the state before the event only",
    judge: (before, event) => judge(before, event, before),
  };
  const after: Mistake = {
    what: "after",
    changes: "looks at the state after the event only",
    judge: (_, event, after) => judge(after, event, after),
  };
  return [
    ...(reads.after.isDisjointFrom(changed) ? [] : [before]),
    ...(reads.before.isDisjointFrom(changed) ? [] : [after]),
  ];
}

function blindToView({ judge }: Invariant, view: Field): Mistake {
  const [blindBefore, blindAfter] = [blindTo(view, copiesBefore), blindTo(view, copiesAfter)];
  return {
    what: `no ${view}`,
    changes: `takes ${view} for zero`,
    judge: (before, event, after) => judge(blindBefore(before), event, blindAfter(after)),
  };
}

function mistakenFields(
  { judge }: Invariant,
  kind: EventKind,
  { fields }: Reads,
  alphabet: Alphabet,
): readonly Mistake[] {
  return [...alphabet.get(kind) ?? []]
    .filter(([name]) => fields.has(`${kind}.${name}`))
    .map(([name, values]) => ({
      what: `${kind}.${name}`,
      changes: `takes the ${name} of ${kind} for another`,
      judge: (before, event, after) => {
        const seen = event.kind === kind ? withNext(event, name, values, after.bounds) : event;
        return judge(before, seen, after);
      },
    }));
}

function mutantOf(invariant: Invariant, { what, changes, judge }: Mistake): JudgeMutant {
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

/** A state of each world, to be overwritten by every mutant: one before the event, one after it. */
const copiesBefore = new WeakMap<Bounds, State>();
const copiesAfter = new WeakMap<Bounds, State>();

/** Copies states with a view blanked. The copy is good until the next call. */
function blindTo(view: Field, copies: WeakMap<Bounds, State>): (state: State) => State {
  return ({ bounds, bytes }) => {
    const copy = copies.get(bounds) ?? createState(bounds);
    copies.set(bounds, copy);
    copy.bytes.set(bytes);
    copy[view].fill(0);
    return copy;
  };
}

/** Runs an invariant's judge and notes what it reads. */
export function readsOf(
  { judge }: Invariant,
  steps: Iterable<readonly [before: State, event: Event, after: State]>,
): Reads {
  const reads = { before: new Set<Field>(), after: new Set<Field>(), fields: new Set<string>() };
  for (const [before, event, after] of steps) {
    judge(
      watchState(before, reads.before),
      watchEvent(event, reads.fields),
      watchState(after, reads.after),
    );
  }
  return reads;
}
