/**
 * The last steps of each world's past, for reports: rings of numbers, all of them in one flat array.
 *
 * @module
 */
import type { Where } from "./observation.ts";
import { createSteps, isStep, keepSteps, stepOf, type Steps, whereAt } from "./steps.ts";

/** How many steps a report shows. */
const shown = 24;
/** Places of a past, a ring: a power of two. What is added last takes the place of the oldest. */
const places = 32;
/** Steps that are kept before those that no past has any more are looked for. */
const fewSteps = 16_384;

/** The pasts of all worlds of a check. A past is the number of its ring. */
export interface Pasts {
  /** Steps that some past may have. */
  readonly steps: Steps;
  /** The rings, one after the other; -1 where nothing is yet. */
  rings: Int32Array;
  /** By ring: how many steps were added so far. */
  added: Uint32Array;
  /** Rings that were given out, and those of them that were given back. */
  given: number;
  readonly free: number[];
  /** Steps at which those that no past has are dropped. */
  most: number;
}

/** No pasts. */
export function createPasts(): Pasts {
  return {
    steps: createSteps(),
    rings: new Int32Array(64 * places).fill(-1),
    added: new Uint32Array(64),
    given: 0,
    free: [],
    most: fewSteps,
  };
}

/** A past that begins as another did. */
export function createPast(pasts: Pasts, like: number | undefined): number {
  const past = pasts.free.pop() ?? pasts.given++;
  if (past >= pasts.added.length) makeRoom(pasts);
  const { rings, added } = pasts;
  if (like !== undefined) {
    rings.copyWithin(past * places, like * places, (like + 1) * places);
  }
  added[past] = like === undefined ? 0 : added[like] ?? 0;
  return past;
}

function makeRoom(pasts: Pasts): void {
  const { rings, added } = pasts;
  pasts.rings = new Int32Array(2 * rings.length).fill(-1, rings.length);
  pasts.rings.set(rings);
  pasts.added = new Uint32Array(2 * added.length);
  pasts.added.set(added);
}

/** Nobody asks for this past any more. */
export function dropPast({ rings, free }: Pasts, past: number): void {
  rings.fill(-1, past * places, (past + 1) * places);
  free.push(past);
}

/** Adds a step; false if it was the last one already. */
export function addStep(pasts: Pasts, past: number, where: Where): boolean {
  const { steps } = pasts;
  if (steps.count >= pasts.most) dropSteps(pasts);
  const step = stepOf(steps, where);
  const { rings, added } = pasts;
  const nth = added[past] ?? 0;
  const from = past * places;
  const last = nth === 0 ? -1 : rings[from + ((nth - 1) & (places - 1))] ?? -1;
  if (last === step || (last >= 0 && isStep(steps, last, where))) return false;
  rings[from + (nth & (places - 1))] = step;
  added[past] = nth + 1;
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
export function stepsOf({ steps, rings, added }: Pasts, past: number): Where[] {
  const found: Where[] = [];
  const from = past * places;
  const end = added[past] ?? 0;
  for (let nth = Math.max(0, end - shown); nth < end; nth++) {
    const step = rings[from + (nth & (places - 1))] ?? -1;
    const where = step < 0 ? undefined : whereAt(steps, step);
    if (where !== undefined) found.push(where);
  }
  return found;
}
