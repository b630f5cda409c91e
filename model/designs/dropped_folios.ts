/**
 * System B: who drops folios, and by what it goes (chapter 5).
 *
 * A cached file of one page, or two. F calls fsync; power fails at any time.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Folio, isCached, stillCached } from "../folio.ts";
import type { Bounds, State } from "../state.ts";
import { commitMap, noteWrite } from "../storage.ts";
import { variable } from "../variable.ts";
import { Tag } from "../xarray.ts";
import { environment, task } from "./calls.ts";
import { fsyncPage } from "./fsync_steps.ts";
import { writeFolio } from "./page_cache_steps.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;
const Write = { FIRST: 1, SECOND: 2 } as const;

/** True once the shadow entry that covers both pages has been split. */
const split = variable("split");

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 0,
  tasks: 4,
  locals: 1,
  folios: 2,
  blocks: 1,
  durable: true,
};

function startWritten(state: State): void {
  for (let each = 0; each < state.bounds.pages; each++) {
    state.extent[each] = Extent.MAPPED;
    state.block[each] = each + 1;
    state.owner[each] = each + 1;
  }
  state.size[0] = state.bounds.pages;
  commitMap(state);
}

/** A folio that write(2) with RWF_DONTCACHE has just made dirty. */
function startDirty(state: State): void {
  startWritten(state);
  state.slot[page] = 1;
  state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
  state.memory[0] = Write.FIRST;
  state.backing[0] = 1;
  state.tag[page] = Tag.DIRTY;
  noteWrite(state, page, Write.FIRST);
}

/** write(2) to a folio that is there, or to a new one that it covers whole. */
function write(number: number, at: number, writes: number, mayBeThere = true): Actor {
  const on = { task: number, page: at } as const;
  return task("W", number, (first, next) => [
    choice(
      first,
      `write_begin(${at})`,
      ...(mayBeThere
        ? [{
          when: (state: State) => state.slot[at] !== 0,
          events: [{ kind: "find_folio", ...on }, { kind: "lock_folio", ...on }] as const,
        }]
        : []),
      {
        result: "a new folio",
        when: (state) => state.slot[at] === 0,
        events: [{ kind: "add_folio", ...on }, { kind: "map_blocks", ...on }, {
          kind: "write_begin",
          ...on,
        }],
        then: (state) => {
          if (state.bounds.variables?.includes(split.name)) split.set(state, 1);
        },
      },
    ),
    choice(`${first}.end`, `write_end(${at})`, {
      events: [
        { kind: "copy_in", ...on, writes },
        { kind: "mark_dirty", ...on },
        { kind: "unlock_folio", ...on },
        { kind: "put_folio", ...on },
      ],
      goto: next,
    }),
  ]);
}

/** Writeback, and `folio_end_dropbehind_write` behind it. */
function dropBehind(number: number, looksAgain: boolean): Actor {
  const on = { task: number, page } as const;
  const isMine = (state: State): boolean => stillCached(state, number, page);
  const isIdle = (state: State): boolean =>
    !isCached(state, page, Folio.DIRTY) && !isCached(state, page, Folio.WRITEBACK);
  const drop: readonly Event[] = [
    { kind: "remove_folio", ...on, why: "invalidate" },
    { kind: "put_folio", ...on },
  ];
  /** The folio stays in the hand behind its writeback. */
  const writeBack = (otherwise: string): readonly Step[] =>
    writeFolio(on, [], otherwise).map((step) =>
      step.label === "end writeback"
        ? does(step.label, step.name, { kind: "end_writeback", ...on })
        : step
    );
  return environment("flusher", number, (first, next) => [
    choice(first, "writeback finds the folio", {
      when: (state) => isCached(state, page, Folio.DIRTY),
      events: [{ kind: "find_folio", ...on }],
    }),
    ...writeBack(next).map((step) => ({ ...step, label: `${first}.${step.label}` })),
    choice(
      `${first}.drop`,
      "folio_trylock(), folio_unmap_invalidate()",
      {
        when: (state) => isMine(state) && (!looksAgain || isIdle(state)),
        events: drop,
        goto: next,
      },
      ...(looksAgain
        ? [{
          result: "dirty again: it stays",
          when: (state: State) => !isIdle(state),
          events: [{ kind: "put_folio", ...on }] as const,
          goto: next,
        }]
        : []),
    ),
  ]);
}

/**
 * netfs: a folio is dropped, and a later read asks the server, or takes zeros because the page lies above
 * `zero_point`. It lies above if nobody told netfs that the folio has gone.
 */
function dropAndRead(tells: boolean): readonly Actor[] {
  const drop = { task: 0, page } as const;
  const read = { task: 1, page } as const;
  return [
    task("T", 0, (first, next) => [choice(first, "truncate_inode_pages_range()", {
      when: (state) => isCached(state, page, Folio.UPTODATE) && state.locked[0] === 0,
      events: [{ kind: "remove_folio", ...drop, why: "invalidate" }],
      goto: next,
    })]),
    task("R", 1, (first, next) => [
      choice(
        first,
        `filemap_get_folio(${page})`,
        { result: "folio", when: (state) => state.slot[page] !== 0, goto: next },
        {
          result: "nothing",
          when: (state) => state.slot[page] === 0,
          events: [{ kind: "add_folio", ...read }],
        },
      ),
      tells
        ? does(
          `${first}.read`,
          "below zero_point: read from the server",
          { kind: "map_blocks", ...read },
          { kind: "read_folio", ...read },
        )
        : does(`${first}.read`, "above zero_point: zeros", { kind: "read_folio", ...read }),
      choice(`${first}.done`, "folio_unlock()", {
        events: [{ kind: "unlock_folio", ...read }, { kind: "put_folio", ...read }],
        goto: next,
      }),
    ]),
  ];
}

