/**
 * Judges a stream of observations that is only partly known.
 *
 * The checker has no rule of its own: it projects each observation into the small worlds that it
 * touches, steps every state that fits with the model's `step`, and asks the model's invariants.
 *
 * @module
 */
import { match } from "ts-pattern";
import type { Projection } from "./explain.ts";
import {
  type CleanedSeen,
  type Completeness,
  type FaultSeen,
  type FileId,
  fileKey,
  type HoleSeen,
  type MappingId,
  type Observation,
  type RemovalBeginSeen,
  type StoreSeen,
  type SyncEndSeen,
  type Visit,
  type Where,
} from "./observation.ts";
import { syncSlots } from "./small_world.ts";
import type { Successors } from "./transition.ts";
import {
  awaitsLife,
  beginRemoval,
  createWorld,
  endRemoval,
  forget,
  observe,
  type Observed,
  refuteGone,
  remember,
  type World,
} from "./world.ts";

/** Pages that one PMD maps on x86-64 with 4 KiB pages. */
export const pmdPages = 512;
const pageSize = 4096;

/** A file under judgement. */
export interface FileUnderCheck {
  readonly id: FileId;
  readonly pages: Map<number, PageUnderCheck>;
  readonly mappings: Map<MappingId, MappingUnderCheck>;
  /** Calls in flight by sync slot; slot 0 is never used (task 0 acts). */
  readonly syncs: (number | undefined)[];
  readonly removals: (RemovalBeginSeen | undefined)[];
}

/** One page of the file, with its worlds. */
export interface PageUnderCheck {
  readonly pgoff: number;
  readonly entry: World;
  readonly mappings: Map<MappingId, World>;
}

/** What is known of a VMA of the file. */
export interface MappingUnderCheck {
  readonly id: MappingId;
  readonly pids: Set<number>;
  /** True once a program has marked a store through it. */
  stores: boolean;
}

interface SyncCall {
  readonly begin: Where;
  readonly slots: Map<string, number>;
  range: { readonly from: number; readonly to: number } | undefined;
  unjudged: boolean;
}

/** The checker's whole state; grows with the pages that are mapped, never with the recording. */
export interface Check {
  readonly successors: Successors;
  completeness: Completeness;
  readonly files: Map<string, FileUnderCheck>;
  readonly calls: Map<number, SyncCall>;
  readonly removalCalls: Map<number, { readonly file: string; readonly slot: number }>;
  /** Worlds that wait for a sign of life of a task. */
  readonly waiting: Map<number, Set<World>>;
  readonly gaps: { readonly line: number; readonly reason: string }[];
  /** Sync calls that were not judged because too many were in flight at once. */
  crowded: number;
  /** Sync calls whose file no event named. */
  nameless: number;
}

export function createCheck(successors: Successors, completeness: Completeness): Check {
  return {
    successors,
    completeness,
    files: new Map(),
    calls: new Map(),
    removalCalls: new Map(),
    waiting: new Map(),
    gaps: [],
    crowded: 0,
    nameless: 0,
  };
}

/** Takes the check past one observation. Observations come in the order of their lines. */
export function checkObservation(check: Check, seen: Observation): void {
  match(seen)
    .with({ kind: "fault" }, (fault) => checkFault(check, fault))
    .with({ kind: "hole" }, (hole) => checkHole(check, hole))
    .with({ kind: "cleaned" }, (cleaned) => checkCleaned(check, cleaned))
    .with({ kind: "store" }, (store) => checkStore(check, store))
    .with({ kind: "sync_begin" }, ({ call, where }) => {
      check.calls.set(call, {
        begin: where,
        slots: new Map(),
        range: undefined,
        unjudged: false,
      });
    })
    .with({ kind: "sync_file" }, ({ call, file, range, where }) => {
      const sync = check.calls.get(call);
      if (sync === undefined) return;
      enterSync(check, sync, call, file);
      if (range !== undefined) limitSync(check, sync, file, range, where);
    })
    .with({ kind: "sync_end" }, (end) => endSync(check, end))
    .with({ kind: "removal_begin" }, (begin) => enterRemoval(check, begin))
    .with(
      { kind: "removal_end" },
      ({ call, where, done }) => leaveRemoval(check, call, where, done),
    )
    .with({ kind: "alive" }, ({ pid }) => checkAlive(check, pid))
    .with({ kind: "gap" }, ({ line, reason }) => openGap(check, line, reason))
    .exhaustive();
}

