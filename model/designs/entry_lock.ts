/**
 * System A with entry locks, as Linux does it since v4.18 (A9), and each way of doing it wrong that a
 * commit has mended (chapter 1). A PMD is scaled down to two pages.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import { Pte } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { Entry } from "../xarray.ts";
import { type Call, environment, task } from "./calls.ts";
import { fsync } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { removal } from "./dax_removal.ts";
import { daxWrite } from "./dax_write.ts";
import { dropEntry } from "./drop_entry.ts";
import type { Fault } from "./fault.ts";
import { pmdFault, type PmdFaultVariant } from "./pmd_fault.ts";
import { type FaultVariant, pteFault } from "./pte_fault.ts";
import { storeTo } from "./store.ts";

type World = Pick<Design, "system" | "bounds" | "actors">;

function fault(
  bounds: Bounds,
  number: number,
  page: number,
  access: "read" | "write",
  mapping = number,
): Fault {
  return { bounds, task: number, mapping, page, access };
}

/** A process that loads from, or stores to, a page through a PTE. */
function ptes(each: Fault, variant: FaultVariant = {}): Actor {
  const call = pteFault(each, variant);
  return named(each, each.access === "read" ? call : storeTo(each.mapping, each.page, call));
}

/** A process that does it through a PMD if it can. */
function pmds(each: Fault, variant: PmdFaultVariant = {}): Actor {
  const call = pmdFault(each, pteFault(each), variant);
  return named(each, each.access === "read" ? call : storeTo(each.mapping, each.page, call));
}

function named({ task: number, access }: Fault, ...calls: readonly Call[]): Actor {
  return task(`P${number + 1} ${access === "read" ? "load" : "store"}`, number, ...calls);
}

/** One page: a load, a store, a write(2), and a punch or a truncation. */
function onePage(why: "punch" | "truncate"): World {
  const bounds: Bounds = {
    pages: 1,
    pmdPages: 1,
    mappings: 2,
    tasks: 4,
    locals: 1,
    rwsems: 2,
    contents: true,
  };
  const vmas: readonly Vma[] = [0, 1].map((mapping) => ({ mapping, from: 0, to: 1 }));
  return {
    system: "A",
    bounds,
    actors: [
      ptes(fault(bounds, 0, 0, "read")),
      ptes(fault(bounds, 1, 0, "write")),
      task("write(2)", 2, daxWrite(bounds, 2, [0])),
      task(
        why,
        3,
        removal({ bounds, task: 3, why, from: 0, to: 1 }, vmas),
      ),
    ],
  };
}

/** A PMD: one process through PMDs, one through PTEs, and a write(2). */
function onePmd(access: "read" | "write", other: "read" | "write"): World {
  const bounds: Bounds = { pages: 2, pmdPages: 2, mappings: 2, tasks: 3, locals: 1 };
  return {
    system: "A",
    bounds,
    actors: [
      pmds(fault(bounds, 0, 1, access)),
      ptes(fault(bounds, 1, 1, other)),
      task("write(2)", 2, daxWrite(bounds, 2, [0])),
    ],
  };
}

const three: Bounds = { pages: 2, pmdPages: 2, mappings: 2, tasks: 3, locals: 1 };
const small = fault(three, 1, 1, "write", 0);

/**
 * Threads of one process; the fault of one has fallen back to a PTE before. The third one's mapping is
 * `other`: the same, or another process's.
 */
function threads(other: number, variant: FaultVariant = {}): World & Pick<Design, "start"> {
  return {
    system: "A",
    start: ({ extent }) => extent.fill(Extent.MAPPED),
    bounds: three,
    actors: [
      pmds(fault(three, 0, 1, "read", 0)),
      named(small, pteFault(small, variant), storeTo(0, 1, pmdFault(small, pteFault(small)))),
      pmds(fault(three, 2, 0, "write", other)),
    ],
  };
}

