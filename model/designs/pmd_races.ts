/**
 * System A before entries had locks, with PMDs: "an analogous race" (seed 000, chapter 1), and what
 * the thread proposed against both (A4, A5). A PMD is scaled down to two pages.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Content } from "../content.ts";
import { Extent } from "../extent.ts";
import type { Bounds } from "../state.ts";
import { task } from "./calls.ts";
import { daxWrite } from "./dax_write.ts";
import type { Fault } from "./fault.ts";
import { pageLockFault } from "./page_lock_fault.ts";
import { pageLockPmdFault, type PageLockPmdVariant } from "./page_lock_pmd_fault.ts";
import { firstFault, type ReadFaultFirstVariant, storeAfterReadFault } from "./read_fault_first.ts";
import { loadFrom, storeTo } from "./store.ts";

const onePage: Bounds = { pages: 1, pmdPages: 1, mappings: 2, tasks: 3, locals: 1, contents: true };
const twoPages: Bounds = {
  pages: 2,
  pmdPages: 2,
  mappings: 2,
  tasks: 2,
  locals: 1,
  contents: true,
};

const crowd: Bounds = { ...twoPages, mappings: 3, tasks: 5, contents: false };

/** Page 1 is no PMD's first page: what happens there shows what looks at the first page only. */
const page = 1;

const noEntryLock: Readonly<Record<string, string>> = {
  "DAX-HOLE-2": "there is no entry lock to look up under before v4.7",
};
const noEntries: Readonly<Record<string, string>> = {
  ...noEntryLock,
  "DAX-ENTRY-4": "blocks have no entry before v4.5",
  "DAX-TAG-1": "there is no DIRTY mark before v4.5: fsync of DAX mappings came with it",
};

function fault(bounds: Bounds, each: number, access: "read" | "write", at = page): Fault {
  return { bounds, task: each, mapping: each, page: at, access };
}

/**
 * The seed's scheme on one page: a load, a store and a write(2). The load is its fault alone: a fault
 * unmaps everybody, so that two who come back could take the page from each other for ever.
 */
function readFaultFirst(variant: ReadFaultFirstVariant): readonly Actor[] {
  return [
    task("P1 load", 0, firstFault(fault(onePage, 0, "read", 0), variant)),
    task("P2 store", 1, storeAfterReadFault(fault(onePage, 1, "write", 0), variant)),
    task("write(2)", 2, daxWrite(onePage, 2, [0])),
  ];
}

/** A process that stores through a PMD if it can, else through a PTE, under the seed's scheme. */
function pmdStore(each: number, variant: PageLockPmdVariant): Actor {
  const write = fault(twoPages, each, "write");
  return task(
    `P${each + 1} store`,
    each,
    storeTo(each, page, pageLockPmdFault(write, storeAfterReadFault(write), variant)),
  );
}

/** A process that loads through a PMD if it can, else through a PTE, under the seed's scheme. */
function pmdLoad(each: number, variant: PageLockPmdVariant): Actor {
  const read = fault(twoPages, each, "read");
  return task(
    `P${each + 1} load`,
    each,
    loadFrom(each, page, pageLockPmdFault(read, firstFault(read), variant)),
  );
}

