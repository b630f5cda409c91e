/**
 * System D: what fsync owes to stores through PTEs and PMDs of a DAX file.
 *
 * @module
 */
import { pmdSize } from "../../../../model/operation/scenario.ts";
import { commit, fstests, kernel, litmus, recording, seed } from "../sequence.ts";
import {
  after,
  as,
  bytes,
  crashAndRead,
  dax,
  fallocate,
  fsync,
  ftruncate,
  hole,
  load,
  mmap,
  msync,
  open,
  page,
  readAfterCrash,
  store,
  type WrittenVector,
} from "./written.ts";

const huge = { length: pmdSize, level: "pmd" } as const;
const small = { length: pmdSize, level: "pte" } as const;

/** Stores to entries of a page and of a PMD. */
export const daxSyncCalls: readonly WrittenVector[] = [
  {
    name: "small-mapping-inside-a-pmd",
    system: "D",
    about: "DAX-CLEAN-2",
    also: ["DUR-1"],
    says: "One process maps 2 MiB by a PMD, another one page of it; each of two fsyncs makes the " +
      "other's store durable.",
    references: [litmus("K6"), litmus("E4"), seed("003"), recording("5.10-mkclean-ext4")],
    configuration: dax,
    files: { f: hole(512) },
    processes: [
      [open("a", "f"), mmap("A", "a", huge), as("s", store("A", 0, 1))],
      [
        open("b", "f"),
        mmap("B", "b", { offset: page }),
        after("s", store("B", page, 1)),
        fsync("b"),
        store("B", page, 2),
        fsync("b"),
        ...crashAndRead("r", "f", page),
      ],
    ],
    allowed: [{ r: bytes(1, 2) }],
    forbidden: [{ r: bytes(1, 1) }],
  },
  {
    name: "pmd-stored-to-again",
    system: "D",
    about: "DAX-CLEAN-2",
    also: ["DUR-1"],
    says: "A PMD is stored to, cleaned by fsync, and stored to again: the next fsync knows.",
    references: [litmus("K7"), commit("4b4bb46d00b3"), commit("f729c8c9b24f")],
    configuration: dax,
    files: { f: hole(512) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", huge),
      store("A", 0, 1),
      fsync("a"),
      store("A", 0, 2),
      fsync("a"),
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 2) }],
    forbidden: [{ r: bytes(1, 1) }],
  },
  {
    name: "misaligned-mapping-of-a-pmd",
    system: "D",
    about: "DAX-CLEAN-2",
    also: ["DUR-1"],
    says:
      "One process maps a range by a PMD, another the same range by PTEs; fsync cleans every PTE, " +
      "not only the first.",
    references: [litmus("K8"), seed("003")],
    configuration: dax,
    files: { f: hole(512) },
    processes: [
      [open("a", "f"), mmap("A", "a", huge), as("s", store("A", 0, 1))],
      [
        open("b", "f"),
        mmap("B", "b", small),
        after("s", store("B", 5 * page, 1)),
        fsync("b"),
        store("B", 5 * page, 2),
        fsync("b"),
        ...crashAndRead("r", "f", 5 * page),
      ],
    ],
    allowed: [{ r: bytes(1, 2) }],
    forbidden: [{ r: bytes(1, 1) }],
  },
  {
    name: "store-beside-an-fsync-of-a-pmd",
    system: "D",
    about: "DAX-CLEAN-3",
    also: ["DUR-1"],
    says: "A store while fsync cleans the entry is durable after the next fsync.",
    references: [seed("003"), kernel("fs/dax.c dax_writeback_one()")],
    configuration: dax,
    files: { f: hole() },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a"),
        as("first", store("A", 0, 1)),
        as("second", store("A", 0, 2)),
      ],
      [
        open("b", "f"),
        after("first", as("beside", fsync("b"))),
        after("second", fsync("b")),
        ...crashAndRead("r", "f"),
      ],
    ],
    allowed: [{ r: bytes(1, 2) }],
    forbidden: [{ r: bytes(1, 1) }],
  },
  {
    name: "pmd-fault-over-a-dirty-page",
    system: "D",
    about: "DAX-ENTRY-2",
    also: ["DUR-1"],
    says:
      "A page is dirty, then another process faults in the PMD around it; fsync still finds it.",
    references: [litmus("K26"), commit("0e40de0338d0"), fstests("generic/437")],
    configuration: dax,
    files: { f: hole(512) },
    processes: [
      [open("a", "f"), mmap("A", "a"), as("s", store("A", 0, 1))],
      [
        open("b", "f"),
        mmap("B", "b", huge),
        after("s", as("l", load("B", 0))),
        fsync("b"),
        ...crashAndRead("r", "f"),
      ],
    ],
    allowed: [{ l: 1, r: bytes(1, 1) }],
    forbidden: [{ l: 1, r: bytes(1, 0) }],
  },
  {
    name: "msync-of-another-page-of-a-pmd",
    system: "D",
    about: "DUR-4",
    says: "msync of one page of a PMD may flush the others, and promises nothing for them.",
    references: [litmus("K28")],
    configuration: dax,
    files: { f: hole(512) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", huge),
      store("A", 5 * page, 1),
      as("zero", load("A", 0)),
      msync("A", 0, page),
      ...crashAndRead("r", "f", 5 * page),
    ]],
    allowed: [{ zero: 0, r: bytes(1, 0) }, { zero: 0, r: bytes(1, 1) }],
    forbidden: [],
  },
  ...(["punch_hole", "zero_range"] as const).map((mode): WrittenVector => ({
    name: `${mode === "punch_hole" ? "punch" : "zero-range"}-inside-a-dirty-pmd`,
    system: "D",
    about: "DAX-TAG-4",
    also: ["DUR-1"],
    says:
      "A PMD is stored to and some of its other pages are removed; fsync still makes the store " +
      "durable.",
    references: [
      recording("6.12-punch-ext4"),
      kernel("ext4 and XFS up to 7.2: the whole entry goes, DIRTY included"),
    ],
    configuration: dax,
    files: { f: hole(512) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", huge),
      store("A", 300 * page, 1),
      store("A", 100 * page, 5),
      fallocate("a", mode, 100 * page, 4 * page),
      fsync("a"),
      ...crashAndRead("kept", "f", 300 * page),
      ...readAfterCrash("removed", "f", 100 * page),
    ]],
    allowed: [{ kept: bytes(1, 1), removed: bytes(1, 0) }],
    forbidden: [{ kept: bytes(1, 0), removed: bytes(1, 0) }],
  })),
  {
    name: "truncate-inside-a-dirty-pmd",
    system: "D",
    about: "DAX-TAG-4",
    also: ["DUR-1"],
    says: "A PMD is stored to and the file is cut behind that page; fsync makes the store durable.",
    references: [
      recording("6.12-truncate-xfs"),
      kernel("ext4 and XFS up to 7.2: the whole entry goes, DIRTY included"),
    ],
    configuration: dax,
    files: { f: hole(512) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", huge),
      store("A", 300 * page, 1),
      store("A", 450 * page, 5),
      ftruncate("a", 400 * page),
      fsync("a"),
      ...crashAndRead("kept", "f", 300 * page),
      ...readAfterCrash("removed", "f", 450 * page),
    ]],
    allowed: [{ kept: bytes(1, 1), removed: [] }],
    forbidden: [{ kept: bytes(1, 0), removed: [] }],
  },
];