/** Everybody waits for one huge hole: who gets it deletes its entry. */
function waiters(variant: FaultVariant): World & Pick<Design, "start"> {
  const bounds: Bounds = {
    pages: 2,
    pmdPages: 2,
    mappings: 3,
    tasks: 3,
    locals: 1,
    waitQueues: true,
  };
  return {
    system: "A",
    bounds,
    start: (state) => {
      state.entry.fill(Entry.ZERO | Entry.PMD);
      state.pte[0] = Pte.ZERO | Pte.HUGE;
      state.pte[1] = Pte.ZERO | Pte.HUGE;
    },
    actors: [
      ptes(fault(bounds, 0, 0, "write"), variant),
      ptes(fault(bounds, 1, 1, "write"), variant),
      ptes(fault(bounds, 2, 0, "write"), variant),
    ],
  };
}

const one: Bounds = { pages: 1, pmdPages: 1, mappings: 2, tasks: 3, locals: 1 };
const withPrivate: Bounds = { ...one, privateFrom: 1 };
const pair: Bounds = { pages: 2, pmdPages: 2, mappings: 2, tasks: 3, locals: 1 };
const pairVmas: readonly Vma[] = [
  { mapping: 0, from: 0, to: 2 },
  { mapping: 1, from: 0, to: 2, huge: true },
];

function mapped({ extent }: State): void {
  extent.fill(Extent.MAPPED);
}

/** Threads of one process load one hole, one page or a PMD, while it is written to. */
function sameHole(pages: readonly number[]): World {
  const bounds: Bounds = {
    pages: pages.length,
    pmdPages: pages.length,
    mappings: 1,
    tasks: 3,
    locals: 1,
  };
  const load = (number: number): Actor => {
    const each = fault(bounds, number, 0, "read", 0);
    return pages.length > 1 ? pmds(each) : ptes(each);
  };
  return {
    system: "A",
    bounds,
    actors: [load(0), load(1), task("write(2)", 2, daxWrite(bounds, 2, pages))],
  };
}

