/**
 * System B: the page cache's own mkclean and marks (chapter 5; mutation `tlbFlush`,
 * `towriteRule`).
 *
 * A file of one page, cached and clean, mapped by P, which stores to it twice. F calls fsync twice.
 * Power fails at any time.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { commitMap } from "../storage.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Folio, isCached } from "../folio.ts";
import type { Bounds, State } from "../state.ts";
import { mayStore } from "../tlb.ts";
import { Tag } from "../xarray.ts";
import { type Call, environment, task } from "./calls.ts";
import { fsyncPage, type FsyncVariant } from "./fsync_steps.ts";
import { lockFolio, mkwriteEvents } from "./page_cache_steps.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;

/** One page, one mapping of it, and a device with a cache. */
export const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 4,
  locals: 1,
  folios: 1,
  blocks: 1,
  durable: true,
};

/** The page is cached and clean, and its block is written. */
export function start(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  state.size[0] = 1;
  state.slot[page] = 1;
  state.folio[0] = Folio.UPTODATE;
  state.backing[0] = 1;
  commitMap(state);
}

/**
 * The write fault of a task, or a read fault that maps the folio writable all the same. Each task
 * has the mapping of its number.
 */
export function fault(
  asksFileSystem: boolean,
  task = 0,
): (label: string, store: string) => readonly Step[] {
  const on = { task, page };
  const map: readonly Event[] = [
    { kind: "map_folio", ...on, mapping: task, access: "write" },
    { kind: "unlock_folio", ...on },
    { kind: "put_folio", ...on },
  ];
  return (label, store) => [
    does(label, `filemap_get_folio(${page})`, { kind: "find_folio", ...on }),
    { ...lockFolio(on), label: `${label}.lock` },
    asksFileSystem
      ? choice(`${label}.mkwrite`, `->page_mkwrite(${page})`, {
        events: mkwriteEvents(on, task),
        goto: store,
      })
      : choice(`${label}.map`, `read fault maps folio ${page} writable`, {
        events: map,
        goto: store,
      }),
  ];
}

type Faults = ReturnType<typeof fault>;

/** A store through the mapping, with whatever faults it takes. */
export function store(writes: number, faults: Faults | undefined, mapping = 0): Call {
  const writable = (state: State): boolean => mayStore(state, mapping, page);
  return (first, next) => [
    choice(
      first,
      `store to page ${page}`,
      {
        when: writable,
        events: [{ kind: "store_folio", mapping, page, writes }],
        goto: next,
      },
      ...(faults === undefined
        ? []
        : [{ result: "fault", when: (state: State) => !writable(state), goto: `${first}.fault` }]),
    ),
    ...(faults?.(`${first}.fault`, first) ?? []),
  ];
}

/** Two stores; the second takes a fault only where something can take the first one's PTE away. */
function stores(first: Faults, second: Faults | undefined): Actor {
  return task("P", 0, store(1, first), store(2, second));
}

function syncs(variant: FsyncVariant, count: number): Actor {
  const calls = Array.from({ length: count }, () => fsyncPage({ task: 1, page }, variant));
  return task("F", 1, ...calls);
}

/** The commit of data=ordered meets the dirty folio and finds nothing in it that it may write yet. */
function orderedCommit(keepsMark: boolean): Actor {
  const on = { task: 2, page };
  return environment("journal", 2, (first, next) => [
    choice(first, "ordered commit finds the folio dirty", {
      when: (state) => isCached(state, page, Folio.DIRTY),
      events: [{ kind: "find_folio", ...on }, { kind: "lock_folio", ...on }],
    }),
    choice(`${first}.skip`, "delayed allocation: nothing is written, the folio stays dirty", {
      events: [
        ...(keepsMark ? [] : [{ kind: "clear_mark", ...on, mark: "TOWRITE" } as const]),
        { kind: "unlock_folio", ...on },
        { kind: "put_folio", ...on },
      ],
      goto: next,
    }),
  ]);
}

/** munmap of P's mapping by another thread: the PTE goes first, the CPU's translation when it is told. */
function zap(deferred: boolean): Actor {
  return environment("zap", 2, (first, next) => [
    choice(first, "zap_pte_range()", {
      when: (state) => mayStore(state, 0, page),
      events: deferred
        ? [{ kind: "zap_folio", mapping: 0, page, tlbFlush: "deferred" }]
        : [{ kind: "zap_folio", mapping: 0, page }],
      ...(deferred ? {} : { goto: next }),
    }),
    ...(deferred
      ? [choice(`${first}.flush`, "tlb_flush_mmu()", {
        events: [{ kind: "flush_tlb", mapping: 0, page }],
        goto: next,
      })]
      : []),
  ]);
}

