/**
 * System A, one page: a hole is loaded while somebody allocates its block (chapter 1).
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import type { Bounds } from "../state.ts";
import { task } from "./calls.ts";
import type { Fault } from "./fault.ts";
import { daxWrite, type WriteVariant } from "./dax_write.ts";
import { pageLockFault, type PageLockVariant } from "./page_lock_fault.ts";
import { type FaultVariant, pteFault } from "./pte_fault.ts";
import { loadFrom, storeTo } from "./store.ts";

const page = 0;

/** A world of one page, in which each task has a mapping of its own. */
function worldOf(tasks: number, more: Partial<Bounds> = {}): Bounds {
  return { pages: 1, pmdPages: 1, mappings: 2, tasks, locals: 1, ...more };
}

/** Why nothing that rests on entries is asked of a kernel that had none. */
const noEntries: Readonly<Record<string, string>> = {
  "DAX-HOLE-2": "there is no entry lock to look up under before v4.7",
  "DAX-ENTRY-4": "blocks have no entry before v4.5",
  "DAX-TAG-1": "there is no DIRTY mark before v4.5: fsync of DAX mappings came with it",
};

const noEntryLock: Readonly<Record<string, string>> = {
  "DAX-HOLE-2": "there is no entry lock to look up under before v4.7",
};

/** A read fault and a write fault of the page-lock era, and a store after the write fault. */
function pageLockActors(bounds: Bounds, variant: PageLockVariant): readonly Actor[] {
  const read = pageLockFault({ bounds, task: 0, mapping: 0, page, access: "read" }, variant);
  const write = pageLockFault({ bounds, task: 1, mapping: 1, page, access: "write" }, variant);
  const load = variant.faultLock === true ? loadFrom(0, page, read) : read;
  return [task("P1 load", 0, load), task("P2 store", 1, write)];
}

/** Another thread of P1 that loads the same page. */
function secondLoad(bounds: Bounds, variant: PageLockVariant): Actor {
  return task(
    "P1 load too",
    2,
    pageLockFault({ bounds, task: 2, mapping: 0, page, access: "read" }, variant),
  );
}

/** Two processes store into the same hole. */
function twoStores(bounds: Bounds, variant: PageLockVariant): readonly Actor[] {
  return [0, 1].map((each) =>
    task(
      `P${each + 1} store`,
      each,
      storeTo(
        each,
        page,
        pageLockFault({ bounds, task: each, mapping: each, page, access: "write" }, variant),
      ),
    )
  );
}

function readOf(bounds: Bounds): Fault {
  return { bounds, task: 0, mapping: 0, page, access: "read" };
}

/** A read fault, a write fault and a write(2) under the entry lock. */
function entryLockActors(
  bounds: Bounds,
  fault: FaultVariant = {},
  write: WriteVariant = {},
): readonly Actor[] {
  return [
    task("P1 load", 0, pteFault(readOf(bounds), fault)),
    task("P2 store", 1, pteFault({ bounds, task: 1, mapping: 1, page, access: "write" }, fault)),
    task("write(2)", 2, daxWrite(bounds, 2, [page], write)),
  ];
}

const two = worldOf(2);
const alone = worldOf(2, { mappings: 1 });
const three = worldOf(3);
const withFaultLock = worldOf(3, { rwsems: 1, contents: true });
const withImmap = worldOf(2, { rwsems: 3 });
const contents = worldOf(2, { contents: true });

