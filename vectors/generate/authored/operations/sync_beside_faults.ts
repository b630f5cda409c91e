/**
 * System D: one sync call, and a page fault of another process on the same entry.
 *
 * @module
 */
import { pmdSize } from "../../../../model/operation/scenario.ts";
import { commit, kernel, recording } from "../sequence.ts";
import {
  after,
  anywhere,
  as,
  bytes,
  crashAndRead,
  dax,
  fsync,
  hole,
  load,
  mmap,
  msync,
  open,
  page,
  store,
  type WrittenOperation,
  type WrittenVector,
} from "./written.ts";

const references = [
  recording("7.2-fault-and-fsync-xfs"),
  kernel("fs/dax.c, 5.10 to 7.2, get_unlocked_entry(): the pass looks past a locked entry"),
  commit("6be3e21d25ca"),
] as const;

const huge = { length: pmdSize, level: "pmd" } as const;

/** P1 stores and syncs, power fails, and the store is read; P2 touches the same entry meanwhile. */
function beside(
  sync: WrittenOperation,
  touch: WrittenOperation,
  mapped: { readonly length?: number; readonly level?: "pmd" } = {},
): WrittenVector["processes"] {
  return [
    [
      open("a", "f"),
      mmap("A", "a", mapped),
      as("s", store("A", 0, 1)),
      after("m", sync),
      ...crashAndRead("r", "f"),
    ],
    [open("b", "f"), as("m", mmap("B", "b", mapped)), after("s", as("touch", touch))],
  ];
}

/** What was stored before the call is durable, whatever became of the other process. */
const loads = {
  allowed: [{ touch: 1, r: bytes(1, 1) }, { touch: "cut", r: bytes(1, 1) }],
  forbidden: [{ touch: 1, r: bytes(1, 0) }, { touch: "cut", r: bytes(1, 0) }],
} as const;
const others = {
  allowed: [{ r: bytes(1, 1) }, { touch: "cut", r: bytes(1, 1) }],
  forbidden: [{ r: bytes(1, 0) }, { touch: "cut", r: bytes(1, 0) }],
} as const;

const about = { system: "D", about: "DAX-WAIT-1", also: ["DUR-1"], references } as const;

/** Sync calls that meet an entry which a fault holds locked. */
export const syncBesideFaults: readonly WrittenVector[] = [
  {
    ...about,
    ...loads,
    name: "fsync-beside-a-load",
    says:
      "A process stores and calls fsync while another one's load faults on the page; the store is durable.",
    configuration: anywhere,
    files: { f: hole() },
    processes: beside(fsync("a"), load("B", 0)),
  },
  {
    ...about,
    ...others,
    name: "fsync-beside-a-store",
    says:
      "A process stores and calls fsync while another one's store to other bytes of the page faults; " +
      "the first store is durable.",
    configuration: anywhere,
    files: { f: hole() },
    processes: beside(fsync("a"), store("B", 8, 2)),
  },
  {
    ...about,
    ...loads,
    name: "msync-beside-a-load",
    says:
      "A process stores and calls msync while another one's load faults on the page; the store is durable.",
    configuration: anywhere,
    files: { f: hole() },
    processes: beside(msync("A"), load("B", 0)),
  },
  {
    ...about,
    name: "fsync-of-a-pmd-beside-a-load",
    says:
      "A PMD is stored to and synced while another process loads from another page of it; the store " +
      "is durable.",
    configuration: dax,
    files: { f: hole(512) },
    processes: beside(fsync("a"), load("B", 5 * page), huge),
    allowed: [{ touch: 0, r: bytes(1, 1) }, { touch: "cut", r: bytes(1, 1) }],
    forbidden: [{ touch: 0, r: bytes(1, 0) }, { touch: "cut", r: bytes(1, 0) }],
  },
];