/** The file's record, made on first sight. */
function fileOf(check: Check, id: FileId): FileUnderCheck {
  const key = fileKey(id);
  let file = check.files.get(key);
  if (file === undefined) {
    file = { id, pages: new Map(), mappings: new Map(), syncs: [], removals: [] };
    check.files.set(key, file);
  }
  return file;
}

function mappingOf(file: FileUnderCheck, id: MappingId, pid: number): MappingUnderCheck {
  let mapping = file.mappings.get(id);
  if (mapping === undefined) {
    file.mappings.set(id, mapping = { id, pids: new Set(), stores: false });
  }
  mapping.pids.add(pid);
  return mapping;
}

function pageOf(file: FileUnderCheck, pgoff: number): PageUnderCheck {
  let page = file.pages.get(pgoff);
  if (page === undefined) {
    page = { pgoff, entry: createWorld("entry"), mappings: new Map() };
    file.removals.forEach((removal, slot) => {
      if (removal !== undefined && page !== undefined) {
        beginRemoval(page.entry, slot, projectRemoval(removal, pgoff, false));
      }
    });
    file.pages.set(pgoff, page);
  }
  return page;
}

function worldOf(page: PageUnderCheck, mapping: MappingId): World {
  let world = page.mappings.get(mapping);
  if (world === undefined) page.mappings.set(mapping, world = createWorld("mapping", page.entry));
  return world;
}

function pmdOf(pgoff: number): number {
  return Math.floor(pgoff / pmdPages);
}

/** Worlds that a fault reaches: those of its page, and through a PMD entry those of its range. */
function* reached(file: FileUnderCheck, pgoff: number): Generator<PageUnderCheck> {
  const start = pmdOf(pgoff) * pmdPages;
  if (file.pages.size < pmdPages) {
    for (const page of file.pages.values()) if (pmdOf(page.pgoff) * pmdPages === start) yield page;
    return;
  }
  for (let each = start; each < start + pmdPages; each++) {
    const page = file.pages.get(each);
    if (page !== undefined) yield page;
  }
}

function judged(where: Where, proves = true): Observed {
  return { where, judges: true, proves };
}

const interned = new Map<string, Projection>();

/** One object for equal projections, so that the automaton's keys are computed once. */
function intern<P extends Projection>(projection: P): Projection {
  const name = JSON.stringify(projection);
  const old = interned.get(name);
  if (old !== undefined) return old;
  interned.set(name, projection);
  return projection;
}

function checkFault(check: Check, seen: FaultSeen): void {
  const file = fileOf(check, seen.file);
  const { where, pgoff, order, write } = seen;
  mappingOf(file, seen.mapping, where.pid);
  worldOf(pageOf(file, pgoff), seen.mapping);
  for (const page of reached(file, pgoff)) {
    const here = page.pgoff === pgoff;
    const certain = seen.outcome === "mapped";
    const see = (world: World, own: boolean): void => {
      const projection = intern({
        kind: write ? "write_fault" : "read_fault",
        order,
        here,
        own,
        fresh: world.touched < seen.since,
        overtaken: world.cleaned > seen.since,
        certain,
        holeVisible: seen.holeVisible,
      });
      if (here || order === "pmd") remember(world, where);
      const explained = observe(world, projection, check.successors, judged(where));
      if (own && (here || order === "pmd")) world.touched = where.line;
      if (write && (here || order === "pmd")) world.allocated = where.line;
      if (write && (world.dirtySince === undefined || !explained)) world.dirtySince = where.line;
    };
    see(page.entry, false);
    for (const [id, world] of page.mappings) see(world, id === seen.mapping);
  }
}

function checkHole(check: Check, seen: HoleSeen): void {
  const file = fileOf(check, seen.file);
  const { where, pgoff, order } = seen;
  mappingOf(file, seen.mapping, where.pid);
  worldOf(pageOf(file, pgoff), seen.mapping);
  for (const page of reached(file, pgoff)) {
    const here = page.pgoff === pgoff;
    const see = (world: World, own: boolean): void => {
      const raced = world.allocated > seen.since && here;
      if (here || order === "pmd") remember(world, where);
      const projection = intern({ kind: "hole", order, here, own, raced });
      observe(world, projection, check.successors, judged(where));
      if (own && (here || order === "pmd")) world.touched = where.line;
    };
    see(page.entry, false);
    for (const [id, world] of page.mappings) see(world, id === seen.mapping);
  }
}

