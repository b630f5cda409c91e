/**
 * System B: background writeback that begins again at the start of the file with a bio in its hand
 * (`range_cyclic`; chapter 5).
 *
 * Two cached pages. B writes back from page 1 on; W has both folios locked in turn, and waits until none
 * of them is under writeback. A folio that is in a bio which was not submitted stays under writeback.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { Extent } from "../extent.ts";
import { Folio, isCached } from "../folio.ts";
import type { Bounds, State } from "../state.ts";
import { Tag } from "../xarray.ts";
import { choice, does } from "./program.ts";

const bounds: Bounds = {
  pages: 2,
  pmdPages: 1,
  mappings: 0,
  tasks: 2,
  locals: 1,
  folios: 2,
  blocks: 2,
};

/** Two pages, each with a dirty folio. */
function start(state: State): void {
  for (const page of [0, 1]) {
    state.extent[page] = Extent.MAPPED;
    state.block[page] = page + 1;
    state.owner[page] = page + 1;
    state.slot[page] = page + 1;
    state.folio[page] = Folio.UPTODATE | Folio.DIRTY;
    state.memory[page] = 1;
    state.backing[page] = page + 1;
    state.tag[page] = Tag.DIRTY;
  }
  state.size[0] = 2;
}

/** The folio goes into the bio: under writeback, and nobody has been asked to write it yet. */
function addToBio(task: number, page: number): readonly Step[] {
  const on = { task, page } as const;
  const isDirty = (state: State): boolean => isCached(state, page, Folio.DIRTY);
  return [
    does(`find ${page}`, `write_cache_pages() finds folio ${page}`, { kind: "find_folio", ...on }),
    does(`lock ${page}`, `lock folio ${page}`, { kind: "lock_folio", ...on }),
    choice(`add ${page}`, `add folio ${page} to the bio, unlock it`, {
      when: isDirty,
      events: [
        { kind: "clear_dirty_for_io", ...on },
        { kind: "start_writeback", ...on },
        { kind: "unlock_folio", ...on },
      ],
    }),
  ];
}

/** The bio is submitted, and ends. */
function submit(task: number, label: string, pages: readonly number[]): readonly Step[] {
  return pages.map((page, at) =>
    does(
      `${label} ${page}`,
      `submit_bio(), folio ${page} ends`,
      { kind: "find_folio", task, page },
      { kind: "write_folio", task, page },
      { kind: "end_writeback", task, page },
      ...(at === pages.length - 1 ? [{ kind: "put_folio", task, page } as const] : []),
    )
  );
}

function background(wraps: boolean): Actor {
  const task = 0;
  return {
    name: "B",
    task,
    environment: false,
    program: [
      ...addToBio(task, 1),
      ...(wraps ? [] : submit(task, "first", [1])),
      ...addToBio(task, 0),
      ...submit(task, "last", wraps ? [0, 1] : [0]),
    ],
  };
}

/** A writer that has two folios locked at once, in ascending order. */
function writer(): Actor {
  const task = 1;
  const unlock = (page: number): Step =>
    does(
      `unlock ${page}`,
      `unlock folio ${page}`,
      { kind: "find_folio", task, page },
      { kind: "unlock_folio", task, page },
      { kind: "put_folio", task, page },
    );
  const wait = (page: number): readonly Step[] => [
    does(`find ${page}`, `filemap_get_folio(${page})`, { kind: "find_folio", task, page }),
    does(`lock ${page}`, `lock folio ${page}`, { kind: "lock_folio", task, page }),
    choice(`wait ${page}`, `folio_wait_writeback(${page})`, {
      when: (state) => !isCached(state, page, Folio.WRITEBACK),
    }),
  ];
  return {
    name: "W",
    task,
    environment: false,
    program: [...wait(0), ...wait(1), unlock(1), unlock(0)],
  };
}

/** Background writeback with and without its wrap. */
export const wrappedWritebackDesigns: readonly Design[] = [
  {
    id: "WB-cyclic",
    system: "B",
    title: "background writeback submits its bio before it begins again at the start of the file",
    source: "64081362e8ff (4.20), which leaves the wrap to the next call",
    bounds,
    start,
    actors: [background(false), writer()],
    breaks: [],
  },
  {
    id: "WB-cyclic-wrapped",
    system: "B",
    title: "background writeback begins again at the start of the file with a bio in its hand",
    source: "before 64081362e8ff",
    bounds,
    start,
    actors: [background(true), writer()],
    breaks: ["LOCK-1"],
  },
];