/** Writeback of a folio over a hole: there is nothing to write. */
function holeWriteback(cycles: boolean): Actor {
  const on = { task: 1, page };
  return task("B", 1, (first, next) => [
    does(first, `filemap_get_folio(${page})`, { kind: "find_folio", ...on }),
    does(
      `${first}.clear`,
      `folio_clear_dirty_for_io(${page})`,
      { kind: "lock_folio", ...on },
      { kind: "clear_dirty_for_io", ...on },
    ),
    choice(`${first}.done`, "nothing to write", {
      events: [
        ...(cycles
          ? [{ kind: "start_writeback", ...on }, { kind: "end_writeback", ...on }] as const
          : []),
        { kind: "unlock_folio", ...on },
        { kind: "put_folio", ...on },
      ],
      goto: next,
    }),
  ]);
}

interface Told {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly actors: readonly Actor[];
  readonly breaks?: readonly string[];
  readonly start?: (state: State) => void;
  readonly bounds?: Bounds;
}

function design(told: Told): Design {
  const { id, title, source, actors, breaks = [] } = told;
  return {
    id,
    system: "B",
    title,
    source,
    bounds: told.bounds ?? bounds,
    start: told.start ?? start,
    actors,
    breaks,
  };
}

/** A dirty folio over a hole. */
function dirtyHole(state: State): void {
  state.slot[page] = 1;
  state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
  state.tag[page] = Tag.DIRTY;
}

const merged: FsyncVariant = { mappings: [0] };
const asks = fault(true);
const both = stores(asks, asks);
const tlbs: Bounds = { ...bounds, tlbs: true };

/** Writeback of the page cache. */
export const writebackDesigns: readonly Design[] = [
  design({
    id: "WB",
    title: "writeback protects every PTE of the folio before it clears PG_dirty",
    source: "folio_clear_dirty_for_io, mm/page-writeback.c, all versions",
    actors: [both, syncs(merged, 2), power(3)],
  }),
  design({
    id: "WB-unprotected",
    title: "writeback clears PG_dirty and leaves the PTEs writable",
    source: "mutant; before d08b3851da41 (v2.6.19)",
    actors: [stores(asks, undefined), syncs({ mappings: [] }, 2), power(3)],
    breaks: ["WB-CLEAN-1", "DUR-1", "COH-1"],
  }),
  design({
    id: "WB-no-mkwrite",
    title: "a read fault maps a shared folio writable without asking the file system",
    source: "before 9637a5efd4fb, which adds ->page_mkwrite",
    actors: [
      stores(fault(false), undefined),
      syncs({ ...merged, unmarked: true }, 1),
      power(3),
    ],
    breaks: ["WB-MKWRITE-1", "DUR-1"],
  }),
  design({
    id: "WB-zap",
    title: "munmap flushes the TLB with the PTE",
    source: "1cf35d47712d (v3.15)",
    actors: [both, syncs(merged, 2), zap(false), power(3)],
    bounds: tlbs,
  }),
  design({
    id: "WB-zap-deferred",
    title: "munmap flushes the TLB some time after the PTE is gone",
    source: "before 1cf35d47712d",
    actors: [both, syncs(merged, 2), zap(true), power(3)],
    breaks: ["WB-CLEAN-1", "DUR-1", "COH-1"],
    bounds: tlbs,
  }),
  design({
    id: "WB-towrite",
    title: "an ordered commit that cannot write the folio leaves its TOWRITE mark",
    source: "1c8349a17137",
    actors: [both, syncs(merged, 1), orderedCommit(true), power(3)],
  }),
  design({
    id: "WB-towrite-any",
    title: "an ordered commit clears TOWRITE of a folio that it does not write",
    source: "before 1c8349a17137",
    actors: [both, syncs(merged, 1), orderedCommit(false), power(3)],
    breaks: ["WB-TOWRITE-1", "DUR-1"],
  }),
  design({
    id: "WB-hole",
    title: "writeback of a folio over a hole clears its marks",
    source: "ext4: fix stale xarray tags after writeback (2026)",
    actors: [holeWriteback(true)],
    start: dirtyHole,
  }),
  design({
    id: "WB-hole-stale",
    title: "writeback of a folio over a hole leaves its DIRTY mark",
    source: "ext4, before that",
    actors: [holeWriteback(false)],
    start: dirtyHole,
    breaks: ["WB-TAG-1"],
  }),
];
