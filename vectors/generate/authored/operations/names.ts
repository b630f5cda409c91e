/**
 * System B: what a file's bytes are worth after a power failure depends on its name, too.
 *
 * @module
 */
import { fstests } from "../sequence.ts";
import {
  bytes,
  crashAndRead,
  empty,
  fsync,
  fsyncDirectory,
  link,
  open,
  page,
  pageCache,
  pwrite,
  readAfterCrash,
  rename,
  written,
  type WrittenVector,
} from "./written.ts";

/** A file that is made whole under one name, and takes that of another. */
export const names: readonly WrittenVector[] = [
  {
    name: "replaced-by-rename",
    system: "B",
    about: "DUR-1",
    says: "A file is written, synced and renamed over another: its name has all of one of them.",
    references: [fstests("generic/322")],
    configuration: pageCache,
    files: { f: written(9), g: written(8) },
    processes: [[
      open("a", "g"),
      pwrite("a", 0, page, 1),
      fsync("a"),
      rename("g", "f"),
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 9) }, { r: bytes(1, 1) }],
    forbidden: [{ "P1.6": "ENOENT", r: "cut" }],
  },
  {
    name: "replaced-by-rename-and-synced",
    system: "B",
    about: "DUR-1",
    says: "A file is renamed over another, and the directory is synced: the name has the new file.",
    references: [fstests("generic/321")],
    configuration: pageCache,
    files: { f: written(9), g: written(8) },
    processes: [[
      open("a", "g"),
      pwrite("a", 0, page, 1),
      fsync("a"),
      rename("g", "f"),
      fsyncDirectory,
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 1) }],
    forbidden: [{ r: bytes(1, 9) }],
  },
  {
    name: "written-between-fsync-and-rename",
    system: "B",
    about: "DUR-1",
    says: "A file is synced, appended to, renamed and synced again: both writes are durable.",
    references: [fstests("generic/322")],
    configuration: pageCache,
    files: { f: written(9), g: written(8) },
    processes: [[
      open("a", "g"),
      pwrite("a", 0, page, 1),
      fsync("a"),
      pwrite("a", page, page, 2),
      rename("g", "f"),
      fsync("a"),
      fsyncDirectory,
      ...crashAndRead("r", "f"),
      ...readAfterCrash("s", "f", page),
    ]],
    allowed: [{ r: bytes(1, 1), s: bytes(1, 2) }],
    forbidden: [{ r: bytes(1, 1), s: [] }],
  },
  {
    name: "linked-behind-an-fsync",
    system: "B",
    about: "DUR-1",
    says:
      "A file is synced and gets a second name, another file is synced: the first keeps its bytes.",
    references: [fstests("generic/056")],
    configuration: pageCache,
    files: { f: empty, g: written(8) },
    processes: [[
      open("a", "f"),
      pwrite("a", 0, page, 1),
      fsync("a"),
      link("f", "f2"),
      open("b", "g"),
      pwrite("b", 0, page, 2),
      fsync("b"),
      ...crashAndRead("r", "f"),
    ]],
    allowed: [{ r: bytes(1, 1) }],
    forbidden: [{ r: [] }],
  },
];
