/**
 * System A with entry locks, as Linux does it since v4.20 (A9), and each way of doing it wrong that a
 * commit has mended or that a mutation shows (chapter 1).
 *
 * @module
 */
import type { Design } from "../design.ts";
import { environment, task } from "./calls.ts";
import { fsync } from "./dax_fsync.ts";
import { daxWrite } from "./dax_write.ts";
import { dropEntry } from "./drop_entry.ts";
import {
  copied,
  fault,
  mapped,
  one,
  onePage,
  onePmd,
  pair,
  pairVmas,
  pmds,
  privatePmd,
  ptes,
  sameHole,
  threads,
  waiters,
  withPrivate,
} from "./entry_lock_worlds.ts";
import { pmdFault } from "./pmd_fault.ts";
import { pteFault } from "./pte_fault.ts";

/** Beside an fsync, the load is its fault alone. */
const pmdLoad = fault(pair, 1, 0, "read");

/** The designs: A9 in the worlds that show it, then what breaks it. */
export const entryLockDesigns: readonly Design[] = [
  {
    id: "A9",
    title: "the current protocol, one page: load, store, write(2), punch",
    source: "v4.20 to 7.2, fs/dax.c",
    ...onePage("punch"),
    breaks: [],
  },
  {
    id: "A9-truncate",
    title: "the current protocol, one page: load, store, write(2), truncate",
    source: "v4.20 to 7.2, fs/dax.c",
    ...onePage("truncate"),
    breaks: [],
  },
  {
    id: "A9-pmd-load",
    title: "the current protocol: a PMD load, a PTE store and a write(2)",
    source: "v4.20 to 7.2, fs/dax.c",
    ...onePmd("read", "write"),
    breaks: [],
  },
  {
    id: "A9-pmd-store",
    title: "the current protocol: a PMD store, a PTE load and a write(2)",
    source: "v4.20 to 7.2, fs/dax.c",
    ...onePmd("write", "read"),
    breaks: [],
  },
  {
    id: "A9-pmds",
    title: "the current protocol: a PMD load and a PMD store",
    source: "v4.20 to 7.2, fs/dax.c",
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
    source: "v4.20 to 7.2, fs/dax.c",
    ...sameHole([0]),
    breaks: [],
  },
  {
    id: "A9-pmd-loads",
    title: "the current protocol: two threads load one PMD while it is written to",
    source: "v4.20 to 7.2, fs/dax.c",
    ...sameHole([0, 1]),
    breaks: [],
  },
  {
    id: "A9-threads",
    title: "the current protocol: threads of one process, some by PMDs, one by PTEs",
    source: "v4.20 to 7.2, fs/dax.c",
    ...threads(0),
    breaks: [],
  },
  {
    id: "A9-processes",
    title: "the current protocol: threads of one process, by PMD and by PTE, and another process",
    source: "v4.20 to 7.2, fs/dax.c",
    ...threads(1),
    breaks: [],
  },
  {
    id: "A9-waiters",
    title: "the current protocol: three wait for one huge hole",
    source: "v4.20 to 7.2, fs/dax.c",
    ...waiters({}),
    breaks: [],
  },
  {
    id: "A9-private",
    title: "the current protocol: a private store beside a shared load and a shared store",
    source: "v4.20 to 7.2, fs/dax.c",
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
    id: "A9-private-pmd",
    title: "the current protocol: a private store where a PMD is mapped",
    source: "v4.20 to 7.2, fs/dax.c dax_fault_check_fallback()",
    ...privatePmd(),
    breaks: [],
  },
  {
    id: "A9-copy",
    title: "the current protocol, one page: store, write(2) with its copy, punch",
    source: "v4.20 to 7.2, fs/dax.c dax_iomap_iter()",
    ...copied([0]),
    breaks: [],
  },
  {
    id: "A9-copy-pmd",
    title: "the current protocol, one PMD: store, write(2) with its copy, punch",
    source: "v4.20 to 7.2, fs/dax.c dax_iomap_iter()",
    ...copied([0, 1]),
    breaks: [],
  },
  {
    id: "A9-copy-unlocked",
    title: "a punch frees blocks while write(2) copies to them",
    source: "a mutation: ext4_punch_hole() without inode_lock()",
    ...copied([0], { ignoresWrites: true }),
    breaks: ["INV-6"],
  },
  {
    id: "A9-pmd-over-pte",
    title: "a PMD fault looks for smaller entries in the first slots of the range only",
    source: "cfc93c6c6c96 to 0e40de0338d0 (release candidates of v4.20)",
    system: "A",
    bounds: pair,
    start: mapped,
    actors: [
      ptes(fault(pair, 0, 1, "write")),
      task("P2 load", 1, pmdFault(pmdLoad, pteFault(pmdLoad), { missesPteEntries: true })),
      task("fsync", 2, fsync(pair, 2, pairVmas)),
    ],
    breaks: [
      "DAX-ENTRY-1",
      "DAX-ENTRY-2",
      "DAX-TAG-1",
      "DAX-CLEAN-1",
      "DAX-CLEAN-2",
      "DAX-WAIT-1",
      "DUR-1",
      "LOCK-1",
    ],
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
    id: "A9-unzeroed",
    title: "the file system hands out blocks as their last owner left them",
    source: "a mutation: allocation without EXT4_GET_BLOCKS_CREATE_ZERO, XFS_BMAPI_ZERO",
    system: "A",
    bounds: { ...one, tasks: 2, contents: true },
    actors: [
      ptes(fault({ ...one, tasks: 2, contents: true }, 0, 0, "read")),
      ptes(fault({ ...one, tasks: 2, contents: true }, 1, 0, "write"), {
        leavesBlocksUnzeroed: true,
      }),
    ],
    breaks: ["DAX-ZERO-1"],
  },
  {
    id: "A9-private-in-place",
    title: "a private store maps the file's block in place of a copy",
    source: "a mutation: dax_iomap_pte_fault() without vmf->cow_page",
    system: "A",
    bounds: { ...withPrivate, tasks: 2 },
    actors: [
      ptes(fault({ ...withPrivate, tasks: 2 }, 0, 0, "read")),
      ptes(fault({ ...withPrivate, tasks: 2 }, 1, 0, "write"), { copiesNothing: true }),
    ],
    breaks: ["DAX-COW-1"],
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
