/**
 * System E: the scan for pinned pages as it is, entry by entry (`dax_layout_busy_page_range`; chapter 5).
 *
 * Two pages of a DAX file. A device has the first one pinned. W stores to it, and holds its entry locked
 * for that. T truncates both away.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import { isBlockPinned } from "../effects/pin.ts";
import { Extent } from "../extent.ts";
import type { Bounds, State } from "../state.ts";
import { Entry, holderOf } from "../xarray.ts";
import { choice, does } from "./program.ts";

const pages = [0, 1] as const;
const pinned = 0;
const scanner = 0;

const bounds: Bounds = {
  pages: 2,
  pmdPages: 1,
  mappings: 0,
  tasks: 3,
  locals: 1,
  blocks: 2,
};

function start(state: State): void {
  for (const page of pages) {
    state.extent[page] = Extent.MAPPED;
    state.block[page] = page + 1;
    state.owner[page] = page + 1;
    state.entry[page] = Entry.PFN;
  }
  state.pinnedBlock[2] = pinned + 1;
}

/** What the scan does at an entry that somebody holds locked. */
type AtLocked =
  /** The scan waits, and looks at the entry that it waited for (6be3e21d25ca). */
  | "waits for it"
  /** `get_unlocked_entry()` gives it the next entry that is not locked. */
  | "takes the next one";

function scan(atLocked: AtLocked): readonly Step[] {
  const isLocked = (page: number) => (state: State): boolean => holderOf(state, page) !== 0;
  return pages.map((page) => {
    const isBusy = (state: State): boolean => isBlockPinned(state, page);
    const isIdle = (state: State): boolean => !isBusy(state);
    const next = page === 1 ? "free" : "scan 1";
    return choice(
      `scan ${page}`,
      `dax_busy_page(${page})`,
      ...(page === pinned
        ? [{
          result: "busy",
          when: (state: State) => !isLocked(page)(state) && isBusy(state),
          goto: "sleep",
        }]
        : []),
      {
        result: "idle",
        when: (state) => !isLocked(page)(state) && isIdle(state),
        goto: next,
      },
      ...(atLocked === "takes the next one" && page === 0
        ? [{ result: "locked: the next entry", when: isLocked(page), goto: next }]
        : []),
    );
  });
}

function truncate(atLocked: AtLocked): Actor {
  const free = (page: number) =>
    [
      { kind: "call_begin", task: scanner, page },
      { kind: "lock_entry", task: scanner, page, order: "pte" },
      { kind: "remove_entry", task: scanner, page, why: "truncate", from: 0, to: 2 },
      { kind: "remove_extent", task: scanner, page, becomes: "hole" },
      { kind: "call_end", task: scanner, page },
    ] as const;
  return {
    name: "T",
    task: scanner,
    environment: false,
    program: [
      ...scan(atLocked),
      choice("sleep", "sleep until page 0 is idle", {
        when: (state) => !isBlockPinned(state, pinned),
        goto: "scan 0",
      }),
      does("free", "free both blocks", ...pages.flatMap(free)),
    ],
  };
}

/** A fault on the pinned page: the entry is locked for a while. */
function fault(): Actor {
  const on = { task: 1, page: pinned } as const;
  return {
    name: "W",
    task: 1,
    environment: true,
    program: [
      choice("grab", "grab_mapping_entry(0)", {
        when: (state) => state.entry[pinned] !== Entry.NONE,
        events: [{ kind: "call_begin", ...on }, { kind: "lock_entry", ...on, order: "pte" }],
      }),
      does("unlock", "dax_unlock_entry(0)", { kind: "unlock_entry", ...on }, {
        kind: "call_end",
        ...on,
      }),
    ],
  };
}

/** The device gives the pin back some time. */
function device(): Actor {
  return {
    name: "device",
    task: 2,
    environment: false,
    program: [
      does(
        "dma",
        "the device writes to the block",
        { kind: "dma_write_block", task: 2, page: pinned, writes: 2 },
        { kind: "unpin_block", task: 2, page: pinned },
      ),
    ],
  };
}

/** The scan as merged, and as it was. */
export const busyScanDesigns: readonly Design[] = [
  {
    id: "E10",
    system: "E",
    title: "the scan for pinned pages waits for a locked entry, and looks at that one",
    source: "6be3e21d25ca (6.15)",
    bounds,
    start,
    actors: [truncate("waits for it"), fault(), device()],
    breaks: [],
  },
  {
    id: "E10-skips",
    system: "E",
    title: "the scan for pinned pages meets a locked entry and goes on to the next",
    source: "before 6be3e21d25ca",
    bounds,
    start,
    actors: [truncate("takes the next one"), fault(), device()],
    breaks: ["LAYOUT-1"],
  },
];
