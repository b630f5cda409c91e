/**
 * System B: programs that flush their own stores to a DAX file, and what they need from the kernel
 * (chapter 2, mutation `syncFault`, `frozenMap`).
 *
 * The file has one page of two cache lines, and no block yet. P1 stores to the first line, writes it
 * back and fences; P2 stores to the second line and calls fsync. Power fails at any time.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { commitMap } from "../storage.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import { mayStore } from "../tlb.ts";
import { type Call, environment as atAnyTime, task } from "./calls.ts";
import { eviction, journal, power } from "./power_steps.ts";
import { choice } from "./program.ts";
import {
  type FaultRule,
  flushOwn,
  fsync,
  page,
  storeLine,
  type Storer,
  syncfs,
} from "./sync_mapping_steps.ts";

const p1: Storer = { task: 0, mapping: 0, line: 0, writes: 1 };
const p2: Storer = { task: 1, mapping: 1, line: 1, writes: 2 };
/** Another thread of P1's process. */
const thread: Storer = { task: 5, mapping: 0, line: 0, writes: 4 };

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 2,
  tasks: 6,
  locals: 1,
  blocks: 1,
  durable: true,
};
const syncBounds: Bounds = { ...bounds, syncBelow: 1 };

/** A hole, in a file that is long enough. */
function hole(state: State): void {
  state.size[0] = 1;
  commitMap(state);
}

/** A written block, on the disk. */
function preallocated(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  hole(state);
}

/** A written block, on the disk, in a file whose block map must not change. */
function frozen(state: State): void {
  preallocated(state);
  state.frozen[0] = 1;
}

function mapSync(gets: "synchronous" | "plain"): Call {
  const flags = gets === "plain" ? "MAP_SHARED|MAP_SYNC" : "MAP_SHARED_VALIDATE|MAP_SYNC";
  return (first, next) => [choice(first, `mmap(${flags})`, {
    events: [{ kind: "mmap", task: p1.task, mapping: p1.mapping, asksSync: true, gets }],
    goto: next,
  })];
}

function flusher(rule: FaultRule, ...before: readonly Call[]): Actor {
  return task("P1", p1.task, ...before, storeLine(p1, rule), flushOwn(p1));
}

/** Stores once the page is writable, if ever it finds it so, and flushes that. */
function secondThread(): Actor {
  const { mapping, line, writes } = thread;
  return atAnyTime("P1'", thread.task, (first, next) => [choice(first, `store to line ${line}`, {
    when: (state) => mayStore(state, mapping, page),
    events: [{ kind: "store_line", mapping, page, writes }],
    goto: next,
  })], flushOwn(thread));
}

function syncer(rule: FaultRule, ...syncs: readonly Call[]): Actor {
  return task("P2", p2.task, storeLine(p2, rule), ...syncs);
}

/** What a hole punch may meet. */
type Met = "mapped" | "not cached" | "refused";

/** Punches the page out, unless it looks and finds the file frozen. */
function puncher(meets: readonly Met[], looks = true): Actor {
  const number = 1;
  const frozen = (state: State): boolean => looks && state.frozen[0] === 1;
  const free: Event = { kind: "remove_extent", task: number, page, becomes: "hole" };
  const returns: Event = { kind: "removal_end", task: number, page };
  const ways = [
    {
      result: "mapped",
      when: (state: State) => !frozen(state) && state.entry[page] !== 0,
      events: [
        { kind: "lock_entry", task: number, page, order: "pte" },
        { kind: "unmap_page", mapping: p1.mapping, page },
        { kind: "remove_entry", task: number, page, why: "punch", from: page, to: page + 1 },
        free,
        returns,
      ],
    },
    {
      result: "not cached",
      when: (state: State) => !frozen(state) && state.entry[page] === 0,
      events: [free, returns],
    },
    {
      result: "refused",
      when: frozen,
      events: [{ kind: "refuse_change", task: number, page }],
    },
  ] as const;
  return task("T", number, (first, next) => [
    choice(
      first,
      `fallocate(PUNCH_HOLE, ${page})`,
      ...ways.filter(({ result }) => meets.includes(result))
        .map((way) => ({ ...way, result: meets.length === 1 ? "" : way.result, goto: next })),
    ),
  ]);
}

/** daxfile: everything is allocated and committed, then the map is frozen, in one call. */
function daxfile(commits = true): Call {
  const name = commits ? "preallocate, commit and freeze the file" : "preallocate and freeze";
  return (first, next) => [choice(first, name, {
    events: [
      { kind: "allocate", task: p1.task, page },
      ...(commits ? [{ kind: "commit", task: p1.task } as const] : []),
      { kind: "freeze", task: p1.task, file: 0 },
    ],
    goto: next,
  })];
}

interface Told {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly actors: readonly Actor[];
  readonly breaks?: readonly string[];
  readonly bounds?: Bounds;
  readonly start?: (state: State) => void;
}

const environment: readonly Actor[] = [eviction(3, page, 0), power(4)];

