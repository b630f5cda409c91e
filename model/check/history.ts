/**
 * The last steps of each world's past, for reports: rings of numbers, all of them in one flat array.
 *
 * @module
 */
import type { Where } from "./observation.ts";
import { createSteps, isStep, keepSteps, stepOf, type Steps, whereAt } from "./steps.ts";

/** How many steps a report shows. */
const shown = 24;
/** Places of a past, a ring: a power of two. */
const places = 32;
/** Steps that are kept before those that no past has any more are looked for. */
const fewSteps = 16_384;

/** The pasts of all worlds of a check. */
export interface Pasts {
  /** Steps that some past may have. */
  readonly steps: Steps;
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
  /** Number of the ring. */
  readonly ring: number;
  /** Steps that were added so far. */
  added: number;
}

/** No pasts. */
export function createPasts(): Pasts {
  return {
    steps: createSteps(),
    rings: new Int32Array(64 * places).fill(-1),
    given: 0,
    free: [],
    most: fewSteps,
  };
}

/** A past that begins as another did. */
export function createHistory(pasts: Pasts, like?: History): History {
  const ring = pasts.free.pop() ?? pasts.given++;
  const from = ring * places;
  if (from >= pasts.rings.length) {
    const { rings } = pasts;
    pasts.rings = new Int32Array(2 * rings.length).fill(-1, rings.length);
    pasts.rings.set(rings);
  }
  if (like !== undefined) {
    pasts.rings.copyWithin(from, like.ring * places, (like.ring + 1) * places);
  }
  return { ring, added: like?.added ?? 0 };
}

/** Nobody asks for this past any more. */
export function dropHistory({ rings, free }: Pasts, { ring }: History): void {
  rings.fill(-1, ring * places, (ring + 1) * places);
  free.push(ring);
}

/** Adds a step; false if it was the last one already. */
export function addStep(pasts: Pasts, history: History, where: Where): boolean {
  const { steps } = pasts;
  if (steps.count >= pasts.most) dropSteps(pasts);
  const step = stepOf(steps, where);
  const { rings } = pasts;
  const { added } = history;
  const from = history.ring * places;
  const last = rings[from + ((added - 1) & (places - 1))] ?? -1;
  if (last === step || (last >= 0 && isStep(steps, last, where))) return false;
  rings[from + (added & (places - 1))] = step;
  history.added = added + 1;
  return true;
}

/** Drops the steps that no past has. The work is in proportion to those that came since the last time. */
function dropSteps(pasts: Pasts): void {
  const { rings, steps, given } = pasts;
  const end = given * places;
  const moved = new Int32Array(steps.count).fill(-1);
  for (let at = 0; at < end; at++) {
    const step = rings[at] ?? -1;
    if (step >= 0) moved[step] = 0;
  }
  keepSteps(steps, moved);
  for (let at = 0; at < end; at++) {
    const step = rings[at] ?? -1;
    if (step >= 0) rings[at] = moved[step] ?? -1;
  }
  pasts.most = steps.count + 4 * given + fewSteps;
}

/** The steps, oldest first. */
export function stepsOf({ steps, rings }: Pasts, { ring, added }: History): Where[] {
  const found: Where[] = [];
  const from = ring * places;
  for (let nth = Math.max(0, added - shown); nth < added; nth++) {
    const step = rings[from + (nth & (places - 1))] ?? -1;
    const where = step < 0 ? undefined : whereAt(steps, step);
    if (where !== undefined) found.push(where);
  }
  return found;
}