function checkCleaned(check: Check, seen: CleanedSeen): void {
  const file = fileOf(check, seen.file);
  const { where, order } = seen;
  const pages = order === "pmd"
    ? [...reached(file, seen.pgoff)]
    : [file.pages.get(seen.pgoff)].filter((page) => page !== undefined);
  for (const page of pages) {
    const see = (world: World, mapping?: MappingId): void => {
      const visit = mapping === undefined ? "visited" : visitOf(seen, mapping, page.pgoff);
      remember(world, where);
      observe(world, intern({ kind: "cleaned", order, visit }), check.successors, judged(where));
      world.cleaned = where.line;
      world.dirtySince = undefined;
      const owner = mapping === undefined ? undefined : file.mappings.get(mapping);
      if (owner !== undefined && awaitsLife(world)) awaitLife(check, owner, world);
    };
    see(page.entry);
    for (const [id, world] of page.mappings) see(world, id);
  }
}

function visitOf(
  seen: CleanedSeen,
  mapping: MappingId,
  pgoff: number,
): "visited" | "doubtful" | "unseen" | "absent" {
  if (seen.visits === undefined) return "unseen";
  const base = Number(mapping);
  const address = base + pgoff * pageSize;
  const start = base + (seen.order === "pmd" ? pmdOf(pgoff) * pmdPages : pgoff) * pageSize;
  const end = start + (seen.order === "pmd" ? pmdPages : 1) * pageSize;
  const index = seen.visits.findIndex((visit) => visits(visit, address, start, end));
  if (index < 0) return "absent";
  return index > 0 && seen.laterVisitsDoubtful ? "doubtful" : "visited";
}

function visits(visit: Visit, address: number, start: number, end: number): boolean {
  return match(visit)
    .with({ kind: "vma" }, (vma) => vma.start <= address && address < vma.end)
    .with({ kind: "address" }, (walk) => start <= walk.address && walk.address < end)
    .exhaustive();
}

function checkStore(check: Check, seen: StoreSeen): void {
  const file = fileOf(check, seen.file);
  const mapping = mappingOf(file, seen.mapping, seen.where.pid);
  mapping.stores = true;
  const world = worldOf(pageOf(file, seen.pgoff), seen.mapping);
  remember(world, seen.where);
  // Cleaned, removed or remapped meanwhile: the store may have come before that.
  if (world.cleaned > seen.since) return;
  observe(world, intern({ kind: "store" }), check.successors, {
    where: seen.where,
    judges: true,
    proves: check.completeness.faults,
    direct: true,
  });
}

function enterSync(check: Check, sync: SyncCall, call: number, id: FileId): void {
  const key = fileKey(id);
  if (sync.slots.has(key)) return;
  const file = fileOf(check, id);
  let slot = 1;
  while (slot <= syncSlots && file.syncs[slot] !== undefined) slot++;
  if (slot > syncSlots) {
    sync.unjudged = true;
    check.crowded++;
    return;
  }
  file.syncs[slot] = call;
  sync.slots.set(key, slot);
  const begin = intern({ kind: "sync_begin", slot });
  for (const page of file.pages.values()) {
    for (const world of [page.entry, ...page.mappings.values()]) {
      // The call's file is told late: only what was DIRTY before the call was entered counts.
      const since = world.dirtySince;
      if (since === undefined || since >= sync.begin.line) continue;
      remember(world, sync.begin);
      world.syncs |= 1 << slot;
      observe(world, begin, check.successors, judged(sync.begin));
    }
  }
}

function limitSync(
  check: Check,
  sync: SyncCall,
  id: FileId,
  range: { readonly from: number; readonly to: number },
  where: Where,
): void {
  sync.range = range;
  const file = fileOf(check, id);
  const slot = sync.slots.get(fileKey(id));
  if (slot === undefined) return;
  for (const page of file.pages.values()) {
    if (page.pgoff >= range.from && page.pgoff < range.to) continue;
    for (const world of [page.entry, ...page.mappings.values()]) {
      dropSync(check, world, slot, where);
    }
  }
}

