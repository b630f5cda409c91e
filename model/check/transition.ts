/**
 * Successors of small-world states, judged and remembered: an automaton that is built as a recording
 * needs it, the way regular expression engines build theirs. In the steady state an observation costs
 * one look-up a candidate.
 *
 * @module
 */
import type { Unseen } from "./candidate_set.ts";
import { explain } from "./explain.ts";
import type { Projection, SeenProjection } from "./projection.ts";
import type { EventKind } from "../event.ts";
import { type Invariant, Judgement } from "../invariant.ts";
import { invariants } from "../invariants/catalogue.ts";
import { smallWorld } from "./small_world.ts";
import { become, becomeKeyed, createState, type State, stateKey } from "../state.ts";
import { enabled, step } from "../step.ts";

/** What a world watches: the page's entry, or a mapping's PTE of the page. */
export type WatchedPart = "entry" | "mapping";

/** One way on from a state. */
export interface Transition {
  readonly to: string;
  readonly broken: readonly string[];
  readonly kept: readonly string[];
  readonly departures: number;
  readonly gone: boolean;
  readonly assumed: boolean;
  readonly undone: boolean;
  readonly unseen: Unseen;
}

/** Finds, and remembers, the ways on from a state under a projected observation. */
export type Successors = (
  watch: WatchedPart,
  key: string,
  seen: SeenProjection,
) => readonly Transition[];

/**
 * A fresh automaton. It may be shared by all worlds and all recordings; it holds no facts of any.
 */
export function createSuccessors(): Successors {
  type Memo = Map<string, readonly Transition[]>[];
  const memo: Readonly<Record<WatchedPart, Memo>> = { entry: [], mapping: [] };
  return (watch, key, { number, projection }) => {
    const byKey = memo[watch][number] ??= new Map();
    let found = byKey.get(key);
    if (found === undefined) {
      becomeKeyed(asked, key);
      byKey.set(key, found = successors(watch, asked, projection));
    }
    return found;
  };
}

/** By what is watched and the kind of an event: the invariants that it can break. */
const concerned: Readonly<Record<WatchedPart, ReadonlyMap<EventKind, readonly Invariant[]>>> = {
  entry: byEvent("entry"),
  mapping: byEvent("mapping"),
};

function byEvent(watch: WatchedPart): ReadonlyMap<EventKind, readonly Invariant[]> {
  const found = new Map<EventKind, Invariant[]>();
  for (const each of invariants) {
    if (each.about !== watch) continue;
    for (const kind of each.on) found.set(kind, [...found.get(kind) ?? [], each]);
  }
  return found;
}

/** Filled over and over: most of what a step costs would be to make its states. */
const asked = createState(smallWorld);
const before = createState(smallWorld);
const state = createState(smallWorld);

function successors(
  watch: WatchedPart,
  from: State,
  projection: Projection,
): readonly Transition[] {
  const found: Transition[] = [];
  for (
    const { events, departures, gone, silent, assumed, undone, farfetched } of explain(
      from,
      projection,
    )
  ) {
    become(state, from);
    const broken = new Set<string>();
    const kept = new Set<string>();
    let possible = true;
    for (const event of events) {
      if (!enabled(state, event)) {
        possible = false;
        break;
      }
      become(before, state);
      step(state, event);
      for (const { id, judge } of concerned[watch].get(event.kind) ?? []) {
        const judgement = judge(before, event, state);
        if (judgement === Judgement.BROKEN) broken.add(id);
        if (judgement === Judgement.KEPT) kept.add(id);
      }
    }
    if (!possible) continue;
    found.push({
      to: stateKey(state),
      broken: [...broken],
      kept: [...kept].filter((id) => !broken.has(id)),
      departures,
      gone: gone ?? false,
      assumed: assumed ?? false,
      undone: undone ?? false,
      unseen: farfetched ? 2 : silent ? 1 : 0,
    });
  }
  return found;
}
