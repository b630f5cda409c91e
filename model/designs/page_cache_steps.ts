/**
 * What programs of the page cache are made of: cache a folio, make it writable, store, write back.
 *
 * A program says where it branches to by the labels below; everything is on one page.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Folio, folioInHand, isCached, stillCached } from "../folio.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { Tag } from "../xarray.ts";
import { choice, does } from "./program.ts";

/** Who works on which page. */
export interface TaskOnPage {
  readonly task: number;
  readonly page: number;
}

/** How a folio gets into the cache, where designs differ. */
export interface CacheOptions {
  /** Steps between finding nothing and adding a folio: the lock that keeps removals out, if any. */
  readonly lock?: readonly Step[];
  /** Steps behind the read: the same lock. */
  readonly unlock?: readonly Step[];
  /** True where others add folios to the page too. */
  readonly rivals?: boolean;
  /** Extents that the look-up may find; only `MAPPED` if absent. */
  readonly finds?: readonly (keyof typeof Extent)[];
  /** Where to go if the folio is there and uptodate. */
  readonly hit: string;
}

/** True if nothing is cached for the page. */
export function notCached(page: number): (state: State) => boolean {
  return (state) => state.slot[page] === 0;
}

/** True if an uptodate folio is cached for the page. */
export function uptodate(page: number): (state: State) => boolean {
  return (state) => isCached(state, page, Folio.UPTODATE);
}

/** Find an uptodate folio, or add one and read it; leaves it unlocked in the task's hand. */
export function cacheFolio({ task, page }: TaskOnPage, options: CacheOptions): readonly Step[] {
  const { lock = [], unlock = [], rivals = false, finds = ["MAPPED"], hit } = options;
  const on = { task, page };
  const found: readonly Event[] = [{ kind: "find_folio", ...on }];
  const there = unlock[0]?.label ?? hit;
  return [
    choice(
      "find",
      `filemap_get_folio(${page})`,
      { result: rivals ? "nothing" : "", when: notCached(page) },
      ...(rivals ? [{ result: "folio", when: uptodate(page), events: found, goto: hit }] : []),
    ),
    ...lock,
    choice("add", `filemap_add_folio(${page})`, {
      when: notCached(page),
      events: [{ kind: "add_folio", ...on }],
    }, ...(rivals ? [{ result: "folio", when: uptodate(page), events: found, goto: there }] : [])),
    choice(
      "look up",
      `look up block of page ${page}`,
      ...finds.map((extent) => ({
        result: finds.length === 1 ? "" : extent,
        when: (state: State) => finds.length === 1 || state.extent[page] === Extent[extent],
        events: [{ kind: "map_blocks", ...on } as const],
      })),
    ),
    does("read", `read folio ${page}`, { kind: "read_folio", ...on }, {
      kind: "unlock_folio",
      ...on,
    }),
    ...unlock,
  ];
}

/** Lock the folio in hand; begin again at `gone` if it may have been removed and has been. */
export function lockFolio({ task, page }: TaskOnPage, gone?: string): Step {
  const lock: Event = { kind: "lock_folio", task, page };
  if (gone === undefined) return does("lock", `lock folio ${page}`, lock);
  return choice(
    "lock",
    `lock folio ${page}`,
    { when: (state) => stillCached(state, task, page), events: [lock] },
    {
      result: "truncated",
      when: (state) => !stillCached(state, task, page),
      events: [{ kind: "put_folio", task, page }],
      goto: gone,
    },
  );
}

/** Make the locked folio dirty and map it writable, then let go of it. */
export function mkwriteEvents({ task, page }: TaskOnPage, mapping: number): readonly Event[] {
  return [
    { kind: "mark_dirty", task, page },
    { kind: "map_folio", task, page, mapping, access: "write" },
    { kind: "unlock_folio", task, page },
    { kind: "put_folio", task, page },
  ];
}

/** True if the buffers of the folio in hand name a block. */
export function buffersMapped(task: number): (state: State) => boolean {
  return (state) => state.backing[folioInHand(state, task)] !== 0;
}

/**
 * Write back the page's folio if it is dirty, and wait until nothing of it is under writeback. [A.8]
 *
 * @param alone true in a world in which nobody else writes back
 */
export function writeBack(
  { task, page }: TaskOnPage,
  mappings: readonly number[],
  alone = false,
): readonly Step[] {
  const marked = (state: State, mark: number): boolean => ((state.tag[page] ?? 0) & mark) !== 0;
  return [
    choice(
      "write back",
      `filemap_write_and_wait(${page})`,
      { result: "clean", when: (state) => !marked(state, Tag.DIRTY), goto: "written back" },
      {
        result: "dirty",
        when: (state) => marked(state, Tag.DIRTY),
        events: [{ kind: "find_folio", task, page }],
      },
    ),
    ...writeFolio({ task, page }, mappings, alone ? undefined : "written back"),
    choice("written back", `page ${page} is clean`, {
      when: (state) => !marked(state, Tag.WRITEBACK),
    }),
  ];
}

/**
 * What writeback does with the folio in hand, which was dirty when it was found.
 *
 * @param otherwise where to go if somebody else has written it back or removed it; left out where
 *   nobody can
 */
export function writeFolio(
  { task, page }: TaskOnPage,
  mappings: readonly number[],
  otherwise?: string,
): readonly Step[] {
  const on = { task, page };
  const dirty = (state: State): boolean =>
    stillCached(state, task, page) && isCached(state, page, Folio.DIRTY);
  const idle = (state: State): boolean => dirty(state) && !isCached(state, page, Folio.WRITEBACK);
  return [
    choice(
      "clear dirty",
      `folio_clear_dirty_for_io(${page})`,
      {
        when: otherwise === undefined ? () => true : idle,
        events: [
          { kind: "lock_folio", ...on },
          ...mappings.map((mapping) => ({ kind: "protect_folio", ...on, mapping } as const)),
          { kind: "clear_dirty_for_io", ...on },
        ],
      },
      ...(otherwise === undefined ? [] : [{
        result: "skipped",
        when: (state: State) => !dirty(state) && state.locked[folioInHand(state, task)] === 0,
        events: [{ kind: "put_folio", ...on } as const],
        goto: otherwise,
      }]),
    ),
    ...submitFolio(on),
  ];
}

/** What writeback does with a locked folio from when it is declared clean. */
export function submitFolio({ task, page }: TaskOnPage): readonly Step[] {
  const on = { task, page };
  return [
    does(
      "start writeback",
      `folio_start_writeback(${page})`,
      { kind: "start_writeback", ...on },
      { kind: "unlock_folio", ...on },
    ),
    does("submit", `the device reads folio ${page}`, { kind: "write_folio", ...on }),
    does(
      "end writeback",
      `folio_end_writeback(${page})`,
      { kind: "end_writeback", ...on },
      { kind: "put_folio", ...on },
    ),
  ];
}

/** A store through the mapping, or another fault if the PTE has gone or been write-protected. */
export function storeStep(page: number, mapping: number, writes: number, fault: string): Step {
  const writable = (state: State): boolean => pteAccess(state, mapping, page) === Pte.WRITE;
  return choice(
    "store",
    `store to page ${page}`,
    { when: writable, events: [{ kind: "store_folio", mapping, page, writes }] },
    { result: "fault", when: (state) => !writable(state), goto: fault },
  );
}
