/**
 * System A: one copy of the data, whoever looks and however, while holes become blocks.
 *
 * @module
 */
import { pmdSize } from "../../../../model/operation/scenario.ts";
import { commit, fstests, kernel, litmus, seed } from "../sequence.ts";
import {
  after,
  anywhere,
  as,
  bytes,
  dax,
  fallocate,
  hole,
  load,
  mmap,
  open,
  page,
  pread,
  pwrite,
  store,
  written,
  type WrittenVector,
} from "./written.ts";

const huge = { length: pmdSize, level: "pmd" } as const;

/** Loads, stores and writes of pages that are holes at first. */
export const holes: readonly WrittenVector[] = [
  {
    name: "load-beside-store",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "One process loads from a hole while another stores there; a load after both sees the store.",
    references: [litmus("L1"), litmus("E1"), seed("000"), commit("ac401cc78242")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [open("a", "f"), mmap("A", "a"), as("first", load("A")), after("s", as("last", load("A")))],
      [open("b", "f"), mmap("B", "b"), as("s", store("B", 0, 1))],
    ],
    allowed: [{ first: 0, last: 1 }, { first: 1, last: 1 }],
    forbidden: [{ first: 0, last: 0 }],
  },
  {
    name: "write-behind-a-huge-zero-page",
    system: "A",
    about: "DAX-HOLE-1",
    says: "A hole is mapped by one entry of a PMD, then written; a load sees what was written.",
    references: [litmus("L2"), commit("cd656375f946"), fstests("generic/428")],
    configuration: dax,
    files: { f: hole(512) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", huge),
      as("before", load("A", page)),
      pwrite("a", page, page, 1),
      as("behind", load("A", page)),
    ]],
    allowed: [{ before: 0, behind: 1 }],
    forbidden: [{ before: 0, behind: 0 }],
  },
  {
    name: "load-beside-write",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "One process loads from a hole while another writes there; a load after both sees the write.",
    references: [litmus("L3"), commit("13e451fdc1af")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [open("a", "f"), mmap("A", "a"), as("first", load("A")), after("w", as("last", load("A")))],
      [open("b", "f"), as("w", pwrite("b", 0, page, 1))],
    ],
    allowed: [{ first: 0, last: 1 }, { first: 1, last: 1 }],
    forbidden: [{ first: 0, last: 0 }],
  },
  {
    name: "write-behind-a-load",
    system: "A",
    about: "DAX-HOLE-1",
    says: "A hole is loaded from, then written; the next load sees what was written.",
    references: [litmus("E3"), commit("cd656375f946")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [[
      open("a", "f"),
      mmap("A", "a"),
      as("before", load("A")),
      pwrite("a", 0, page, 1),
      as("behind", load("A")),
    ]],
    allowed: [{ before: 0, behind: 1 }],
    forbidden: [{ before: 0, behind: 0 }],
  },
  {
    name: "pmd-load-beside-store",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "One process maps a hole by a PMD while another stores to a page of it; a load after both " +
      "sees the store.",
    references: [litmus("E2"), seed("000"), commit("876f29460cbd")],
    configuration: dax,
    files: { f: hole(512) },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a", huge),
        as("first", load("A", page)),
        after("s", as("last", load("A", page))),
      ],
      [open("b", "f"), mmap("B", "b", huge), as("s", store("B", page, 1))],
    ],
    allowed: [{ first: 0, last: 1 }, { first: 1, last: 1 }],
    forbidden: [{ first: 0, last: 0 }],
  },
  {
    name: "two-stores-into-one-new-block",
    system: "A",
    about: "DAX-ZERO-2",
    says: "Two processes store to different bytes of one hole page; neither store is lost.",
    references: [litmus("L4"), commit("843172978bb9")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a"),
        as("s", store("A", 0, 1)),
        after("t", as("other", load("A", 1024))),
        as("own", load("A", 0)),
      ],
      [open("b", "f"), mmap("B", "b"), as("t", store("B", 1024, 2))],
    ],
    allowed: [{ own: 1, other: 2 }],
    forbidden: [{ own: 0, other: 2 }, { own: 1, other: 0 }],
  },
  {
    name: "small-and-large-mapping",
    system: "A",
    about: "COH-6",
    says:
      "One process maps 2 MiB, another maps one page of it; a store through either is seen by both.",
    references: [litmus("L5"), fstests("generic/605")],
    configuration: anywhere,
    files: { f: hole(512) },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a", { length: pmdSize }),
        as("s", store("A", 0, 1)),
        after("t", as("seen", load("A", page))),
      ],
      [open("b", "f"), mmap("B", "b", { offset: page }), after("s", as("t", store("B", page, 2)))],
    ],
    allowed: [{ seen: 2 }],
    forbidden: [{ seen: 0 }],
  },
  {
    name: "private-copy-stays-private",
    system: "A",
    about: "DAX-COW-1",
    says:
      "A store through a private mapping is seen by nobody else, and later stores of others are not " +
      "seen through it; whether earlier ones are is left open.",
    references: [litmus("L6"), commit("bc2466e42573"), fstests("generic/437")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a", { sharing: "private" }),
        as("untouched", load("A")),
        after("s", as("open", load("A"))),
        as("copy", store("A", 0, 5)),
        after("t", as("kept", load("A"))),
        as("file", pread("a", 0, 1)),
      ],
      [
        open("b", "f"),
        mmap("B", "b"),
        after("untouched", as("s", store("B", 0, 1))),
        after("copy", as("t", store("B", 0, 2))),
      ],
    ],
    allowed: [
      { untouched: 0, open: 0, kept: 5, file: bytes(1, 2) },
      { untouched: 0, open: 1, kept: 5, file: bytes(1, 2) },
    ],
    forbidden: [{ untouched: 0, open: 1, kept: 2, file: bytes(1, 2) }],
  },
  {
    name: "read-behind-a-store",
    system: "A",
    about: "COH-6",
    says: "A store through a mapping is seen by a read(2) that begins after it.",
    references: [litmus("L7"), fstests("generic/413")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [open("a", "f"), mmap("A", "a"), as("s", store("A", 0, 1))],
      [open("b", "f"), after("s", as("r", pread("b", 0, 1)))],
    ],
    allowed: [{ r: bytes(1, 1) }],
    forbidden: [{ r: bytes(1, 0) }],
  },
  {
    name: "load-behind-a-write",
    system: "A",
    about: "COH-6",
    says: "A write(2) to a page that is mapped already is seen by loads that begin after it.",
    references: [fstests("generic/413"), fstests("generic/605")],
    configuration: anywhere,
    files: { f: written(9) },
    processes: [
      [open("a", "f"), after("before", as("w", pwrite("a", 0, page, 1)))],
      [
        open("b", "f"),
        mmap("B", "b"),
        as("before", load("B")),
        after("w", as("behind", load("B"))),
      ],
    ],
    allowed: [{ before: 9, behind: 1 }],
    forbidden: [{ before: 9, behind: 9 }],
  },
  {
    name: "unwritten-reads-as-zeros",
    system: "A",
    about: "DAX-ZERO-1",
    also: ["DAX-HOLE-1"],
    says:
      "A hole is preallocated under a mapping of zeros and then stored to: zeros, zeros, and the " +
      "store.",
    references: [litmus("L27"), kernel("fs/dax.c: unwritten extents are treated as holes")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a"),
        as("hole", load("A")),
        as("p", fallocate("a", "preallocate", 0, page)),
        as("unwritten", load("A")),
        after("s", as("stored", load("A"))),
      ],
      [open("b", "f"), mmap("B", "b"), after("unwritten", as("s", store("B", 0, 1)))],
    ],
    allowed: [{ hole: 0, unwritten: 0, stored: 1 }],
    forbidden: [{ hole: 0, unwritten: 0, stored: 0 }],
  },
  {
    name: "preallocated-blocks-are-zeros",
    system: "A",
    about: "DAX-ZERO-1",
    says: "Preallocated blocks read as zeros, whatever their last owner left in them.",
    references: [fstests("generic/042"), kernel("fallocate(2), mode 0")],
    configuration: anywhere,
    files: { f: hole() },
    processes: [[
      open("a", "f"),
      fallocate("a", "preallocate", 0, page),
      as("r", pread("a", 0, page)),
      mmap("A", "a"),
      as("l", load("A", 100)),
    ]],
    allowed: [{ r: bytes(page, 0), l: 0 }],
    forbidden: [],
  },
];