/** The designs: A9 in the worlds that show it, then what breaks it. */
export const entryLockDesigns: readonly Design[] = [
  {
    id: "A9",
    title: "the current protocol, one page: load, store, write(2), punch",
    source: "v4.18 to 7.2, fs/dax.c",
    ...onePage("punch"),
    breaks: [],
  },
  {
    id: "A9-truncate",
    title: "the current protocol, one page: load, store, write(2), truncate",
    source: "v4.18 to 7.2, fs/dax.c",
    ...onePage("truncate"),
    breaks: [],
  },
  {
    id: "A9-pmd-load",
    title: "the current protocol: a PMD load, a PTE store and a write(2)",
    source: "v4.18 to 7.2, fs/dax.c",
    ...onePmd("read", "write"),
    breaks: [],
  },
  {
    id: "A9-pmd-store",
    title: "the current protocol: a PMD store, a PTE load and a write(2)",
    source: "v4.18 to 7.2, fs/dax.c",
    ...onePmd("write", "read"),
    breaks: [],
  },
  {
    id: "A9-pmds",
    title: "the current protocol: a PMD load and a PMD store",
    source: "v4.18 to 7.2, fs/dax.c",
    system: "A",
    bounds: { ...pair, tasks: 2 },
    actors: [
      pmds(fault({ ...pair, tasks: 2 }, 0, 0, "read")),
      pmds(fault({ ...pair, tasks: 2 }, 1, 1, "write")),
    ],
    breaks: [],
  },
  {
    id: "A9-loads",
    title: "the current protocol: two threads load one page while it is written to",
    source: "v4.18 to 7.2, fs/dax.c",
    ...sameHole([0]),
    breaks: [],
  },
  {
    id: "A9-pmd-loads",
    title: "the current protocol: two threads load one PMD while it is written to",
    source: "v4.18 to 7.2, fs/dax.c",
    ...sameHole([0, 1]),
    breaks: [],
  },
  {
    id: "A9-threads",
    title: "the current protocol: threads of one process, some by PMDs, one by PTEs",
    source: "v4.18 to 7.2, fs/dax.c",
    ...threads(0),
    breaks: [],
  },
  {
    id: "A9-processes",
    title: "the current protocol: threads of one process, by PMD and by PTE, and another process",
    source: "v4.18 to 7.2, fs/dax.c",
    ...threads(1),
    breaks: [],
  },
  {
    id: "A9-waiters",
    title: "the current protocol: three wait for one huge hole",
    source: "v4.18 to 7.2, fs/dax.c",
    ...waiters({}),
    breaks: [],
  },
  {
    id: "A9-private",
    title: "the current protocol: a private store beside a shared load and a shared store",
    source: "v4.18 to 7.2, fs/dax.c",
    system: "A",
    bounds: withPrivate,
    actors: [
      ptes(fault(withPrivate, 0, 0, "read")),
      ptes(fault(withPrivate, 1, 0, "write")),
      ptes(fault(withPrivate, 2, 0, "write", 0)),
    ],
    breaks: [],
  },
  {
    id: "A9-pmd-over-pte",
    title: "a PMD fault looks for smaller entries in the first slots of the range only",
    source: "before 0e40de0338d0 (v4.15)",
    system: "A",
    bounds: pair,
    start: mapped,
    actors: [
      ptes(fault(pair, 0, 1, "write")),
      pmds(fault(pair, 1, 0, "read"), { missesPteEntries: true }),
      task("fsync", 2, fsync(pair, 2, pairVmas)),
    ],
    breaks: ["DAX-ENTRY-2", "DAX-WAIT-1", "DUR-1"],
  },
  {
    id: "A9-keep-hole-mappings",
    title: "a PMD store replaces a ZERO entry and leaves its mappings",
    source: "de14b9cb5e02 (v4.5), told of entries with locks",
    system: "A",
    bounds: { ...pair, tasks: 2 },
    actors: [
      pmds(fault({ ...pair, tasks: 2 }, 0, 0, "read")),
      pmds(fault({ ...pair, tasks: 2 }, 1, 1, "write"), { keepsHoleMappings: true }),
    ],
    breaks: ["DAX-HOLE-1", "DAX-HOLE-3", "DAX-HOLE-4", "DAX-HOLE-5"],
  },
  {
    id: "A9-no-pmd-check",
    title: "a PTE fault does not look again whether a PMD has come",
    source: "before e2093926a098 (v4.12); generic/437",
    ...threads(0, { ignoresHugePmd: true }),
    breaks: ["DAX-ENTRY-2"],
  },
  {
    id: "A9-wake-one",
    title: "deleting an entry wakes one waiter of several",
    source: "before 237388320deff (v5.13)",
    ...waiters({ wakesOne: true }),
    breaks: ["DAX-ENTRY-5", "LOCK-1"],
  },
  {
    id: "A9-evict-mapped",
    title: "reclaim drops clean entries that are mapped",
    source: "before 4636e70bb0a8 (v4.12)",
    system: "A",
    bounds: one,
    actors: [
      ptes(fault(one, 0, 0, "read")),
      ptes(fault(one, 1, 0, "write")),
      environment("reclaim", 2, dropEntry(2, 0)),
    ],
    breaks: ["DAX-HOLE-1", "DAX-HOLE-3", "DAX-ENTRY-4"],
  },
  {
    id: "A9-drop-dirty",
    title: "write(2) drops entries whatever their marks",
    source: "before c6dcf52c23d2 (v4.10)",
    system: "A",
    bounds: one,
    start: mapped,
    actors: [
      ptes(fault(one, 0, 0, "write")),
      task("write(2)", 1, daxWrite(one, 1, [0], { dropsDirty: true })),
      task("fsync", 2, fsync(one, 2, [{ mapping: 0, from: 0, to: 1 }])),
    ],
    breaks: ["DAX-TAG-2", "DUR-1"],
  },
  {
    id: "A9-read-tags",
    title: "read faults set DIRTY, even for holes",
    source: "6.1, fs/dax.c dax_insert_entry()",
    system: "A",
    bounds: one,
    actors: [
      ptes(fault(one, 0, 0, "read"), { readsTag: true }),
      ptes(fault(one, 1, 0, "write"), { readsTag: true }),
    ],
    breaks: ["DAX-TAG-3"],
  },
];
