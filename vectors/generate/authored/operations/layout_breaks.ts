/**
 * System D: what a call that changes blocks or size must leave of the rest of the file, which is all
 * that was stored there.
 *
 * @module
 */
import { pmdSize } from "../../../../model/operation/scenario.ts";
import { commit, kernel, recording } from "../sequence.ts";
import {
  anywhere,
  bytes,
  crashAndRead,
  dax,
  empty,
  fallocate,
  fsync,
  ftruncate,
  hole,
  mmap,
  open,
  page,
  readAfterCrash,
  store,
  type WrittenOperation,
  type WrittenVector,
} from "./written.ts";

const merged = commit("bde708f1a65d");

/** One process stores to the first page, makes the call, syncs, and power fails. */
function survives(call: readonly WrittenOperation[], pages: number): WrittenVector["processes"] {
  return [[
    open("a", "f"),
    mmap("A", "a", { length: pages * page }),
    store("A", 0, 1),
    ...call,
    fsync("a"),
    ...crashAndRead("kept", "f"),
  ]];
}

const about = {
  system: "D",
  about: "DAX-TAG-4",
  also: ["DAX-TAG-2", "DUR-1"],
  configuration: anywhere,
  allowed: [{ kept: bytes(1, 1) }],
  forbidden: [{ kept: bytes(1, 0) }],
} as const;

/** Stores beside removals, growth and clones. */
export const layoutBreaks: readonly WrittenVector[] = [
  {
    ...about,
    name: "punch-elsewhere",
    says: "A page is stored to and another one is punched; fsync still makes the store durable.",
    references: [recording("7.2-punch-elsewhere-ext4"), merged],
    files: { f: hole(2) },
    processes: survives([fallocate("a", "punch_hole", page, page)], 2),
  },
  {
    ...about,
    name: "zero-range-elsewhere",
    says: "A page is stored to and another one is zeroed; fsync still makes the store durable.",
    references: [kernel("ext4 and XFS of 7.2: zero range, in the lab"), merged],
    files: { f: hole(2) },
    processes: survives([fallocate("a", "zero_range", page, page)], 2),
  },
  {
    ...about,
    name: "truncate-elsewhere",
    says: "A page is stored to and the file is cut after it; fsync still makes the store durable.",
    references: [kernel("fs/ext4/inode.c ext4_setattr(): it breaks layouts"), merged],
    files: { f: hole(2) },
    processes: survives([ftruncate("a", page)], 2),
  },
  {
    ...about,
    name: "growing-truncate",
    says: "A page is stored to and the file grows; fsync still makes the store durable.",
    references: [recording("7.2-grow-xfs"), merged],
    files: { f: hole() },
    processes: survives([ftruncate("a", 2 * page)], 1),
  },
  {
    ...about,
    name: "clone-of-a-dirty-file",
    says: "A page is stored to and its file is cloned; fsync still makes the store durable.",
    references: [recording("7.2-clone-xfs"), merged],
    files: { f: hole(), g: empty },
    processes: survives([open("c", "g"), { kind: "reflink", from: "a", to: "c" }], 1),
  },
  {
    ...about,
    name: "punch-in-another-pmd",
    says:
      "Two PMDs are stored to and pages of one of them are punched; fsync makes both stores durable.",
    references: [
      recording("7.2-punch-elsewhere-ext4"),
      recording("6.16-rt-punch-elsewhere-ext4"),
      merged,
    ],
    configuration: dax,
    files: { f: hole(1024) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", { length: 2 * pmdSize, level: "pmd" }),
      store("A", 300 * page, 1),
      store("A", 812 * page, 2),
      fallocate("a", "punch_hole", 700 * page, 4 * page),
      fsync("a"),
      ...crashAndRead("first", "f", 300 * page),
      ...readAfterCrash("second", "f", 812 * page),
    ]],
    allowed: [{ first: bytes(1, 1), second: bytes(1, 2) }],
    forbidden: [{ first: bytes(1, 0), second: bytes(1, 0) }],
  },
];
