/**
 * Steps of sets of candidates, each computed once: an automaton that is built as a recording needs
 * it, the way regular expression engines build theirs. In the steady state an observation costs one
 * look-up a world.
 *
 * @module
 */
import type { Candidate, CandidateSet, Course, Input, Leap, SetStep } from "./candidate_set.ts";
import { createSets, hasBlock, hasEntry, isTruncated, type Sets } from "./candidates.ts";
import { leapOf } from "./leap.ts";
import {
  createProjections,
  type Drift,
  type Projection,
  type SeenProjection,
} from "./projection.ts";
import { addWay, gather, type How, stepOf } from "./step_of_set.ts";
import { createSuccessors, type Successors, type WatchedPart } from "./transition.ts";

const endings = ["begun", "now", "done", "perhaps", "guessed"] as const;

/** How far a removal is: `guessed` if it returned, but only its descriptor tells its file. */
export type Ended = typeof endings[number];

/** What a candidate may rest on, and a later record may refute. */
export type Assumption = "gone" | "elsewhere";

/**
 * The automaton. It holds no facts of any world or recording.
 *
 * @internal
 */
export interface CheckerAutomaton {
  /** The sets that it knows. */
  readonly sets: Sets;
  /** The step of a set by an input. */
  step(set: CandidateSet, input: Input): SetStep;
  /** The course that goes on with one more input. */
  after(course: Course, input: Input): Course;
  /** All steps of a course at once. */
  leap(set: CandidateSet, course: Course): Leap;
  /** The object that stands for all projections that equal this one. */
  project(projection: Projection): SeenProjection;
  /** Projections of faults, by how the fault was (`faults.ts`). */
  readonly faults: (SeenProjection | undefined)[][];
  /** By an observation. */
  judged(watch: WatchedPart, seen: SeenProjection): Input;
  /** By an observation that only shapes the set: nothing is judged. */
  shaped(watch: WatchedPart, seen: SeenProjection): Input;
  /** By what may have happened unseen: it can break an invariant, but keeps none. */
  drift(watch: WatchedPart, breaks: Drift["breaks"], removes: boolean, truncates: boolean): Course;
  /** By a removal in flight, as far as it is. */
  fire(watch: WatchedPart, slot: number, seen: SeenProjection, ended: Ended): Input;
  /** By what shows that the file was not truncated, but for being written again, too. */
  readonly rewritten: Input;
  /** By what shows that the page has an entry now. */
  readonly found: Readonly<Record<"pmd" | "any", Input>>;
  /** By what shows that none of these removals, a bit a slot, has taken effect yet. */
  keep(removals: number): Input;
  /**
   * By what shows that none of them has taken blocks of the page's PMD range: but for those that came when
   * there were none, or before its PMD entry.
   */
  keepWhole(removals: number): Input;
  /**
   * By what refutes an assumption: that the mapping had been undone unseen, by a sign of life; that a
   * removal had worked on another file, by the name of its descriptor.
   */
  readonly refuted: Readonly<Record<Assumption, Input>>;
}

/**
 * A fresh automaton: what the checker remembers of steps that small worlds have taken, so that they need
 * not be taken again. Checks of several traces are faster if they share one; no verdict depends on it.
 */
