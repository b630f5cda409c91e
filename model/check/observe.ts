/**
 * Takes a world past what was seen: every candidate is stepped in every way that fits, and what the
 * survivors have in common is proven.
 *
 * @module
 */
import type { Projection } from "./explain.ts";
import type { Where } from "./observation.ts";
import type { Successors } from "./transition.ts";
import {
  type Breach,
  type Candidate,
  cost,
  identify,
  keepBest,
  unknown,
  type Violation,
  type World,
} from "./world.ts";

/** How much of what follows a violation its report shows. */
const aftermathLength = 4;

/** Options of one observation for one world. */
export interface Observed {
  readonly where: Where;
  /** Counts judgements and may prove violations; false for what only shapes the set. */
  readonly judges: boolean;
  /** False if what the observation rests on is incomplete: then it proves no violation. */
  readonly proves: boolean;
  /** True if the observation itself shows the harm, rather than something that was not seen. */
  readonly direct?: boolean;
  /** What the world is set to if nothing explains the observation. */
  readonly otherwise?: "unknown" | "ignore";
}

/**
 * Takes the world past one observation.
 *
 * @returns true if it was explained; false if nothing fitted and the world began anew
 */
export function observe(
  world: World,
  projection: Projection,
  successors: Successors,
  observed: Observed,
): boolean {
  fireRemovals(world, successors, observed.where, false);
  const next = advance(world, projection, successors, observed);
  if (next.size === 0) {
    if (observed.otherwise === "ignore") return false;
    beginAnew(world, observed.where);
    const again = advance(world, projection, successors, { ...observed, judges: false });
    if (again.size > 0) world.candidates = again;
    return false;
  }
  world.candidates = next;
  // A fault that fits settles the state afresh: what was concluded before stands from here on.
  if (projection.kind === "write_fault" && projection.here) world.provisional.length = 0;
  conclude(world, observed);
  return true;
}

function advance(
  world: World,
  projection: Projection,
  successors: Successors,
  { where, judges }: Observed,
): Map<string, Candidate> {
  const next = new Map<string, Candidate>();
  const kept = new Set<string>();
  const broken = new Set<string>();
  for (const from of world.candidates.values()) {
    for (const to of successors(world.watch, from.key, projection)) {
      if (!from.assumed) {
        for (const id of to.kept) kept.add(id);
        for (const id of to.broken) broken.add(id);
      }
      const candidate: Candidate = {
        key: to.to,
        removed: from.removed,
        assumed: from.assumed,
        gone: from.gone || to.gone,
        departures: from.departures + to.departures,
        breaches: judges && to.broken.length > 0
          ? [...from.breaches, ...to.broken.map((id) => ({ id, where }))]
          : from.breaches,
      };
      keepBest(next, identify(candidate.key, candidate.removed, candidate.gone), candidate);
    }
  }
  if (judges) {
    for (const id of kept) {
      if (!broken.has(id)) world.judged.set(id, (world.judged.get(id) ?? 0) + 1);
    }
    for (const id of broken) if (!world.open.has(id)) world.open.set(id, where);
  }
  return next;
}

/** Applies removals in flight to copies of the candidates, or to all of them if they must be over. */
function fireRemovals(
  world: World,
  successors: Successors,
  where: Where,
  must: boolean,
  only?: number,
): void {
  world.removals.forEach((projection, slot) => {
    if (projection === undefined || (only !== undefined && only !== slot)) return;
    const next = new Map<string, Candidate>();
    const bit = 1 << slot;
    for (const from of world.candidates.values()) {
      if ((from.removed & bit) !== 0 || !must) {
        keepBest(next, identify(from.key, from.removed, from.gone), from);
      }
      if ((from.removed & bit) !== 0) continue;
      for (const to of successors(world.watch, from.key, projection)) {
        const candidate: Candidate = {
          ...from,
          key: to.to,
          removed: from.removed | bit,
          departures: from.departures + to.departures,
          breaches: [...from.breaches, ...to.broken.map((id) => ({ id, where }))],
        };
        keepBest(next, identify(candidate.key, candidate.removed, candidate.gone), candidate);
        if (from.assumed || !must) continue;
        for (const id of to.kept) world.judged.set(id, (world.judged.get(id) ?? 0) + 1);
        for (const id of to.broken) if (!world.open.has(id)) world.open.set(id, where);
      }
    }
    if (next.size > 0) world.candidates = next;
  });
}

/** A removal returns: unless it failed, it has taken effect in every candidate. */
export function endRemoval(
  world: World,
  slot: number,
  done: boolean,
  successors: Successors,
  observed: Observed,
): void {
  if (world.removals[slot] === undefined) return;
  fireRemovals(world, successors, observed.where, done, slot);
  world.removals[slot] = undefined;
  const next = new Map<string, Candidate>();
  for (const each of world.candidates.values()) {
    const removed = each.removed & ~(1 << slot);
    keepBest(next, identify(each.key, removed, each.gone), { ...each, removed });
  }
  world.candidates = next;
  conclude(world, observed);
}

/** A task of the watched mapping was seen: candidates that need it to have exited are refuted. */
export function refuteGone(world: World, observed: Observed): void {
  const next = new Map<string, Candidate>();
  for (const [name, each] of world.candidates) if (!each.gone) next.set(name, each);
  if (next.size === 0 || next.size === world.candidates.size) return;
  world.candidates = next;
  conclude(world, observed);
}

function conclude(world: World, { where, proves, judges, direct }: Observed): void {
  let least = Infinity;
  let clean = false;
  const stillOpen = new Set<string>();
  for (const each of world.candidates.values()) {
    least = Math.min(least, cost(each));
    if (each.breaches.length === 0) clean = true;
    if (!each.assumed) { for (const { id } of each.breaches) stillOpen.add(id); }
  }
  for (const id of [...world.open.keys()]) {
    if (stillOpen.has(id)) continue;
    world.open.delete(id);
    if (judges) world.judged.set(id, (world.judged.get(id) ?? 0) + 1);
  }
  if (clean) return;
  const next = new Map<string, Candidate>();
  let said: readonly Breach[] = [];
  for (const [name, each] of world.candidates) {
    if (cost(each) !== least) continue;
    if (said.length === 0) said = each.breaches;
    next.set(name, { ...each, breaches: [], departures: 0 });
  }
  world.candidates = next;
  for (const breach of said) {
    world.open.delete(breach.id);
    if (!proves) {
      world.unexplained.push(where);
      continue;
    }
    const violation: Violation = {
      id: breach.id,
      at: breach.where,
      proof: where,
      because: world.history.at(-1) === where ? [...world.history] : [...world.history, where],
      aftermath: aftermathLength,
    };
    world.violations.push(violation);
    if (!direct) world.provisional.push(violation);
  }
}

/**
 * Nothing fits: either the recording lacks something, or a mapping was undone unseen. What was proven
 * by absences alone rests on the same lack, so it is withdrawn.
 */
function beginAnew(world: World, where: Where): void {
  world.candidates = unknown();
  world.dirtySince = undefined;
  world.unexplained.push(where);
  world.open.clear();
  for (const each of world.provisional) {
    world.violations.splice(world.violations.indexOf(each), 1);
    world.withdrawn.push(each);
  }
  world.provisional.length = 0;
}
