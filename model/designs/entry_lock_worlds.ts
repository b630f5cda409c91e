/**
 * Worlds of one page or one PMD in which faults, write(2) and removals meet (chapter 1). A PMD is
 * scaled down to two pages.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import { Pte } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { Entry } from "../xarray.ts";
import { type Call, task } from "./calls.ts";
import type { Vma } from "./dax_mkclean.ts";
import { removal, type RemovalVariant, type Removed } from "./dax_removal.ts";
import { daxWrite } from "./dax_write.ts";
import type { Fault } from "./fault.ts";
import { pmdFault, type PmdFaultVariant } from "./pmd_fault.ts";
import { type FaultVariant, pteFault } from "./pte_fault.ts";
import { loadFrom, storeTo } from "./store.ts";

type World = Pick<Design, "system" | "bounds" | "actors">;

/** A fault on a page; each task has a mapping of its own unless told otherwise. */
export function fault(
  bounds: Bounds,
  number: number,
  page: number,
  access: "read" | "write",
  mapping = number,
): Fault {
  return { bounds, task: number, mapping, page, access };
}

/** A process that loads from, or stores to, a page through a PTE. */
export function ptes(each: Fault, variant: FaultVariant = {}): Actor {
  return named(each, touch(each, pteFault(each, variant)));
}

/** A process that does it through a PMD if it can. */
export function pmds(each: Fault, variant: PmdFaultVariant = {}): Actor {
  return named(each, touch(each, pmdFault(each, pteFault(each), variant)));
}

function touch({ mapping, page, access }: Fault, call: Call): Call {
  return access === "read" ? loadFrom(mapping, page, call) : storeTo(mapping, page, call);
}

function named({ task: number, access }: Fault, ...calls: readonly Call[]): Actor {
  return task(`P${number + 1} ${access === "read" ? "load" : "store"}`, number, ...calls);
}

/**
 * One page: a load, a store, a write(2), and a punch or a truncation. Beside the punch, the load is its
 * fault alone.
 */
export function onePage(why: "punch" | "truncate"): World {
  const bounds: Bounds = {
    pages: 1,
    pmdPages: 1,
    mappings: 2,
    tasks: 4,
    locals: 1,
    rwsems: 2,
    contents: true,
  };
  const read = fault(bounds, 0, 0, "read");
  const vmas: readonly Vma[] = [0, 1].map((mapping) => ({ mapping, from: 0, to: 1 }));
  return {
    system: "A",
    bounds,
    actors: [
      why === "punch" ? named(read, pteFault(read)) : ptes(read),
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

/**
 * Pages of one PMD range with blocks to copy to: a store, a write(2) and a punch, which may leave
 * i_rwsem alone.
 */
export function copied(pages: readonly number[], variant: RemovalVariant = {}): World {
  const { length } = pages;
  const bounds: Bounds = {
    pages: length,
    pmdPages: length,
    mappings: 1,
    tasks: 3,
    locals: 1,
    rwsems: 2,
    contents: true,
    blocks: length,
  };
  const store = fault(bounds, 0, 0, "write");
  const removed: Removed = { bounds, task: 2, why: "punch", from: 0, to: length };
  const vmas: readonly Vma[] = [{ mapping: 0, from: 0, to: length, huge: length > 1 }];
  return {
    system: "A",
    bounds,
    actors: [
      length > 1 ? pmds(store) : ptes(store),
      task("write(2)", 1, daxWrite(bounds, 1, pages)),
      task("punch", 2, removal(removed, vmas, variant)),
    ],
  };
}

/** A PMD: one process through PMDs, one through PTEs, and a write(2). */
export function onePmd(access: "read" | "write", other: "read" | "write"): World {
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
export function threads(other: number, variant: FaultVariant = {}): World & Pick<Design, "start"> {
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
export function waiters(variant: FaultVariant): World & Pick<Design, "start"> {
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

/** One page, two processes and somebody else. */
export const one: Bounds = { pages: 1, pmdPages: 1, mappings: 2, tasks: 3, locals: 1 };
/** One page, two processes and somebody else; the second mapping is private. */
export const withPrivate: Bounds = { ...one, privateFrom: 1 };
/** One PMD range, two processes and somebody else. */
export const pair: Bounds = { pages: 2, pmdPages: 2, mappings: 2, tasks: 3, locals: 1 };
/** Who maps it: the first process by PTEs. */
export const pairVmas: readonly Vma[] = [
  { mapping: 0, from: 0, to: 2 },
  { mapping: 1, from: 0, to: 2, huge: true },
];

/**
 * A private mapping of blocks: a thread loads through a PMD and then stores, which takes a copy, while
 * another process stores through a PMD of its own.
 */
export function privatePmd(): World & Pick<Design, "start"> {
  const bounds: Bounds = {
    pages: 2,
    pmdPages: 2,
    mappings: 2,
    tasks: 2,
    locals: 1,
    rwsems: 1,
    privateFrom: 1,
  };
  const load = fault(bounds, 1, 1, "read");
  const store = fault(bounds, 1, 1, "write");
  return {
    system: "A",
    bounds,
    start: mapped,
    actors: [
      pmds(fault(bounds, 0, 0, "write")),
      task(
        "P2 load, store",
        1,
        loadFrom(1, 1, pmdFault(load, pteFault(load))),
        storeTo(1, 1, pmdFault(store, pteFault(store))),
      ),
    ],
  };
}

/** Every page has a block. */
export function mapped({ extent }: State): void {
  extent.fill(Extent.MAPPED);
}

/**
 * Threads of one process load one hole, one page or a PMD, while it is written to; each load is its
 * fault alone.
 */
export function sameHole(pages: readonly number[]): World {
  const bounds: Bounds = {
    pages: pages.length,
    pmdPages: pages.length,
    mappings: 1,
    tasks: 3,
    locals: 1,
  };
  const load = (number: number): Actor => {
    const each = fault(bounds, number, 0, "read", 0);
    return named(each, pages.length > 1 ? pmdFault(each, pteFault(each)) : pteFault(each));
  };
  return {
    system: "A",
    bounds,
    actors: [load(0), load(1), task("write(2)", 2, daxWrite(bounds, 2, pages))],
  };
}
