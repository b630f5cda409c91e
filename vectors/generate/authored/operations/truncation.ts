/**
 * System F: files that are cut and grow, beside loads, reads and stores.
 *
 * @module
 */
import { commit, fstests, kernel, litmus } from "../sequence.ts";
import {
  after,
  anywhere,
  as,
  bytes,
  close,
  evict,
  file,
  fsync,
  ftruncate,
  load,
  mmap,
  open,
  page,
  pageCache,
  pread,
  pwrite,
  store,
  written,
  type WrittenVector,
} from "./written.ts";

const part = (value: number, length: number) =>
  ({ kind: "data", offset: 0, length, value }) as const;

/** Sizes that change. */
export const truncation: readonly WrittenVector[] = [
  {
    name: "load-beside-truncation",
    system: "F",
    about: "DAX-SIZE-1",
    says:
      "A page is loaded from while the file is cut before it: the old byte or SIGBUS, and SIGBUS " +
      "from then on.",
    references: [litmus("L16"), commit("653c60b633a9"), fstests("generic/749")],
    configuration: anywhere,
    files: { f: written(9) },
    processes: [
      [open("a", "f"), as("t", ftruncate("a", 0))],
      [open("b", "f"), mmap("B", "b"), as("first", load("B")), after("t", as("last", load("B")))],
    ],
    allowed: [{ first: 9, last: "SIGBUS" }, { first: "SIGBUS", last: "cut" }],
    forbidden: [{ first: 9, last: 9 }, { first: 0, last: "SIGBUS" }],
  },
  {
    name: "read-beside-truncation",
    system: "F",
    about: "INV-4",
    says:
      "A page is read while the file is cut before it: old bytes or none, and none from then on.",
    references: [litmus("L16"), fstests("generic/751")],
    configuration: anywhere,
    files: { f: written(9) },
    processes: [
      [open("a", "f"), as("t", ftruncate("a", 0))],
      [open("b", "f"), as("first", pread("b", 0, 1)), after("t", as("last", pread("b", 0, 1)))],
    ],
    allowed: [{ first: [], last: [] }, { first: bytes(1, 9), last: [] }],
    forbidden: [{ first: bytes(1, 9), last: bytes(1, 9) }],
  },
  {
    name: "cut-inside-a-page-and-grown-again",
    system: "F",
    about: "INV-4",
    says: "A file is cut inside a page and grown again: what was cut off is zeros.",
    references: [fstests("generic/029"), fstests("generic/030")],
    configuration: anywhere,
    files: { f: written(9) },
    processes: [[
      open("a", "f"),
      mmap("A", "a"),
      as("before", load("A", 2000)),
      ftruncate("a", 1000),
      ftruncate("a", page),
      as("r", pread("a", 0, page)),
      as("l", load("A", 2000)),
    ]],
    allowed: [{ before: 9, r: [[1000, 9], [3096, 0]], l: 0 }],
    forbidden: [{ before: 9, r: bytes(page, 9), l: 9 }],
  },
  {
    name: "cut-at-a-page-and-grown-again",
    system: "F",
    about: "INV-4",
    says: "A file loses its last page and grows again: the page is zeros, from cache and device.",
    references: [fstests("generic/029"), fstests("generic/511")],
    configuration: anywhere,
    files: { f: written(9, 2) },
    processes: [[
      open("a", "f"),
      as("before", pread("a", page, 1)),
      ftruncate("a", page),
      ftruncate("a", 2 * page),
      as("r", pread("a", page, page)),
    ]],
    allowed: [{ before: bytes(1, 9), r: bytes(page, 0) }],
    forbidden: [{ before: bytes(1, 9), r: bytes(page, 9) }],
  },
  {
    name: "store-in-the-part-that-stays",
    system: "F",
    about: "DUR-1",
    says: "A page is dirty and the file is cut inside it: what was stored before the cut stays.",
    references: [fstests("generic/438"), fstests("generic/029")],
    configuration: anywhere,
    files: { f: written(9) },
    processes: [[
      open("a", "f"),
      mmap("A", "a"),
      store("A", 0, 7),
      ftruncate("a", 1000),
      as("l", load("A", 0)),
      fsync("a"),
      evict("a"),
      as("r", pread("a", 0, page)),
    ]],
    allowed: [{ l: 7, r: [[1, 7], [999, 9]] }],
    forbidden: [{ l: 9, r: bytes(1000, 9) }],
  },
  {
    name: "store-behind-the-end-and-growth",
    system: "F",
    about: "INV-4",
    says: "A mapping stores behind the end of the file; when the file grows, zeros appear there.",
    references: [fstests("generic/363"), fstests("generic/499")],
    configuration: pageCache,
    files: { f: file(1000, part(9, 1000)) },
    processes: [[
      open("a", "f"),
      mmap("A", "a"),
      store("A", 2000, 7),
      ftruncate("a", page),
      as("r", pread("a", 2000, 1)),
    ]],
    allowed: [{ r: bytes(1, 0) }],
    forbidden: [{ r: bytes(1, 7) }],
  },
  {
    name: "store-behind-the-end-and-a-write-behind-it",
    system: "F",
    about: "INV-4",
    says: "The same where a write behind a gap makes the file grow: the gap is zeros.",
    references: [fstests("generic/363"), fstests("generic/499")],
    configuration: pageCache,
    files: { f: file(1000, part(9, 1000)) },
    processes: [[
      open("a", "f"),
      mmap("A", "a"),
      store("A", 2000, 7),
      pwrite("a", 3000, 100, 1),
      as("r", pread("a", 0, page)),
    ]],
    allowed: [{ r: [[1000, 9], [2000, 0], [100, 1]] }],
    forbidden: [{ r: [[1000, 9], [1000, 0], [1, 7], [999, 0], [100, 1]] }],
  },
  {
    name: "load-beside-a-write-behind-the-end",
    system: "F",
    about: "DUR-4",
    also: ["INV-4"],
    says: "Bytes behind the old end are loaded while a write extends the file: zeros or new bytes.",
    references: [litmus("L26"), fstests("generic/499")],
    configuration: anywhere,
    files: { f: file(100, part(9, 100)) },
    processes: [
      [open("a", "f"), as("w", pwrite("a", 100, 100, 1))],
      [
        open("b", "f"),
        mmap("B", "b"),
        as("l", load("B", 150)),
        after("w", as("r", pread("b", 0, 300))),
      ],
    ],
    allowed: [
      { l: 0, r: [[100, 9], [100, 1]] },
      { l: 1, r: [[100, 9], [100, 1]] },
    ],
    forbidden: [],
  },
  {
    name: "store-to-blocks-that-growth-adds",
    system: "F",
    about: "WB-MKWRITE-2",
    says:
      "With blocks smaller than pages, a mapping stores to the first block, the file grows, and the " +
      "mapping stores to a new block of the page: both stores reach the device.",
    references: [litmus("L17"), commit("90a8020278c1"), fstests("generic/030")],
    configuration: { ...pageCache, blocks: "smaller" },
    files: { f: file(1024, part(9, 1024)) },
    processes: [[
      open("a", "f"),
      mmap("A", "a"),
      store("A", 0, 1),
      ftruncate("a", 10000),
      store("A", 4095, 2),
      fsync("a"),
      evict("a"),
      as("old", pread("a", 0, 1)),
      as("new", pread("a", 4095, 1)),
    ]],
    allowed: [{ old: bytes(1, 1), new: bytes(1, 2) }],
    forbidden: [{ old: bytes(1, 1), new: bytes(1, 0) }],
  },
  {
    name: "close-of-a-descriptor-that-has-cut-the-file",
    system: "F",
    about: "DUR-1",
    says:
      "A descriptor cuts a file, another one writes to it and syncs, and the first is closed: what was " +
      "written stays.",
    references: [
      kernel(
        "commontoolsinc/labs, pull request 4790 (FUSE): a truncate that is pending on a handle is " +
          "written back when that handle is closed",
      ),
    ],
    configuration: pageCache,
    files: { f: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "f"),
      ftruncate("a", 0),
      pwrite("b", 0, page, 1),
      fsync("b"),
      close("a"),
      as("r", pread("b", 0, page)),
    ]],
    allowed: [{ r: bytes(page, 1) }],
    forbidden: [{ r: [] }],
  },
];