function dropSync(check: Check, world: World, slot: number, where: Where): void {
  if ((world.syncs & (1 << slot)) === 0) return;
  world.syncs &= ~(1 << slot);
  const projection = intern({ kind: "sync_end", slot });
  observe(world, projection, check.successors, { where, judges: false, proves: false });
}

function endSync(check: Check, { call, where, promises }: SyncEndSeen): void {
  const sync = check.calls.get(call);
  check.calls.delete(call);
  if (sync === undefined) return;
  if (sync.slots.size === 0 && !sync.unjudged) check.nameless++;
  for (const [key, slot] of sync.slots) {
    const file = check.files.get(key);
    if (file === undefined) continue;
    file.syncs[slot] = undefined;
    const end = intern({ kind: "sync_end", slot });
    for (const page of file.pages.values()) {
      for (const world of [page.entry, ...page.mappings.values()]) {
        if (!promises) {
          dropSync(check, world, slot, where);
          continue;
        }
        if ((world.syncs & (1 << slot)) === 0) continue;
        world.syncs &= ~(1 << slot);
        remember(world, where);
        observe(world, end, check.successors, judged(where));
      }
    }
  }
}

function projectRemoval(
  removal: RemovalBeginSeen,
  pgoff: number,
  removesWholeEntries: boolean,
): Projection {
  const start = pgoff * pageSize;
  const end = start + pageSize;
  const { fromByte, toByte, why } = removal;
  const relation = fromByte <= start && end <= toByte
    ? "inside"
    : fromByte < end && start < toByte
    ? "partial"
    : "outside";
  return intern({ kind: "removal", why, relation, removesWholeEntries });
}

function enterRemoval(check: Check, begin: RemovalBeginSeen): void {
  const file = fileOf(check, begin.file);
  let slot = 0;
  while (file.removals[slot] !== undefined) slot++;
  file.removals[slot] = begin;
  check.removalCalls.set(begin.call, { file: fileKey(begin.file), slot });
  const from = pmdOf(Math.floor(begin.fromByte / pageSize));
  const to = pmdOf(Math.ceil(begin.toByte / pageSize) - 1);
  for (const page of file.pages.values()) {
    if (pmdOf(page.pgoff) < from || pmdOf(page.pgoff) > to) continue;
    const { removesWholeEntries } = check.completeness;
    const projection = projectRemoval(begin, page.pgoff, removesWholeEntries);
    for (const world of [page.entry, ...page.mappings.values()]) {
      remember(world, begin.where);
      beginRemoval(world, slot, projection);
    }
  }
}

function leaveRemoval(check: Check, call: number, where: Where, done: boolean): void {
  const removal = check.removalCalls.get(call);
  check.removalCalls.delete(call);
  const file = removal === undefined ? undefined : check.files.get(removal.file);
  if (removal === undefined || file === undefined) return;
  file.removals[removal.slot] = undefined;
  for (const page of file.pages.values()) {
    for (const world of [page.entry, ...page.mappings.values()]) {
      if (world.removals[removal.slot] === undefined) continue;
      remember(world, where);
      endRemoval(world, removal.slot, done, check.successors, judged(where));
      world.cleaned = where.line;
      world.touched = where.line;
    }
  }
}

function awaitLife(check: Check, mapping: MappingUnderCheck, world: World): void {
  for (const pid of mapping.pids) {
    const worlds = check.waiting.get(pid) ?? new Set();
    worlds.add(world);
    check.waiting.set(pid, worlds);
  }
}

function checkAlive(check: Check, pid: number): void {
  const worlds = check.waiting.get(pid);
  if (worlds === undefined) return;
  check.waiting.delete(pid);
  for (const world of worlds) {
    const where = world.history.at(-1);
    if (where !== undefined) refuteGone(world, judged(where));
  }
}

function openGap(check: Check, line: number, reason: string): void {
  check.gaps.push({ line, reason });
  check.calls.clear();
  check.removalCalls.clear();
  check.waiting.clear();
  for (const file of check.files.values()) {
    file.syncs.length = 0;
    file.removals.length = 0;
    for (const page of file.pages.values()) {
      for (const world of [page.entry, ...page.mappings.values()]) forget(world);
    }
  }
}
