/**
 * Judges sequences of events: by the model, or by anything else that is made of the same parts, such
 * as a mutant.
 *
 * @module
 */
import type { Event, EventKind } from "../../model/event.ts";
import { type Invariant, Judgement } from "../../model/invariant.ts";
import { invariants } from "../../model/invariants/catalogue.ts";
import { copyState, type State } from "../../model/state.ts";
import { enabled, step } from "../../model/step.ts";
import { existsIn } from "../../model/events/limits.ts";
import { type Breach, type EventVerdict, type Sequence, startState } from "./event_vector.ts";

/** What judging events takes. */
export interface EventJudge {
  readonly enabled: (state: State, event: Event) => boolean;
  readonly step: (state: State, event: Event) => void;
  readonly invariants: readonly Invariant[];
}

/** The model as the judge. */
export const model: EventJudge = { enabled, step, invariants };

/** What comes of a sequence. */
export type SequenceOutcome =
  /** An event cannot happen where it stands. */
  | { readonly kind: "impossible"; readonly at: number }
  | {
    readonly kind: "judged";
    /** The first breach of each invariant, in the order of events and then of the catalogue. */
    readonly breaches: readonly Breach[];
    /** Ids that some event could have broken and did not. */
    readonly kept: ReadonlySet<string>;
  };

/** Runs a sequence to its end, through breaches. */
export function judgeEvents(sequence: Sequence, judge: EventJudge = model): SequenceOutcome {
  const state = startState(sequence);
  const before = copyState(state);
  const broken = new Map<string, number>();
  const kept = new Set<string>();
  const judges = judgesByKind(judge.invariants);
  for (const [at, event] of sequence.events.entries()) {
    if (!existsIn(sequence.bounds, event) || !judge.enabled(state, event)) {
      return { kind: "impossible", at };
    }
    before.bytes.set(state.bytes);
    judge.step(state, event);
    for (const { id, judge: judgeStep } of judges.get(event.kind) ?? []) {
      if (sequence.exempt.includes(id)) continue;
      const judgement = judgeStep(before, event, state);
      if (judgement === Judgement.KEPT) kept.add(id);
      if (judgement === Judgement.BROKEN && !broken.has(id)) broken.set(id, at);
    }
  }
  const breaches = [...broken].map(([invariant, at]) => ({ invariant, at }));
  return { kind: "judged", breaches, kept };
}

const byKind = new WeakMap<readonly Invariant[], ReadonlyMap<EventKind, readonly Invariant[]>>();

/** Which invariants ask for each kind of event, in the order of the catalogue. */
export function judgesByKind(
  invariants: readonly Invariant[],
): ReadonlyMap<EventKind, readonly Invariant[]> {
  const known = byKind.get(invariants);
  if (known !== undefined) return known;
  const kinds = new Set(invariants.flatMap(({ on }) => on));
  const judges = new Map(
    [...kinds].map((kind) => [kind, invariants.filter(({ on }) => on.includes(kind))] as const),
  );
  byKind.set(invariants, judges);
  return judges;
}

/** What an outcome is as a verdict, or why it is none. */
type Ruling =
  | EventVerdict
  | { readonly kind: "impossible"; readonly at: number }
  /** More than one bug: these break and none of them implies all others. */
  | { readonly kind: "several"; readonly breaches: readonly Breach[] };

/** The verdict that an outcome gives a vector. */
export function ruling(outcome: SequenceOutcome): Ruling {
  if (outcome.kind === "impossible") return outcome;
  const { breaches } = outcome;
  const [first] = breaches;
  if (first === undefined) return { kind: "accepted" };
  const root = breaches.find(({ invariant, at }) =>
    at === first.at && isOneBug(invariant, breaches)
  );
  if (root === undefined) return { kind: "several", breaches };
  return { kind: "rejected", ...root, implied: breaches.filter((each) => each !== root) };
}

function isOneBug(root: string, breaches: readonly Breach[]): boolean {
  const implied = impliedBy(root);
  return breaches.every(({ invariant }) => invariant === root || implied.has(invariant));
}

/** Ids that a breach of this invariant implies, and what those imply. */
export function impliedBy(id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [id];
  for (const each of open) {
    for (const next of invariants.find((one) => one.id === each)?.implies ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
