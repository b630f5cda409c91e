/**
 * Sets of states of a small world that fit what was seen, stepped by the model and remembered: the
 * page cache's twin of `check/automaton.ts`, for any bounds and any invariants.
 *
 * A set is interned, and so is what each event makes of it: in the steady state an observation costs
 * one look-up. As long as one state has broken nothing, nothing is proven.
 *
 * @module
 */
import type { Event } from "../../event.ts";
import { type Invariant, Judgement } from "../../invariant.ts";
import { invariants } from "../../invariants/catalogue.ts";
import { become, type Bounds, createState, type State, stateKey, stateOfKey } from "../../state.ts";
import { enabled, step } from "../../step.ts";

/** What the states that fit say of one step: all keep, all break, or some break and some do not. */
export type Agreement = "kept" | "broken" | "open";

/** States that fit, interned: equal sets are one object, which remembers what was made of it. */
export interface FittingStates {
  readonly keys: readonly string[];
  /** What these events have made of it. */
  readonly steps: Map<readonly Event[], FittingStep>;
  /** States of the set that have passed this test. */
  readonly kept: Map<(state: State) => boolean, FittingStates>;
  /** One set of its states and those of another. */
  readonly joined: Map<FittingStates, FittingStates>;
  /** What these events would break. */
  readonly judged: Map<Event, ReadonlyMap<string, Agreement>>;
}

/** What an event makes of a set. */
export interface FittingStep {
  /** Empty if the event fits none of the states. */
  readonly to: FittingStates;
  /** By invariant; those that some states do not judge, and none breaks, are left out. */
  readonly says: ReadonlyMap<string, Agreement>;
}

/** The memory of one kind of small world. It holds no facts of any recording. */
interface StateSets {
  /** The set of these states. */
  of(states: readonly State[]): FittingStates;
  /** A state in which nothing is cached, dirty or held, to be set up by the caller. */
  blank(): State;
  /** One set of the states of two. */
  either(one: FittingStates, other: FittingStates): FittingStates;
  /** What these events make of every state of the set. The array is the memory's key: keep it. */
  step(set: FittingStates, events: readonly Event[]): FittingStep;
  /** States of the set that are as the recording shows them. The test is the memory's key: keep it. */
  keep(set: FittingStates, test: (state: State) => boolean): FittingStates;
  /** What an event would break, with the set left as it is. */
  judge(set: FittingStates, event: Event): ReadonlyMap<string, Agreement>;
}

/**
 * A memory for worlds with these bounds, in which the invariants with these ids are asked.
 *
 * @param normalise makes states equal that nothing can tell apart any more
 */
export function createStateSets(
  bounds: Bounds,
  ids: readonly string[],
  normalise: (state: State) => void = () => {},
): StateSets {
  const asked = invariants.filter(({ id }) => ids.includes(id));
  /** Filled over and over, as the states before each event. */
  const before = createState(bounds);
  const interned = new Map<string, FittingStates>();

  const intern = (keys: readonly string[]): FittingStates => {
    const sorted = [...new Set(keys)].sort();
    const name = sorted.join("\n");
    let set = interned.get(name);
    if (set === undefined) {
      set = {
        keys: sorted,
        steps: new Map(),
        kept: new Map(),
        joined: new Map(),
        judged: new Map(),
      };
      interned.set(name, set);
    }
    return set;
  };

  const either = (one: FittingStates, other: FittingStates): FittingStates =>
    intern([...one.keys, ...other.keys]);

  const step = (set: FittingStates, events: readonly Event[]): FittingStep => {
    const keys: string[] = [];
    const votes: Votes[] = [];
    for (const key of set.keys) {
      const state = stateOfKey(bounds, key);
      const vote = run(state, events, asked, before);
      if (vote === undefined) continue;
      normalise(state);
      keys.push(stateKey(state));
      votes.push(vote);
    }
    return { to: intern(keys), says: agree(votes) };
  };

  const keep = (set: FittingStates, test: (state: State) => boolean): FittingStates =>
    intern(set.keys.filter((key) => test(stateOfKey(bounds, key))));

  const judge = (set: FittingStates, event: Event): ReadonlyMap<string, Agreement> =>
    agree(set.keys.map((key) => run(stateOfKey(bounds, key), [event], asked, before) ?? new Map()));

  // What is remembered is nearly always there: it is asked for without making anything.
  return {
    of: (states) => intern(states.map(stateKey)),
    blank: () => createState(bounds),
    either: (one, other) =>
      one === other
        ? one
        : one.joined.get(other) ?? remember(one.joined, other, either(one, other)),
    step: (set, events) => set.steps.get(events) ?? remember(set.steps, events, step(set, events)),
    keep: (set, test) => set.kept.get(test) ?? remember(set.kept, test, keep(set, test)),
    judge: (set, event) => set.judged.get(event) ?? remember(set.judged, event, judge(set, event)),
  };
}

type Votes = ReadonlyMap<string, Judgement>;

/** Steps a state in place; undefined if one of the events cannot happen in it. */
function run(
  state: State,
  events: readonly Event[],
  asked: readonly Invariant[],
  before: State,
): Votes | undefined {
  const votes = new Map<string, Judgement>();
  for (const event of events) {
    if (!enabled(state, event)) return undefined;
    become(before, state);
    step(state, event);
    for (const { id, judge } of asked) {
      const says = judge(before, event, state);
      if (says > (votes.get(id) ?? Judgement.IDLE)) votes.set(id, says);
    }
  }
  return votes;
}

function agree(votes: readonly Votes[]): ReadonlyMap<string, Agreement> {
  const ids = new Set(votes.flatMap((vote) => [...vote.keys()]));
  const says = new Map<string, Agreement>();
  for (const id of ids) {
    const each = votes.map((vote) => vote.get(id) ?? Judgement.IDLE);
    if (each.every((one) => one === Judgement.BROKEN)) says.set(id, "broken");
    else if (each.includes(Judgement.BROKEN)) says.set(id, "open");
    else if (each.every((one) => one === Judgement.KEPT)) says.set(id, "kept");
  }
  return says;
}

function remember<K, V>(memory: Map<K, V>, by: K, value: V): V {
  memory.set(by, value);
  return value;
}