function design(told: Told): Design {
  const { id, title, source, actors, breaks = [], start = hole } = told;
  return {
    id,
    system: "B",
    title,
    source,
    bounds: told.bounds ?? bounds,
    start,
    actors: [...actors, ...environment],
    breaks,
  };
}

const synchronous = mapSync("synchronous");
const twice = [fsync(p2), fsync(p2, { again: true })];

/** Mappings whose programs flush their own stores. */
export const syncMappingDesigns: readonly Design[] = [
  design({
    id: "B0",
    title: "a plain mapping; the program writes its lines back itself",
    source: "seed 001; always possible",
    actors: [flusher({ finds: "NEW" }), journal(2)],
    breaks: ["META-1"],
  }),
  design({
    id: "B0-preallocated",
    title: "as B0, into blocks that were allocated and committed before",
    source: "seed 001",
    actors: [flusher({}), puncher(["mapped", "not cached"]), journal(2)],
    breaks: ["META-1"],
    start: preallocated,
  }),
  design({
    id: "B1",
    title: "MAP_SYNC: a write fault commits the block map before it maps the page",
    source: "a39e596baa07, b8a6176c214c (v4.15)",
    actors: [
      flusher({ sync: true }, synchronous),
      syncer({}, ...twice),
      secondThread(),
      journal(2),
    ],
    bounds: syncBounds,
  }),
  design({
    id: "B1-maps-first",
    title: "as B1, but the page is mapped before the block map is committed",
    source: "mutant of B1",
    actors: [
      flusher({ sync: true, mapsFirst: true }, synchronous),
      syncer({}, ...twice),
      secondThread(),
      journal(2),
    ],
    breaks: ["META-1"],
    bounds: syncBounds,
  }),
  design({
    id: "B2",
    title: "as B1, but stores through the MAP_SYNC mapping are not tracked",
    source: "seed 001: dirty tracking by VMA",
    actors: [
      flusher({ sync: true, tracks: false }, synchronous),
      syncer({}, fsync(p2), fsync(p2, { again: true, untracked: true })),
      journal(2),
    ],
    breaks: ["DAX-TAG-1", "DUR-3"],
    bounds: syncBounds,
  }),
  design({
    id: "B2-inode",
    title: "as B2, and while the mapping exists no store to the file is tracked",
    source: "seed 001: dirty tracking switched off by inode",
    actors: [
      flusher({ sync: true, tracks: false }, synchronous),
      syncer({ tracks: false }, fsync(p2, { untracked: true })),
      journal(2),
    ],
    breaks: ["DAX-TAG-1", "DUR-3"],
    bounds: syncBounds,
  }),
  design({
    id: "B3",
    title: "daxfile: preallocate, commit, freeze the block map",
    source:
      "seed 001; RFC of June 2017 with a daxctl() call that makes a file like a swap file, not merged",
    actors: [
      flusher({ finds: "MAPPED" }, daxfile()),
      puncher(["not cached", "refused"]),
      journal(2),
    ],
  }),
  design({
    id: "B3-early",
    title: "the same, but it does not fail where the block map is not on the disk yet",
    source: "seed 001, Lutomirski: how can it fail? a mutation of B3",
    actors: [flusher({ finds: "MAPPED" }, daxfile(false)), journal(2)],
    breaks: ["META-1"],
  }),
  design({
    id: "B4",
    title: "immutable extents: the file was frozen long ago and for good",
    source: "seed 001; not merged",
    actors: [flusher({ finds: "MAPPED" }), puncher(["refused"])],
    start: frozen,
  }),
  design({
    id: "B4-unchecked",
    title: "as B4, but one caller that changes block maps does not look whether the file is frozen",
    source: "seed 001: mutant; a defragmenter",
    actors: [flusher({}), puncher(["mapped", "not cached"], false), journal(2)],
    breaks: ["META-1", "META-3"],
    start: frozen,
  }),
  design({
    id: "B5",
    title: "MAP_SYNC without MAP_SHARED_VALIDATE: kernels ignore flags that they do not know",
    source: "seed 001; mmap(2)",
    actors: [flusher({ finds: "NEW" }, mapSync("plain")), journal(2)],
    breaks: ["META-1", "MSYNC-1"],
  }),
  design({
    id: "B1-syncfs",
    title: "as B1 as merged: the fault marks the entry DIRTY, but not the inode",
    source: "dax_finish_sync_fault, fs/dax.c, v4.15 to 7.2",
    actors: [
      flusher({ sync: true, alone: true }, synchronous),
      task("S", 1, syncfs(1)),
      journal(2),
    ],
    breaks: ["DUR-1"],
    bounds: syncBounds,
  }),
  design({
    id: "B1-syncfs-marked",
    title: "as B1, and the fault marks the inode dirty too",
    source: "not proposed anywhere that we know of",
    actors: [
      flusher({ sync: true, alone: true, marksInode: true }, synchronous),
      task("S", 1, syncfs(1)),
      journal(2),
    ],
    bounds: syncBounds,
  }),
];
