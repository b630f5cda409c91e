/**
 * System B: who is told that data could not be written, and how often.
 *
 * @module
 */
import { commit, fstests, kernel } from "../sequence.ts";
import {
  as,
  bytes,
  close,
  fsync,
  open,
  page,
  pageCache,
  pread,
  pwrite,
  syncfs,
  written,
  type WrittenVector,
} from "./written.ts";

/** A write to the device fails, and descriptors ask one after the other. */
export const errors: readonly WrittenVector[] = [
  {
    name: "error-told-to-every-descriptor",
    system: "B",
    about: "DUR-5",
    says: "Writing a page out fails: every descriptor of the file reports it once.",
    references: [fstests("generic/441"), commit("5660e13d2fd6")],
    configuration: pageCache,
    files: { f: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "f"),
      { kind: "inject_error" },
      pwrite("a", 0, page, 1),
      as("first", fsync("a")),
      as("second", fsync("b")),
      as("again", fsync("a")),
    ]],
    allowed: [{ first: "EIO", second: "EIO" }],
    forbidden: [{ first: "EIO" }, {}, { first: "EIO", second: "EIO", again: "EIO" }],
  },
  {
    name: "error-told-to-a-later-descriptor",
    system: "B",
    about: "DUR-5",
    says: "An error that nobody was told of when the last descriptor was closed is the next one's.",
    references: [commit("b4678df184b3")],
    configuration: pageCache,
    files: { f: written(9) },
    processes: [[
      open("a", "f"),
      { kind: "inject_error" },
      pwrite("a", 0, page, 1),
      close("a"),
      open("b", "f"),
      as("sync", fsync("b")),
      as("again", fsync("b")),
    ]],
    allowed: [{ sync: "EIO" }],
    forbidden: [{}, { sync: "EIO", again: "EIO" }],
  },
  {
    name: "error-told-by-syncfs-and-by-fsync",
    system: "B",
    about: "DUR-5",
    says:
      "syncfs reports an error once and takes nothing from the file: fsync of the same descriptor " +
      "reports it too.",
    references: [
      commit("735e4ae5ba28"),
      kernel(
        "mm/filemap.c filemap_fdatawait_keep_errors(); its commit, aa750fd71c24, is from memory",
      ),
      kernel("fs/sync.c syncfs(): f_sb_err is a cursor of its own"),
    ],
    configuration: pageCache,
    files: { f: written(9) },
    processes: [[
      open("a", "f"),
      { kind: "inject_error" },
      pwrite("a", 0, page, 1),
      as("all", syncfs("a")),
      as("file", fsync("a")),
      as("allAgain", syncfs("a")),
      as("fileAgain", fsync("a")),
    ]],
    allowed: [{ all: "EIO", file: "EIO" }],
    forbidden: [{ all: "EIO" }, { file: "EIO" }, {}],
  },
  {
    name: "direct-write-that-fails",
    system: "C",
    about: "COH-3",
    says:
      "The device refuses a direct write: the write itself says so. What the file holds then is " +
      "promised by nobody.",
    references: [kernel("fs/iomap/direct-io.c iomap_dio_complete()")],
    configuration: pageCache,
    files: { f: written(9) },
    processes: [[
      open("d", "f", "O_DIRECT"),
      open("b", "f"),
      { kind: "inject_error" },
      as("w", pwrite("d", 0, page, 1)),
      as("r", pread("b", 0, 1)),
    ]],
    allowed: [{ w: "EIO", r: bytes(1, 1) }, { w: "EIO", r: bytes(1, 9) }],
    forbidden: [{ r: bytes(1, 9) }],
  },
];
