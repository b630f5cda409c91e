/**
 * System F: ranges that move, and blocks that two files share.
 *
 * @module
 */
import { commit, fstests, litmus } from "../sequence.ts";
import {
  after,
  as,
  bytes,
  empty,
  evict,
  fallocate,
  file,
  fsync,
  load,
  mmap,
  open,
  page,
  pageCache,
  pread,
  store,
  written,
  type WrittenVector,
} from "./written.ts";

const part = (value: number, length: number) =>
  ({ kind: "data", offset: 0, length, value }) as const;

/** Collapsed and inserted ranges, and clones. */
export const moving: readonly WrittenVector[] = [
  {
    name: "store-beside-collapse",
    system: "F",
    about: "INV-5",
    says:
      "A page is stored to while the page before it is collapsed away: the store moves with its " +
      "page, or lands where the page was.",
    references: [litmus("L18"), commit("32ebffd3bbb4")],
    configuration: pageCache,
    files: {
      f: file(3 * page, part(5, page), {
        kind: "data",
        offset: page,
        length: page,
        value: 6,
      }, { kind: "data", offset: 2 * page, length: page, value: 7 }),
    },
    processes: [
      [open("a", "f"), as("c", fallocate("a", "collapse_range", 0, page))],
      [
        open("b", "f"),
        mmap("B", "b", { length: 3 * page }),
        as("s", store("B", page, 3)),
        after("c", as("moved", pread("b", 0, 1))),
        as("behind", pread("b", page, 1)),
      ],
    ],
    allowed: [
      { moved: bytes(1, 3), behind: bytes(1, 7) },
      { moved: bytes(1, 6), behind: bytes(1, 3) },
    ],
    forbidden: [{ moved: bytes(1, 6), behind: bytes(1, 7) }],
  },
  {
    name: "store-behind-a-collapsed-range",
    system: "F",
    about: "INV-5",
    also: ["COH-1"],
    says: "A dirty page behind the range moves with what was stored to it.",
    references: [commit("32ebffd3bbb4"), fstests("generic/127")],
    configuration: pageCache,
    files: { f: file(2 * page, part(5, 2 * page)) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", { length: 2 * page }),
      as("cached", load("A", 0)),
      store("A", page, 3),
      fallocate("a", "collapse_range", 0, page),
      as("moved", pread("a", 0, 1)),
      as("mapped", load("A", 0)),
      as("end", pread("a", page, 1)),
    ]],
    allowed: [{ cached: 5, moved: bytes(1, 3), mapped: 3, end: [] }],
    forbidden: [{ cached: 5, moved: bytes(1, 5), mapped: 5, end: [] }],
  },
  {
    name: "store-behind-an-inserted-range",
    system: "F",
    about: "INV-5",
    also: ["COH-1"],
    says: "A dirty page moves up when a range is inserted before it, and a hole appears.",
    references: [commit("32ebffd3bbb4"), fstests("generic/127")],
    configuration: pageCache,
    files: { f: written(5) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", { length: 2 * page }),
      store("A", 0, 3),
      fallocate("a", "insert_range", 0, page),
      as("hole", pread("a", 0, page)),
      as("moved", pread("a", page, page)),
      as("mapped", load("A", page)),
    ]],
    allowed: [{ hole: bytes(page, 0), moved: [[1, 3], [4095, 5]], mapped: 3 }],
    forbidden: [{ hole: bytes(page, 0), moved: bytes(page, 5), mapped: 5 }],
  },
  {
    name: "store-to-a-clone",
    system: "F",
    about: "DAX-ENTRY-3",
    also: ["COH-1"],
    says: "Two files share their blocks; what is stored to one is never seen in the other.",
    references: [litmus("L28"), fstests("generic/578"), fstests("generic/670")],
    configuration: pageCache,
    files: { f: written(9), g: empty },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      { kind: "reflink", from: "a", to: "b" },
      mmap("B", "b"),
      store("B", 0, 1),
      fsync("b"),
      evict("a"),
      evict("b"),
      as("source", pread("a", 0, page)),
      as("clone", pread("b", 0, page)),
    ]],
    allowed: [{ source: bytes(page, 9), clone: [[1, 1], [4095, 9]] }],
    forbidden: [{ source: [[1, 1], [4095, 9]], clone: [[1, 1], [4095, 9]] }],
  },
];
