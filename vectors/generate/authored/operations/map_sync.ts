/**
 * System B: MAP_SYNC, and user space that flushes its own stores.
 *
 * @module
 */
import { commit, fstests, kernel, litmus, seed } from "../sequence.ts";
import {
  after,
  as,
  bytes,
  crash,
  crashAndRead,
  dax,
  empty,
  flushCache,
  fsync,
  ftruncate,
  hole,
  mmap,
  open,
  page,
  pread,
  readAfterCrash,
  store,
  syncfs,
  type WrittenVector,
} from "./written.ts";

const sync = { sync: true } as const;

/** Stores that user space flushes, with and without MAP_SYNC. */
export const mapSync: readonly WrittenVector[] = [
  {
    name: "flush-without-the-block-map",
    system: "B",
    about: "META-1",
    says:
      "User space flushes a store to a new block through a plain mapping: the data is on the media, " +
      "and whether the file leads to it is open.",
    references: [litmus("K11"), seed("001")],
    configuration: dax,
    files: { f: hole() },
    processes: [[
      open("a", "f"),
      mmap("A", "a"),
      store("A", 0, 1),
      flushCache("A", 0),
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 0) }, { r: bytes(1, 1) }],
    forbidden: [],
  },
  {
    name: "map-sync-and-flush",
    system: "B",
    about: "META-1",
    says: "User space flushes a store through MAP_SYNC: it is durable, and so is its block.",
    references: [litmus("K12"), seed("001"), commit("a39e596baa07"), fstests("generic/470")],
    configuration: dax,
    files: { f: hole() },
    processes: [[
      open("a", "f"),
      mmap("A", "a", sync),
      store("A", 0, 1),
      flushCache("A", 0),
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 1) }],
    forbidden: [{ r: bytes(1, 0) }],
  },
  {
    name: "map-sync-without-a-flush",
    system: "B",
    about: "META-1",
    says: "A store through MAP_SYNC that nobody flushes may be lost; the file keeps its size.",
    references: [litmus("K13"), seed("001")],
    configuration: dax,
    files: { f: hole() },
    processes: [[
      open("a", "f"),
      mmap("A", "a", sync),
      store("A", 0, 1),
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 0) }, { r: bytes(1, 1) }],
    forbidden: [{ r: [] }],
  },
  {
    name: "map-sync-makes-the-size-durable",
    system: "B",
    about: "META-1",
    says: "A file is extended and stored to through MAP_SYNC: size and data are durable.",
    references: [litmus("K14"), commit("b8a6176c214c")],
    configuration: dax,
    files: { f: empty },
    processes: [[
      open("a", "f"),
      mmap("A", "a", sync),
      ftruncate("a", page),
      store("A", 0, 1),
      flushCache("A", 0),
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 1) }],
    forbidden: [{ r: [] }, { r: bytes(1, 0) }],
  },
  {
    name: "map-sync-beside-a-plain-mapping",
    system: "B",
    about: "DUR-3",
    also: ["DUR-1"],
    says:
      "One process stores through MAP_SYNC and does not flush, another through a plain mapping and " +
      "calls fsync: both stores are durable.",
    references: [litmus("K15"), litmus("K16"), litmus("E6"), seed("001")],
    configuration: dax,
    files: { f: hole() },
    processes: [
      [open("a", "f"), mmap("A", "a", sync), as("s", store("A", 0, 1))],
      [
        open("b", "f"),
        mmap("B", "b"),
        after("s", store("B", 1024, 2)),
        fsync("b"),
        ...crashAndRead("sync", "f", 0),
        ...readAfterCrash("plain", "f", 1024),
      ],
    ],
    allowed: [{ sync: bytes(1, 1), plain: bytes(1, 2) }],
    forbidden: [{ sync: bytes(1, 0), plain: bytes(1, 2) }],
  },
  {
    name: "map-sync-store-behind-an-fsync",
    system: "B",
    about: "DUR-3",
    also: ["DUR-1"],
    says: "A store through MAP_SYNC after another's fsync is durable after the next one.",
    references: [litmus("E6"), seed("001")],
    configuration: dax,
    files: { f: hole() },
    processes: [[
      open("a", "f"),
      mmap("A", "a", sync),
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
    name: "map-sync-and-syncfs",
    system: "B",
    about: "DUR-1",
    says:
      "syncfs makes a store through MAP_SYNC durable, though nothing else marked the inode dirty.",
    references: [litmus("K35"), kernel("fs/dax.c dax_finish_sync_fault()")],
    configuration: dax,
    files: { f: hole() },
    processes: [[
      open("a", "f"),
      mmap("A", "a", sync),
      store("A", 0, 1),
      syncfs("a"),
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 1) }],
    forbidden: [{ r: bytes(1, 0) }],
  },
  {
    name: "flushes-keep-their-order",
    system: "B",
    about: "META-1",
    says:
      "Power fails at any time during two stores through MAP_SYNC, each flushed: the second never " +
      "survives without the first.",
    references: [litmus("K39"), seed("001")],
    configuration: dax,
    files: { f: hole() },
    processes: [
      [
        open("a", "f"),
        as("m", mmap("A", "a", sync)),
        as("s1", store("A", 0, 1)),
        as("f1", flushCache("A", 0)),
        as("s2", store("A", 1024, 2)),
        as("f2", flushCache("A", 1024)),
      ],
      [
        after("m", crash),
        open("b", "f"),
        as("r1", pread("b", 0, 1)),
        as("r2", pread("b", 1024, 1)),
      ],
    ],
    allowed: [
      { s1: "cut", f1: "cut", s2: "cut", f2: "cut", r1: bytes(1, 0), r2: bytes(1, 0) },
      { f1: "cut", s2: "cut", f2: "cut", r1: bytes(1, 0), r2: bytes(1, 0) },
      { f1: "cut", s2: "cut", f2: "cut", r1: bytes(1, 1), r2: bytes(1, 0) },
      { s2: "cut", f2: "cut", r1: bytes(1, 1), r2: bytes(1, 0) },
      { f2: "cut", r1: bytes(1, 1), r2: bytes(1, 0) },
      { f2: "cut", r1: bytes(1, 1), r2: bytes(1, 2) },
      { r1: bytes(1, 1), r2: bytes(1, 2) },
    ],
    forbidden: [{ r1: bytes(1, 0), r2: bytes(1, 2) }],
  },
];