export function createAutomaton(): CheckerAutomaton {
  const sets = createSets();
  const successors = createSuccessors();
  const seen = createProjections();
  const input = (compute: Input["compute"]): Input => ({ compute, ends: [] });
  let courses = 0;
  const courseAfter = (before: Course | undefined, next: Input): Course =>
    next.ends[before === undefined ? 0 : 1 + before.number] ??= {
      number: courses++,
      inputs: before === undefined ? [next] : [...before.inputs, next],
    };
  const step: CheckerAutomaton["step"] = (set, by) => {
    let known = set.steps.get(by);
    if (known === undefined) set.steps.set(by, known = by.compute(set));
    return known;
  };
  /** By an observation in every way that the candidates leave open. */
  const seenInput = (watch: WatchedPart, by: SeenProjection, how: How): Input =>
    input((set) => {
      const ways = gather(sets, set);
      for (const from of set.candidates) {
        for (const to of successors(watch, from.key, by)) addWay(ways, from, to, how);
      }
      return stepOf(ways, how.judges && !how.tentative);
    });
  // Mostly it is there: what only its making captures is not captured where it is asked for.
  const bySeen =
    (nth: number, how: How): (watch: WatchedPart, seen: SeenProjection) => Input => (watch, by) =>
      by.inputs[2 * nth + place(watch)] ??= seenInput(watch, by, how);
  /** By what some candidates fit and others do not. */
  const filter = (fits: (each: Candidate) => boolean, judges: boolean): Input =>
    input((set) => {
      const ways = gather(sets, set);
      ways.found.push(...set.candidates.filter(fits));
      return stepOf(ways, judges);
    });
  const firedInput = (watch: WatchedPart, firing: Firing): Input =>
    input((set) => fireOnce(sets, watch, set, firing, successors));
  const judged = bySeen(0, { judges: true, tentative: false });
  const shaped = bySeen(1, { judges: false, tentative: false });
  const drifted = bySeen(2, { judges: true, tentative: true });
  const firstFired = 2 * 3;
  const without = (removals: number): Input =>
    filter(({ removed }) => (removed & removals) === 0, false);
  const drifts: Course[] = [];
  const kept: Input[] = [];
  const whole: Input[] = [];
  return {
    sets,
    step,
    after: courseAfter,
    leap: (set, by) => set.leaps[by.number] ??= leapOf(set, by.inputs, step),
    project: seen,
    faults: [],
    judged,
    shaped,
    drift(watch, breaks, removes, truncates) {
      const breaking = breaks === "nothing" ? 0 : breaks === "mappings" ? 1 : 2;
      const number = place(watch) + (removes ? 2 : 0) + (truncates ? 4 : 0) + 8 * breaking;
      return drifts[number] ??= courseAfter(
        undefined,
        drifted(watch, seen({ kind: "drift", breaks, removes, truncates })),
      );
    },
    fire(watch, slot, by, ended) {
      const number = place(watch) + 2 * (endings.indexOf(ended) + endings.length * slot);
      return by.inputs[firstFired + number] ??= firedInput(watch, firingOf(slot, by, ended));
    },
    rewritten: input((set) => {
      const ways = gather(sets, set);
      ways.found.push(
        ...set.candidates.map((each): Candidate =>
          isTruncated(each) ? { ...each, unseen: 2 } : each
        ),
      );
      return stepOf(ways, false);
    }),
    found: {
      pmd: filter((each) => hasEntry(each, "pmd"), false),
      any: filter((each) => hasEntry(each, "any"), false),
    },
    keep: (removals) => kept[removals] ??= without(removals),
    keepWhole: (removals) =>
      whole[removals] ??= filter(
        (each) => (each.removed & removals) === 0 || !hasBlock(each) || hasEntry(each, "pmd"),
        false,
      ),
    refuted: {
      gone: filter(({ gone }) => !gone, true),
      elsewhere: filter(({ elsewhere }) => !elsewhere, true),
    },
  };
}

/** A way to tell what is watched apart in a flat array. */
function place(watch: WatchedPart): 0 | 1 {
  return watch === "entry" ? 0 : 1;
}

/** How a removal in flight takes effect in a step. */
interface Firing {
  readonly slot: number;
  readonly seen: SeenProjection;
  /** True where it is over and succeeded: it has taken effect in every candidate. */
  readonly must: boolean;
  /** True where the call returns: its slot becomes free. */
  readonly ends: boolean;
  /** True where it returns and only its descriptor tells the file: it may have been another. */
  readonly guessed: boolean;
}

function firingOf(slot: number, seen: SeenProjection, ended: Ended): Firing {
  return {
    slot,
    seen,
    must: ended === "done" || ended === "now",
    ends: ended !== "begun" && ended !== "now",
    guessed: ended === "guessed",
  };
}

function fireOnce(
  sets: Sets,
  watch: WatchedPart,
  set: CandidateSet,
  { slot, seen, must, ends, guessed }: Firing,
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
    for (const to of successors(watch, from.key, seen)) {
      addWay(ways, after, to, { judges: true, tentative: !must });
    }
  }
  return stepOf(ways, must);
}