/** What write(2) put there has been written to the server, and is still cached. */
function startOnServer(state: State): void {
  startWritten(state);
  for (const copy of [state.media, state.pending, state.visible]) copy[0] = Write.FIRST;
  state.slot[page] = 1;
  state.folio[0] = Folio.UPTODATE;
  state.memory[0] = Write.FIRST;
  state.backing[0] = 1;
}

/** `__filemap_add_folio` of page 1 where a shadow entry covers two pages and must be split. */
function addOverShadow(number: number, looksUnderLock: boolean): Actor {
  const on = { task: number, page: 1 } as const;
  const isThere = (state: State): boolean => split.of(state) === 0;
  const add: readonly Event[] = [
    { kind: "add_folio", ...on },
    { kind: "map_blocks", ...on },
    { kind: "read_folio", ...on },
    { kind: "unlock_folio", ...on },
    { kind: "put_folio", ...on },
  ];
  const isIdle = (state: State): boolean =>
    state.locked[0] === 0 && !isCached(state, 0, Folio.WRITEBACK);
  return task("A", number, (first, next) => [
    choice(
      first,
      "xa_get_order() of the shadow",
      { result: "two pages", when: isThere },
      { result: "one page", when: (state) => !isThere(state), goto: `${first}.plain` },
    ),
    choice(
      `${first}.split`,
      "xas_split(), xas_store(1) under xa_lock",
      { when: isThere, events: add, then: (state) => split.set(state, 1), goto: next },
      looksUnderLock
        ? { result: "another order now", when: (state) => !isThere(state), goto: first }
        : {
          result: "slot 0 gets the old shadow back",
          when: (state) => !isThere(state) && state.slot[0] !== 0 && isIdle(state),
          events: [{ kind: "remove_folio", task: number, page: 0, why: "invalidate" }, ...add],
          goto: next,
        },
    ),
    choice(`${first}.plain`, "xas_store(1) under xa_lock", { events: add, goto: next }),
  ]);
}

interface Told extends Pick<Design, "id" | "title" | "source" | "actors" | "start"> {
  readonly breaks?: readonly string[];
  readonly bounds?: Bounds;
}

function design({ breaks = [], actors, ...told }: Told): Design {
  return { system: "B", bounds, ...told, actors: [...actors, power(3)], breaks };
}

/** fsync; the folio may be gone, or clean, when it is locked, if others write back or drop folios too. */
const syncs = (alone: boolean): Actor =>
  task(
    "F",
    2,
    fsyncPage({ task: 2, page }, {
      mappings: [],
      write: alone ? writeFolio({ task: 2, page }, []) : writeFolio({ task: 2, page }, [], "walk"),
    }),
  );
const twoPages: Bounds = {
  ...bounds,
  pages: 2,
  blocks: 2,
  folios: 2,
  variables: [split.name],
};
const before = "before 6758c1128ceb; the mechanism as discussed in September 2024";

/** Folios that leave the page cache, or their slot, behind somebody's back. */
export const droppedFolioDesigns: readonly Design[] = [
  design({
    id: "WB-dontcache",
    title:
      "a folio of RWF_DONTCACHE is dropped after writeback only if it is clean and idle by then",
    source: "095f627add86 (6.16, and 6.15 stable)",
    start: startDirty,
    actors: [dropBehind(0, true), write(1, page, Write.SECOND), syncs(false)],
  }),
  design({
    id: "WB-dontcache-blind",
    title: "a folio of RWF_DONTCACHE is dropped after writeback, whatever it is by then",
    source: "before 095f627add86",
    start: startDirty,
    actors: [dropBehind(0, false), write(1, page, Write.SECOND), syncs(false)],
    breaks: ["DUR-1"],
  }),
  design({
    id: "WB-zero-point",
    title: "netfs is told of every folio that is dropped, and lets reads ask the server again",
    source: "0aa2e1b2fb7a (6.11, and stable)",
    start: startOnServer,
    actors: dropAndRead(true),
  }),
  design({
    id: "WB-zero-point-untold",
    title: "netfs is told of dropped folios that have private data: zeros are read for the others",
    source: "before 0aa2e1b2fb7a; generic/075, generic/112",
    start: startOnServer,
    actors: dropAndRead(false),
    breaks: ["COH-1"],
  }),
  design({
    id: "WB-split",
    title: "the order of a shadow entry is looked at again under the lock in which it is split",
    source: "6758c1128ceb (6.10)",
    bounds: twoPages,
    start: startWritten,
    actors: [addOverShadow(0, true), write(1, 0, Write.FIRST, false), syncs(true)],
  }),
  design({
    id: "WB-split-stale",
    title: "a shadow entry is split by the order that it had before the lock: a folio is lost",
    source: before,
    bounds: twoPages,
    start: startWritten,
    actors: [addOverShadow(0, false), write(1, 0, Write.FIRST, false), syncs(false)],
    breaks: ["DUR-1"],
  }),
];
