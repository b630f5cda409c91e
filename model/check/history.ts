/**
 * The last steps of each world's past, for reports: chains of numbers, all of them in one flat array. A
 * past that begins as another did has the same links up to there, and most worlds have few of their own.
 *
 * @module
 */
import type { Where } from "./observation.ts";
import { createSteps, isStep, keepSteps, knownStep, stepOf, type Steps, whereAt } from "./steps.ts";

/** How many steps a report shows. */
const shown = 24;
/** Numbers of a link: its step, and the link before it, or -1. */
const width = 2;
/** Links that were made last, and are looked at for one that is the same: what reaches many worlds comes at once. */
const lately = 4;
/** Links that are made before those that nobody asks for any more are looked for. */
const fewLinks = 4_096;

/** The pasts of all worlds of a check, by number. */
export interface Pasts {
  /** Steps that some past may have. */
  readonly steps: Steps;
  /** The links, oldest first. */
  links: Int32Array;
  /** Links that were made. */
  count: number;
  /** By past: its last link; -1 if it has none. */
  last: Int32Array;
  /** Pasts that were given out, and those of them that were given back. */
  given: number;
  readonly free: number[];
}

/** No pasts. */
export function createPasts(): Pasts {
  return {
    steps: createSteps(),
    links: new Int32Array(fewLinks * width),
    count: 0,
    last: new Int32Array(64),
    given: 0,
    free: [],
  };
}

/** A past that begins as another did. */
export function createPast(pasts: Pasts, like: number | undefined): number {
  const past = pasts.free.pop() ?? pasts.given++;
  if (past >= pasts.last.length) {
    const { last } = pasts;
    pasts.last = new Int32Array(2 * last.length);
    pasts.last.set(last);
  }
  pasts.last[past] = like === undefined ? -1 : pasts.last[like] ?? -1;
  return past;
}

/** Nobody asks for this past any more. */
export function dropPast({ last, free }: Pasts, past: number): void {
  last[past] = -1;
  free.push(past);
}

/** Adds a step; false if it was the last one already. */
export function addStep(pasts: Pasts, past: number, where: Where): boolean {
  const { steps } = pasts;
  const before = pasts.last[past] ?? -1;
  const alike = madeLately(pasts, knownStep(steps, where), before);
  if (alike >= 0) {
    pasts.last[past] = alike;
    return true;
  }
  if (before >= 0 && isStep(steps, pasts.links[before * width] ?? 0, where)) return false;
  if (pasts.count * width >= pasts.links.length) dropLinks(pasts);
  const { links, last } = pasts;
  const link = pasts.count++;
  links[link * width] = stepOf(steps, where);
  links[link * width + 1] = last[past] ?? -1;
  last[past] = link;
  return true;
}

/** The link that has this step after that link, if it is one of the last that were made; else -1. */
function madeLately({ links, count }: Pasts, step: number, before: number): number {
  if (step < 0) return -1;
  for (let link = count - 1; link >= 0 && link >= count - lately; link--) {
    if (links[link * width] === step && links[link * width + 1] === before) return link;
  }
  return -1;
}

/**
 * Drops the links that no past shows, and the steps that no link has. The work is in proportion to the
 * links that were made since the last time.
 */
function dropLinks(pasts: Pasts): void {
  const { steps, links, count, last, given } = pasts;
  const moved = new Int32Array(count).fill(-1);
  const movedSteps = new Int32Array(steps.count).fill(-1);
  for (let past = 0; past < given; past++) {
    let link = last[past] ?? -1;
    for (let nth = 0; nth < shown && link >= 0; nth++) {
      moved[link] = 0;
      movedSteps[links[link * width] ?? 0] = 0;
      link = links[link * width + 1] ?? -1;
    }
  }
  keepSteps(steps, movedSteps);
  let next = 0;
  for (let link = 0; link < count; link++) {
    if (moved[link] === -1) continue;
    const before = links[link * width + 1] ?? -1;
    links[next * width] = movedSteps[links[link * width] ?? 0] ?? 0;
    links[next * width + 1] = before < 0 ? -1 : moved[before] ?? -1;
    moved[link] = next++;
  }
  for (let past = 0; past < given; past++) {
    const link = last[past] ?? -1;
    if (link >= 0) last[past] = moved[link] ?? -1;
  }
  const most = 2 * next + 4 * given + fewLinks;
  pasts.links = new Int32Array(most * width);
  pasts.links.set(links.subarray(0, next * width));
  pasts.count = next;
}

/** The steps, oldest first. */
export function stepsOf({ steps, links, last }: Pasts, past: number): Where[] {
  const found: Where[] = [];
  let link = last[past] ?? -1;
  for (let nth = 0; nth < shown && link >= 0; nth++) {
    const where = whereAt(steps, links[link * width] ?? 0);
    if (where !== undefined) found.push(where);
    link = links[link * width + 1] ?? -1;
  }
  return found.reverse();
}