/** The designs, in the order of the seed. */
export const pmdRaceDesigns: readonly Design[] = [
  {
    id: "A0-pmd",
    system: "A",
    title: "a PMD fault loads a huge hole with nothing locked",
    source: "v4.3 and v4.4, fs/dax.c __dax_pmd_fault(); seed 000",
    bounds: twoPages,
    actors: [
      task(
        "P1 load",
        0,
        pageLockPmdFault(
          fault(twoPages, 0, "read"),
          pageLockFault(fault(twoPages, 0, "read")),
        ),
      ),
      task("P2 store", 1, pageLockFault(fault(twoPages, 1, "write"))),
    ],
    breaks: ["DAX-HOLE-1"],
    exempt: {
      ...noEntries,
      "DAX-HOLE-3": "the huge zero page has no entry before v4.10",
    },
  },
  {
    id: "A0-pmds",
    system: "A",
    title: "the same with a PMD store, and with PTEs of the same range in all three processes",
    source: "v4.3 and v4.4, fs/dax.c __dax_pmd_fault(); seed 000",
    bounds: crowd,
    actors: [
      task(
        "P1 load",
        0,
        pageLockPmdFault(fault(crowd, 0, "read"), pageLockFault(fault(crowd, 0, "read"))),
      ),
      task(
        "P2 store",
        1,
        pageLockPmdFault(fault(crowd, 1, "write"), pageLockFault(fault(crowd, 1, "write"))),
      ),
      task("P1 load too", 2, pageLockFault({ ...fault(crowd, 2, "read"), mapping: 0 })),
      task("P2 load", 3, pageLockFault({ ...fault(crowd, 3, "read"), mapping: 1 })),
      task("P3 store", 4, pageLockFault({ ...fault(crowd, 4, "write", 0), mapping: 2 })),
    ],
    breaks: ["DAX-HOLE-1", "DAX-ENTRY-2"],
    exempt: {
      ...noEntries,
      "DAX-HOLE-3": "the huge zero page has no entry before v4.10",
    },
  },
  {
    id: "A0-keep-hole-pages",
    system: "A",
    title: "a PMD write fault leaves the range's hole pages mapped and in the tree",
    source: "before de14b9cb5e02 (v4.5)",
    bounds: twoPages,
    actors: [
      task("P1 load", 0, pageLockFault(fault(twoPages, 0, "read"), { tags: true })),
      task(
        "P2 store",
        1,
        pageLockPmdFault(
          fault(twoPages, 1, "write"),
          pageLockFault(fault(twoPages, 1, "write"), { tags: true }),
          { tags: true, keepsHolePages: true },
        ),
      ),
    ],
    breaks: ["DAX-HOLE-1", "DAX-HOLE-4", "DAX-ENTRY-2"],
    exempt: {
      ...noEntryLock,
      "DAX-HOLE-3":
        "the hole page keeps a slot of its own beside the PMD entry; here the entry has it",
    },
  },
  {
    id: "A4",
    system: "A",
    title: "always a read fault first; a write allocates under the hole page's lock",
    source: "seed 000, Chinner; never merged",
    bounds: onePage,
    actors: readFaultFirst({}),
    breaks: [],
    exempt: noEntries,
  },
  {
    id: "A4-look-up-first",
    system: "A",
    title: "a read fault first, but the block map is asked before there is a page to lock",
    source: "seed 000, the order in which Wilcox tells it; never merged",
    bounds: onePage,
    actors: readFaultFirst({ looksUpUnlocked: true }),
    breaks: ["DAX-HOLE-1"],
    exempt: noEntries,
  },
  {
    id: "A4-pmd",
    system: "A",
    title: "read fault first, with PMD faults: no page stands for 2 MiB",
    source: "seed 000, Kara's objection",
    bounds: twoPages,
    actors: [pmdLoad(0, {}), pmdStore(1, { tags: true })],
    breaks: ["DAX-HOLE-1", "DAX-HOLE-4"],
    exempt: {
      ...noEntryLock,
      "DAX-HOLE-3": "the huge zero page has no entry before v4.10",
      "DAX-TAG-1": "in this scheme only PMDs have entries",
      "DAX-ENTRY-4": "in this scheme only PMDs have entries",
    },
  },
  {
    id: "A5",
    system: "A",
    title: "PMD faults map what is there and never allocate; holes are for PTEs",
    source: "seed 000, Kara's way out; never merged",
    bounds: twoPages,
    start: (state) => {
      state.extent[0] = Extent.MAPPED;
      state.content[0] = Content.ZEROED;
    },
    actors: [pmdLoad(0, { neverAllocates: true }), pmdStore(1, { neverAllocates: true })],
    breaks: [],
    exempt: noEntries,
  },
];
