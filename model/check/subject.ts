/**
 * What is under judgement: files, their pages, and the VMAs that map them. Grows with the pages that
 * a recording's faults touch, never with its length.
 *
 * @module
 */
import type { Projection } from "./explain.ts";
import {
  type Completeness,
  type FileId,
  fileKey,
  type MappingId,
  type RemovalBeginSeen,
  type Where,
} from "./observation.ts";
import { projectRemoval } from "./removal_relation.ts";
import type { Order } from "../xarray.ts";
import type { Successors } from "./transition.ts";
import type { Observed } from "./observe.ts";
import { beginRemoval, createWorld, mayBeHuge, remember, type World } from "./world.ts";

/** Pages that one PMD maps on x86-64 with 4 KiB pages. */
export const pmdPages = 512;
/** Bytes of a page. */
export const pageSize = 4096;

/** One page of a file, with its worlds. */
export interface PageUnderCheck {
  readonly pgoff: number;
  readonly file: FileUnderCheck;
  readonly entry: World;
  readonly mappings: Map<MappingId, World>;
  /** The entry's world and every mapping's. */
  readonly worlds: World[];
}

/** A VMA of a file, as far as a trace can tell. */
export interface MappingUnderCheck {
  readonly id: MappingId;
  /** Tasks that faulted through it. */
  readonly pids: Set<number>;
  /** True once a program has marked a store through it. */
  stores: boolean;
}

/** A file under judgement. */
export interface FileUnderCheck {
  readonly id: FileId;
  readonly pages: Map<number, PageUnderCheck>;
  /** By PMD range: pages whose entry may be a PMD entry, so that faults on others may reach them. */
  readonly huge: Map<number, Set<PageUnderCheck>>;
  /** By PMD range: the last PMD fault, which a new page's story begins with. */
  readonly pmdFaults: Map<number, Where>;
  readonly mappings: Map<MappingId, MappingUnderCheck>;
  /** Sync calls in flight by slot; slot 0 stays empty, for task 0 is whoever acts. */
  readonly syncs: (number | undefined)[];
  readonly removals: (RemovalBeginSeen | undefined)[];
}

/** A sync call in flight. */
export interface SyncCall {
  readonly begin: Where;
  /** File key to slot. */
  readonly slots: Map<string, number>;
  crowded: boolean;
  /** False once another sync call was in flight on one of its files. */
  alone: boolean;
}

/** The checker's whole state. */
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
  /** Sync calls that returned without any event that names their file. */
  nameless: number;
}

/** A check that has seen nothing. */
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

/** The file's record, made on first sight. */
export function fileOf(check: Check, id: FileId): FileUnderCheck {
  const key = fileKey(id);
  let file = check.files.get(key);
  if (file === undefined) {
    file = {
      id,
      pages: new Map(),
      huge: new Map(),
      pmdFaults: new Map(),
      mappings: new Map(),
      syncs: [],
      removals: [],
    };
    check.files.set(key, file);
  }
  return file;
}

/** The VMA's record, made on first sight; the task is noted as one of its users. */
export function mappingOf(file: FileUnderCheck, id: MappingId, pid: number): MappingUnderCheck {
  let mapping = file.mappings.get(id);
  if (mapping === undefined) {
    file.mappings.set(id, mapping = { id, pids: new Set(), stores: false });
  }
  mapping.pids.add(pid);
  return mapping;
}

/** A page that is first seen in the middle of a removal: whatever any kernel does may happen to it. */
const anyKernel: Completeness = {
  faults: false,
  unmaps: false,
  removesElsewhere: true,
  readFaultsMark: false,
  removesWholeEntries: false,
};

/** The page's record, made on first sight; removals in flight may still reach it. */
export function pageOf(file: FileUnderCheck, pgoff: number): PageUnderCheck {
  const known = file.pages.get(pgoff);
  if (known !== undefined) return known;
  const entry = createWorld("entry");
  const page: PageUnderCheck = { pgoff, file, entry, mappings: new Map(), worlds: [entry] };
  file.removals.forEach((removal, slot) => {
    if (removal === undefined) return;
    beginRemoval(page.entry, slot, intern(projectRemoval(removal, pgoff, anyKernel)));
  });
  file.pages.set(pgoff, page);
  const pmdFault = file.pmdFaults.get(pmdOf(pgoff));
  if (pmdFault !== undefined) remember(entry, pmdFault);
  noteSize(page);
  return page;
}

/** Notes whether the page's entry may be a PMD entry. Called after whatever may have changed it. */
export function noteSize(page: PageUnderCheck): void {
  const range = pmdOf(page.pgoff);
  let pages = page.file.huge.get(range);
  if (pages === undefined) page.file.huge.set(range, pages = new Set());
  if (mayBeHuge(page.entry)) pages.add(page);
  else pages.delete(page);
}

/** The world of a mapping's PTE of the page, made on first sight from what the entry's world knows. */
export function worldOf(page: PageUnderCheck, mapping: MappingId): World {
  let world = page.mappings.get(mapping);
  if (world === undefined) {
    page.mappings.set(mapping, world = createWorld("mapping", page.entry));
    page.worlds.push(world);
  }
  return world;
}

/** Number of the PMD range that holds the page. */
export function pmdOf(pgoff: number): number {
  return Math.floor(pgoff / pmdPages);
}

/** Pages that a fault of this order reaches: its own, and those that may share a PMD entry with it. */
export function* reachedPages(
  file: FileUnderCheck,
  pgoff: number,
  order: Order,
): Generator<PageUnderCheck> {
  if (order === "pmd") {
    yield* pagesOfPmd(file, pgoff);
    return;
  }
  const own = file.pages.get(pgoff);
  if (own !== undefined) yield own;
  for (const page of [...file.huge.get(pmdOf(pgoff)) ?? []]) if (page !== own) yield page;
}

/** Pages under judgement in the PMD range of `pgoff`. */
export function* pagesOfPmd(file: FileUnderCheck, pgoff: number): Generator<PageUnderCheck> {
  const range = pmdOf(pgoff);
  if (file.pages.size < pmdPages) {
    for (const page of file.pages.values()) if (pmdOf(page.pgoff) === range) yield page;
    return;
  }
  for (let each = range * pmdPages; each < (range + 1) * pmdPages; each++) {
    const page = file.pages.get(each);
    if (page !== undefined) yield page;
  }
}

/** An observation that is judged, and may prove a violation. */
export function judged(where: Where): Observed {
  return { where, judges: true, proves: true };
}

const interned = new Map<string, Projection>();

/** One object for equal projections, so that the automaton's keys are computed once. */
export function intern(projection: Projection): Projection {
  const name = JSON.stringify(projection);
  const old = interned.get(name);
  if (old !== undefined) return old;
  interned.set(name, projection);
  return projection;
}
