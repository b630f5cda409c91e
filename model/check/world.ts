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
import type { Watch } from "./transition.ts";

/** An invariant that a candidate had to break, and the observation at which it did. */
export interface Breach {
  readonly id: string;
  readonly where: Where;
}

/** One state that fits what was seen so far, and what it had to break. */
export interface Candidate {
  readonly key: string;
  /** Bit n: removal n of the world's removals in flight has taken effect. */
  readonly removed: number;
  readonly assumed: boolean;
  readonly gone: boolean;
  readonly departures: number;
  readonly breaches: readonly Breach[];
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
  /** True once the watched mapping was seen to map a hole. */
  mappedHole: boolean;
  history: Where[];
}

const [extentOffset] = fieldRange(smallWorld, "extent");
const [entryOffset] = fieldRange(smallWorld, "entry");
const [tagOffset] = fieldRange(smallWorld, "tag");
const [pteOffset] = fieldRange(smallWorld, "pte");

/** How much of a world's past is kept for reports. */
const historyLength = 24;

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
    mappedHole: false,
    history: like === undefined ? [] : [...like.history],
  };
}

function fromPossibility({ key, assumed }: Possibility): Candidate {
  return { key, removed: 0, assumed, gone: false, departures: 0, breaches: [] };
}

/** Everything that is possible where nothing is known. */
export function unknown(): ReadonlyMap<string, Candidate> {
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

/** Name of a candidate in its set: equal for candidates that behave alike from here on. */
export function identify(key: string, removed: number, gone: boolean): string {
  return removed === 0 && !gone ? key : `${key}${removed}${gone ? "g" : ""}`;
}

/** How much a candidate asks one to believe. */
export function cost({ breaches, departures }: Candidate): number {
  return breaches.length + departures;
}

/** Of two candidates that behave alike, keeps the one that asks less. */
export function keepBest(into: Map<string, Candidate>, name: string, candidate: Candidate): void {
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

/** True if the watched PTE may map something. */
export function maybeMapped(world: World): boolean {
  for (const { key } of world.candidates.values()) {
    if (key.charCodeAt(pteOffset) !== 0) return true;
  }
  return false;
}

/** True if the entry may be DIRTY. */
export function maybeDirty(world: World): boolean {
  for (const { key } of world.candidates.values()) {
    if ((key.charCodeAt(tagOffset) & Tag.DIRTY) !== 0) return true;
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

/** A removal enters: from now on it may take effect at any moment. Returns its slot. */
export function beginRemoval(world: World, slot: number, projection: Projection): void {
  while (world.removals.length <= slot) world.removals.push(undefined);
  world.removals[slot] = projection;
}

/** True if some candidate rests on the watched mapping's process having exited. */
export function awaitsLife(world: World): boolean {
  for (const each of world.candidates.values()) if (each.gone) return true;
  return false;
}

/** Takes back what was proven behind a line, or only what is said of one invariant. */
export function withdraw(world: World, since: number, id?: string): void {
  for (const each of world.violations.filter(({ proof }) => proof.line > since)) {
    if (id !== undefined && each.id !== id) continue;
    world.violations.splice(world.violations.indexOf(each), 1);
    world.withdrawn.push(each);
  }
}

/**
 * Events are missing behind line `since`: everything is possible again, and what was proven behind
 * that line by what was not seen is withdrawn.
 */
export function forget(world: World, since: number): void {
  withdraw(world, since);
  world.provisional.length = 0;
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
