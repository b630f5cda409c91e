/**
 * The last steps of each world's past, for reports. A step is one object for all worlds that it reaches;
 * what a world keeps is numbers in one flat array, which costs a collector of garbage nothing.
 *
 * @module
 */
import type { Where } from "./observation.ts";

/** How many steps a report shows. */
const shown = 24;
/** Places of a past, a ring: a power of two. */
const places = 32;
/** Steps that are kept before those that no past has any more are looked for. */
const fewSteps = 65_536;

/** The pasts of all worlds of a check. */
export interface Pasts {
  /** Steps that some past may have: a past has their places here. */
  steps: Where[];
  /** The rings, one after the other; -1 where nothing is yet. */
  rings: Int32Array;
  /** Rings that were given out, and those of them that were given back. */
  given: number;
  readonly free: number[];
  /** Steps at which those that no past has are dropped. */
  most: number;
}

/** A ring: what is added last takes the place of the oldest. */
export interface History {
  readonly of: Pasts;
  /** First place of the ring. */
  readonly from: number;
  /** Steps that were added so far. */
  added: number;
}

/** No pasts. */
export function createPasts(): Pasts {
  return {
    steps: [],
    rings: new Int32Array(64 * places).fill(-1),
    given: 0,
    free: [],
    most: fewSteps,
  };
}

/** A past that begins as another did. */
export function createHistory(of: Pasts, like?: History): History {
  const ring = of.free.pop() ?? of.given++;
  const from = ring * places;
  if (from >= of.rings.length) {
    const { rings } = of;
    of.rings = new Int32Array(2 * rings.length).fill(-1, rings.length);
    of.rings.set(rings);
  }
  if (like !== undefined) of.rings.copyWithin(from, like.from, like.from + places);
  return { of, from, added: like?.added ?? 0 };
}

/** Nobody asks for this past any more. */
export function dropHistory({ of, from }: History): void {
  of.rings.fill(-1, from, from + places);
  of.free.push(from / places);
}

/** Adds a step; false if it was the last one already. */
export function addStep(history: History, where: Where): boolean {
  const { of, from, added } = history;
  if (added > 0 && of.steps[lastOf(history)] === where) return false;
  of.rings[from + (added & (places - 1))] = placeOf(of, where);
  history.added = added + 1;
  return true;
}

function lastOf({ of, from, added }: History): number {
  return of.rings[from + ((added - 1) & (places - 1))] ?? -1;
}

/** Where the step is kept. What reaches many worlds comes again at once, alone or with another one. */
function placeOf(of: Pasts, where: Where): number {
  const { steps } = of;
  const { length } = steps;
  if (steps[length - 1] === where) return length - 1;
  if (steps[length - 2] === where) return length - 2;
  if (length >= of.most) dropSteps(of);
  return of.steps.push(where) - 1;
}

/** Drops the steps that no past has. The work is in proportion to those that came since the last time. */
function dropSteps(of: Pasts): void {
  const { rings, steps } = of;
  const end = of.given * places;
  const moved = new Int32Array(steps.length).fill(-1);
  for (let at = 0; at < end; at++) {
    const step = rings[at] ?? -1;
    if (step >= 0) moved[step] = 0;
  }
  of.steps = steps.filter((_, step) => moved[step] === 0);
  let next = 0;
  for (let step = 0; step < moved.length; step++) if (moved[step] === 0) moved[step] = next++;
  for (let at = 0; at < end; at++) {
    const step = rings[at] ?? -1;
    if (step >= 0) rings[at] = moved[step] ?? -1;
  }
  of.most = next + 4 * of.given + fewSteps;
}

/** The steps, oldest first. */
export function stepsOf({ of, from, added }: History): Where[] {
  const steps: Where[] = [];
  for (let nth = Math.max(0, added - shown); nth < added; nth++) {
    const step = of.steps[of.rings[from + (nth & (places - 1))] ?? -1];
    if (step !== undefined) steps.push(step);
  }
  return steps;
}
