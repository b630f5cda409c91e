/**
 * Steps of sets of candidates, each computed once: an automaton that is built as a recording needs
 * it, the way regular expression engines build theirs. In the steady state an observation costs one
 * look-up a world.
 *
 * @module
 */
import {
  type Candidate,
  type CandidateSet,
  createSets,
  hasEntry,
  isBeyond,
  type Sets,
} from "./candidates.ts";
import { type Projection, projectionKey } from "./projection.ts";
import { addWay, gather, type How, type SetStep, stepOf } from "./step_of_set.ts";
import { createSuccessors, type Successors, type Watch } from "./transition.ts";

/** How a removal in flight takes effect in a step. */
interface Firing {
  readonly slot: number;
  readonly projection: Projection;
  /** True where it is over and succeeded: it has taken effect in every candidate. */
  readonly must: boolean;
  /** True where the call returns: its slot becomes free. */
  readonly ends: boolean;
  /** True where it returns and only its descriptor tells the file: it may have been another. */
  readonly guessed: boolean;
}

/** How far a removal is: `guessed` if it returned, but only its descriptor tells its file. */
export type Ended = "begun" | "now" | "done" | "perhaps" | "guessed";

type Drift = Extract<Projection, { readonly kind: "drift" }>;

/**
 * The automaton. It holds no facts of any world or recording.
 *
 * @internal
 */
export interface Automaton {
  /** The sets that it knows. */
  readonly sets: Sets;
  /** The object that stands for all projections that equal this one. */
  project(projection: Projection): Projection;
  /** {@linkcode project} for drift, without making a key: every observation of every world asks. */
  projectDrift(breaks: Drift["breaks"], removes: boolean, truncates: boolean): Projection;
  /** The object that stands for this removal, as far as it is. */
  firing(slot: number, projection: Projection, ended: Ended): Firing;
  /** A step by an observation; `judges` is false for what only shapes the set. */
  observe(watch: Watch, set: CandidateSet, projection: Projection, judges: boolean): SetStep;
  /** A step by what may have happened unseen: it can break an invariant, but keeps none. */
  drift(watch: Watch, set: CandidateSet, projection: Projection): SetStep;
  /** A step by a removal in flight. */
  fire(watch: Watch, set: CandidateSet, firing: Firing): SetStep;
  /** A step by what shows that the file was not truncated, but for being written again, too. */
  rewrite(set: CandidateSet): SetStep;
  /** A step by what shows that the page has an entry now. */
  find(set: CandidateSet, size: "pmd" | "any"): SetStep;
  /** A step by what shows that none of these removals, a bit a slot, has taken effect yet. */
  keep(set: CandidateSet, removals: number): SetStep;
  /**
   * A step by what refutes an assumption: that the mapping had been undone unseen, by a sign of life;
   * that a removal had worked on another file, by the name of its descriptor.
   */
  refute(set: CandidateSet, assumption: Assumption): SetStep;
}

/** What a candidate may rest on, and a later record may refute. */
export type Assumption = "gone" | "elsewhere";