/** The designs, in the order of the seed and the kernels. */
export const holeRaceDesigns: readonly Design[] = [
  {
    id: "A0",
    system: "A",
    title: "no entry: the hole's page lock is all there is",
    source: "v4.0 to v4.4, fs/dax.c __dax_fault(); seed 000",
    bounds: two,
    actors: pageLockActors(two, {}),
    breaks: ["DAX-HOLE-1"],
    exempt: noEntries,
  },
  {
    id: "A0-late-zero",
    system: "A",
    title: "the block is zeroed when it is mapped, by whoever found it unwritten",
    source: "v4.0 to v4.2 and v4.4, fs/dax.c dax_insert_mapping()",
    bounds: contents,
    actors: twoStores(contents, { zeroesLate: true }),
    breaks: ["DAX-ZERO-2"],
    exempt: noEntries,
  },
  {
    id: "A1",
    system: "A",
    title: "i_mmap_rwsem exclusive around look-up and mapping, but not around loading a hole",
    source: "843172978bb9 (v4.3), reverted before v4.3 was out for its deadlocks",
    bounds: withImmap,
    actors: pageLockActors(withImmap, { locksImmap: true }),
    breaks: ["DAX-HOLE-1"],
    exempt: noEntries,
  },
  {
    id: "A1-late-zero",
    system: "A",
    title: "what i_mmap_rwsem was taken for: two faults no longer zero one block twice",
    source: "843172978bb9 (v4.3)",
    bounds: { ...withImmap, contents: true },
    actors: twoStores({ ...withImmap, contents: true }, { locksImmap: true, zeroesLate: true }),
    breaks: [],
    exempt: noEntries,
  },
  {
    id: "A2",
    system: "A",
    title: "blocks have entries with a DIRTY mark, which nobody can lock",
    source: "9973c98ecfda (v4.5)",
    bounds: three,
    actors: [...pageLockActors(three, { tags: true }), secondLoad(three, { tags: true })],
    breaks: ["DAX-HOLE-1"],
    exempt: noEntryLock,
  },
  {
    id: "A3",
    system: "A",
    title: "the file system's fault lock: shared to read, exclusive for whatever allocates",
    source: "seed 000, the RFC of January 2016; never merged",
    bounds: withFaultLock,
    actors: [
      ...pageLockActors(withFaultLock, { faultLock: true }),
      task("write(2)", 2, daxWrite(withFaultLock, 2, [page], { faultLock: true })),
    ],
    breaks: [],
    exempt: noEntries,
  },
  {
    id: "A3-write",
    system: "A",
    title: "the fault lock, which write(2) does not take",
    source: "seed 000, the RFC with only faults taking the lock",
    bounds: withFaultLock,
    actors: [
      ...pageLockActors(withFaultLock, { faultLock: true }),
      task("write(2)", 2, daxWrite(withFaultLock, 2, [page])),
    ],
    breaks: ["DAX-HOLE-1"],
    exempt: noEntries,
  },
  {
    id: "A6",
    system: "A",
    title: "a lock bit in each entry, taken before the block map is asked",
    source: "ac401cc78242 (v4.7)",
    bounds: two,
    actors: entryLockActors(two).slice(0, 2),
    breaks: [],
  },
  {
    id: "A7",
    system: "A",
    title: "->iomap_begin before the entry lock; write(2) allocates in between",
    source: "9f141d6ef625 (v4.10)",
    bounds: alone,
    actors: [
      task("P1 load", 0, pteFault(readOf(alone), { looksUpUnlocked: true })),
      task("write(2)", 1, daxWrite(alone, 1, [page])),
    ],
    breaks: ["DAX-HOLE-1", "DAX-HOLE-2"],
  },
  {
    id: "A7-fault",
    system: "A",
    title: "->iomap_begin before the entry lock; a write fault allocates in between",
    source: "9f141d6ef625 (v4.10)",
    bounds: two,
    actors: entryLockActors(two, { looksUpUnlocked: true }).slice(0, 2),
    breaks: ["DAX-HOLE-1", "DAX-HOLE-2", "DAX-HOLE-3"],
  },
  {
    id: "A8",
    system: "A",
    title: "->iomap_begin under the entry lock again; write(2) deletes entries, then unmaps",
    source: "13e451fdc1af, cd656375f946 (v4.12)",
    bounds: three,
    actors: entryLockActors(three),
    breaks: [],
  },
  {
    id: "A8-no-unmap",
    system: "A",
    title: "write(2) deletes entries and leaves the mappings of the hole",
    source: "before cd656375f946 (v4.12); generic/428",
    bounds: three,
    actors: entryLockActors(three, {}, { invalidates: "delete only" }),
    breaks: ["DAX-HOLE-1", "DAX-HOLE-3", "DAX-ENTRY-4"],
  },
  {
    id: "A8-unmap-first",
    system: "A",
    title: "write(2) unmaps, then deletes entries",
    source: "fs/dax.c, dax_iomap_iter(): the order of invalidation and unmapping turned round",
    bounds: three,
    actors: entryLockActors(three, {}, { invalidates: "unmap, then delete" }),
    breaks: ["DAX-HOLE-1", "DAX-HOLE-3", "DAX-ENTRY-4"],
  },
];
