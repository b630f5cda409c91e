/**
 * One small world under judgement: the set of states that fit what was seen of one page (and one
 * mapping) so far, and which invariants each of them has had to break to fit.
 *
 * As long as one candidate has broken nothing, nothing is proven. When the last of those is gone, the
 * invariants that the least broken candidates broke are violated; judging then goes on from these.
 *
 * @module
 */
import type { Projection } from "./explain.ts";
import type { Where } from "./observation.ts";
import { anything, type Possibility, smallWorld } from "./small_world.ts";
import { fieldRange } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";
import type { Successors, Watch } from "./transition.ts";

/** An invariant that a candidate had to break, and the observation at which it did. */
export interface Breach {
  readonly id: string;
  readonly where: Where;
}

interface Candidate {
  readonly key: string;
  /** Bit n: removal n of the world's removals in flight has taken effect. */
  readonly removed: number;
  readonly assumed: boolean;
  readonly gone: boolean;
  readonly departures: number;
  readonly breaches: readonly Breach[];
}

/** Something of the world's past that a report may show. */
export interface Remembered {
  readonly where: Where;
}

/** A violation, and the lines that it rests on. */
export interface Violation {
  readonly id: string;
  /** Where the invariant broke. */
  readonly at: Where;
  /** Where it became certain: the same place, or the observation that refuted the alternatives. */
  readonly proof: Where;
  /** What led to it, and a little of what followed. */
  readonly because: Where[];
  /** How many more observations of the world may still be added to `because`. */
  aftermath: number;
}

export interface World {
  readonly watch: Watch;
  candidates: ReadonlyMap<string, Candidate>;
  readonly removals: (Projection | undefined)[];
  /** Sync slots that have begun in this world. */
  syncs: number;
  /** Line of the last observation that touched the watched PTE. */
  touched: number;
  /** Line of the last observation that cleaned or removed the entry. */
  cleaned: number;
  /** Line of the last observation that allocated the extent. */
  allocated: number;
  /** Line since which the entry has been DIRTY without a break, or undefined. */
  dirtySince: number | undefined;
  readonly judged: Map<string, number>;
  /** Occasions on which only some candidates broke the invariant, not yet resolved. */
  readonly open: Map<string, Where>;
  readonly violations: Violation[];
  /** What could not be explained, and where: the world began anew from there. */
  readonly unexplained: Where[];
  /** Violations that rest on something not seen, until a later observation bears them out. */
  readonly provisional: Violation[];
  /** Violations taken back because a later observation contradicts what they rest on. */
  readonly withdrawn: Violation[];
  history: Where[];
}

const [extentOffset] = fieldRange(smallWorld, "extent");
const [entryOffset] = fieldRange(smallWorld, "entry");
const [tagOffset] = fieldRange(smallWorld, "tag");
const [pteOffset] = fieldRange(smallWorld, "pte");

/** How much of a world's past is kept for reports. */
const historyLength = 24;
/** How much of what follows a violation its report shows. */
const aftermathLength = 4;

/** A world of which nothing is known, or what another world of the same page knows. */
export function createWorld(watch: Watch, like?: World): World {
  return {
    watch,
    candidates: like === undefined ? unknown() : withUnknownPte(like),
    removals: like === undefined ? [] : [...like.removals],
    syncs: 0,
    touched: -1,
    cleaned: like?.cleaned ?? -1,
    allocated: like?.allocated ?? -1,
    dirtySince: undefined,
    judged: new Map(),
    open: new Map(),
    violations: [],
    unexplained: [],
    provisional: [],
    withdrawn: [],
    history: like === undefined ? [] : [...like.history],
  };
}

function fromPossibility({ key, assumed }: Possibility): Candidate {
  return { key, removed: 0, assumed, gone: false, departures: 0, breaches: [] };
}

function unknown(): ReadonlyMap<string, Candidate> {
  return new Map(anything.map((each) => [each.key, fromPossibility(each)]));
}

/** Keeps what is known of the entry; the PTE may be whatever goes with it. */
function withUnknownPte(like: World): ReadonlyMap<string, Candidate> {
  const entries = new Map<string, Candidate>();
  for (const candidate of like.candidates.values()) {
    for (const each of withEntry.get(entryPart(candidate.key)) ?? []) {
      const assumed = each.key.charCodeAt(pteOffset) !== 0 || candidate.assumed;
      const name = identify(each.key, candidate.removed, false);
      keepBest(entries, name, { ...candidate, key: each.key, assumed, breaches: [] });
    }
  }
  return entries.size === 0 ? unknown() : entries;
}

function entryPart(key: string): string {
  return key.charAt(extentOffset) + key.charAt(entryOffset) + key.charAt(tagOffset);
}

/** What the page may be in, by what is known of its extent and entry. */
const withEntry = Map.groupBy(anything, ({ key }) => entryPart(key));

function identify(key: string, removed: number, gone: boolean): string {
  return removed === 0 && !gone ? key : `${key}${removed}${gone ? "g" : ""}`;
}

function cost({ breaches, departures }: Candidate): number {
  return breaches.length + departures;
}

function keepBest(into: Map<string, Candidate>, name: string, candidate: Candidate): void {
  const old = into.get(name);
  if (old === undefined) {
    into.set(name, candidate);
    return;
  }
  const better = cost(candidate) < cost(old) ||
    (cost(candidate) === cost(old) && old.assumed && !candidate.assumed);
  if (better) into.set(name, candidate);
}

/** True if the page may be covered by a PMD entry. */
export function mayBeHuge(world: World): boolean {
  for (const { key } of world.candidates.values()) {
    if ((key.charCodeAt(entryOffset) & Entry.PMD) !== 0) return true;
  }
  return false;
}

/** True if the entry is DIRTY whatever else may be. */
export function surelyDirty(world: World): boolean {
  for (const { key } of world.candidates.values()) {
    if ((key.charCodeAt(tagOffset) & Tag.DIRTY) === 0) return false;
  }
  return true;
}

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

/** A removal enters: from now on it may take effect at any moment. Returns its slot. */
export function beginRemoval(world: World, slot: number, projection: Projection): void {
  while (world.removals.length <= slot) world.removals.push(undefined);
  world.removals[slot] = projection;
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

/** True if some candidate rests on the watched mapping's process having exited. */
export function awaitsLife(world: World): boolean {
  for (const each of world.candidates.values()) if (each.gone) return true;
  return false;
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

/** Events are missing: everything is possible again. */
export function forget(world: World): void {
  world.candidates = unknown();
  world.removals.length = 0;
  world.syncs = 0;
  world.dirtySince = undefined;
  world.open.clear();
}

/** Remembers an observation for reports: as the world's past, and as what followed a violation. */
export function remember(world: World, where: Where): void {
  if (world.history.at(-1) === where) return;
  world.history.push(where);
  if (world.history.length > historyLength) world.history = world.history.slice(-historyLength);
  for (const violation of world.violations.slice(-2)) {
    if (violation.aftermath === 0) continue;
    violation.because.push(where);
    violation.aftermath--;
  }
}

/** True while a violation's report still wants to know what follows. */
export function hasAftermath(world: World): boolean {
  return (world.violations.at(-1)?.aftermath ?? 0) > 0;
}