/** A fresh automaton. It may be shared by all checks, and then knows what each of them has met. */
export function createAutomaton(): Automaton {
  const sets = createSets();
  const projections = new Map<string, Projection>();
  const firings: Readonly<Record<Ended, Map<Projection, Firing>[]>> = {
    begun: [],
    now: [],
    done: [],
    perhaps: [],
    guessed: [],
  };
  const project = (projection: Projection): Projection => {
    const name = projectionKey(projection);
    const known = projections.get(name);
    if (known === undefined) projections.set(name, projection);
    return known ?? projection;
  };
  const drifts: Readonly<Record<Drift["breaks"], Projection[]>> = {
    nothing: [],
    mappings: [],
    entries: [],
  };
  const successors = createSuccessors();
  const observed: Memos<Projection> = { entry: new WeakMap(), mapping: new WeakMap() };
  const shaped: Memos<Projection> = { entry: new WeakMap(), mapping: new WeakMap() };
  const drifted: Memos<Projection> = { entry: new WeakMap(), mapping: new WeakMap() };
  const fired: Memos<Firing> = { entry: new WeakMap(), mapping: new WeakMap() };
  const found: Readonly<Record<"pmd" | "any", WeakMap<CandidateSet, SetStep>>> = {
    pmd: new WeakMap(),
    any: new WeakMap(),
  };
  const rewritten = new WeakMap<CandidateSet, SetStep>();
  const kept: WeakMap<CandidateSet, SetStep>[] = [];
  const refuted: Readonly<Record<Assumption, WeakMap<CandidateSet, SetStep>>> = {
    gone: new WeakMap(),
    elsewhere: new WeakMap(),
  };
  const stepAll = (watch: Watch, set: CandidateSet, projection: Projection, how: How): SetStep => {
    const ways = gather(sets, set);
    for (const from of set.candidates) {
      for (const to of successors(watch, from.key, projection)) addWay(ways, from, to, how);
    }
    return stepOf(ways, how.judges && !how.tentative);
  };
  return {
    sets,
    project,
    projectDrift(breaks, removes, truncates) {
      const number = (removes ? 1 : 0) + (truncates ? 2 : 0);
      return drifts[breaks][number] ??= project({ kind: "drift", breaks, removes, truncates });
    },
    firing(slot, projection, ended) {
      const ofSlot = firings[ended][slot] ??= new Map<Projection, Firing>();
      let firing = ofSlot.get(projection);
      if (firing === undefined) ofSlot.set(projection, firing = firingOf(slot, projection, ended));
      return firing;
    },
    observe(watch, set, projection, judges) {
      const memo = (judges ? observed : shaped)[watch];
      const how = { judges, tentative: false };
      return remembered(memo, set, projection, () => stepAll(watch, set, projection, how));
    },
    drift(watch, set, projection) {
      const how = { judges: true, tentative: true };
      return remembered(
        drifted[watch],
        set,
        projection,
        () => stepAll(watch, set, projection, how),
      );
    },
    fire(watch, set, firing) {
      return remembered(
        fired[watch],
        set,
        firing,
        () => fireOnce(sets, watch, set, firing, successors),
      );
    },
    rewrite(set) {
      let step = rewritten.get(set);
      if (step === undefined) {
        const ways = gather(sets, set);
        ways.found.push(
          ...set.candidates.map((each): Candidate =>
            each.unseen === 1 && isBeyond(each) ? { ...each, unseen: 2 } : each
          ),
        );
        rewritten.set(set, step = stepOf(ways, false));
      }
      return step;
    },
    find(set, size) {
      let step = found[size].get(set);
      if (step === undefined) {
        const ways = gather(sets, set);
        ways.found.push(...set.candidates.filter((each) => hasEntry(each, size)));
        found[size].set(set, step = stepOf(ways, false));
      }
      return step;
    },
    keep(set, removals) {
      const steps = kept[removals] ??= new WeakMap<CandidateSet, SetStep>();
      let step = steps.get(set);
      if (step === undefined) {
        const ways = gather(sets, set);
        ways.found.push(...set.candidates.filter(({ removed }) => (removed & removals) === 0));
        steps.set(set, step = stepOf(ways, false));
      }
      return step;
    },
    refute(set, assumption) {
      let step = refuted[assumption].get(set);
      if (step === undefined) {
        const ways = gather(sets, set);
        ways.found.push(...set.candidates.filter((each) => !each[assumption]));
        refuted[assumption].set(set, step = stepOf(ways, true));
      }
      return step;
    },
  };
}

function firingOf(slot: number, projection: Projection, ended: Ended): Firing {
  return {
    slot,
    projection,
    must: ended === "done" || ended === "now",
    ends: ended !== "begun" && ended !== "now",
    guessed: ended === "guessed",
  };
}

function fireOnce(
  sets: Sets,
  watch: Watch,
  set: CandidateSet,
  { slot, projection, must, ends, guessed }: Firing,
  successors: Successors,
): SetStep {
  const bit = 1 << slot;
  const ways = gather(sets, set);
  const freed = (each: Candidate): Candidate =>
    ends ? { ...each, removed: each.removed & ~bit } : each;
  for (const from of set.candidates) {
    const done = (from.removed & bit) !== 0;
    if (done || !must) {
      ways.found.push({ ...freed(from), elsewhere: from.elsewhere || (guessed && !done) });
    }
    if (done) continue;
    const after = ends ? from : { ...from, removed: from.removed | bit };
    for (const to of successors(watch, from.key, projection)) {
      addWay(ways, after, to, { judges: true, tentative: !must });
    }
  }
  return stepOf(ways, must);
}

type Memo<K extends object> = WeakMap<CandidateSet, Map<K, SetStep>>;
type Memos<K extends object> = Readonly<Record<Watch, Memo<K>>>;

function remembered<K extends object>(
  memo: Memo<K>,
  set: CandidateSet,
  by: K,
  compute: () => SetStep,
): SetStep {
  let steps = memo.get(set);
  if (steps === undefined) memo.set(set, steps = new Map());
  let step = steps.get(by);
  if (step === undefined) steps.set(by, step = compute());
  return step;
}
