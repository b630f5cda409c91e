/**
 * Systems C and F: two processes at the end of a file, or in one new block.
 *
 * @module
 */
import { commit, fstests, kernel } from "../sequence.ts";
import {
  after,
  as,
  bytes,
  empty,
  evict,
  fallocate,
  file,
  fsync,
  hole,
  open,
  page,
  pageCache,
  pread,
  pwrite,
  type WrittenVector,
} from "./written.ts";

/** Writes that extend or allocate, each beside another call. */
export const appends: readonly WrittenVector[] = [
  {
    name: "direct-writes-to-one-new-block",
    system: "C",
    about: "COH-3",
    says: "Two direct writes fill different sectors of one block that held nothing: both stay.",
    references: [fstests("generic/538"), commit("e9e3bcecf44c")],
    configuration: pageCache,
    files: { f: hole() },
    processes: [
      [open("d", "f", "O_DIRECT"), as("w", pwrite("d", 0, 512, 1))],
      [
        open("e", "f", "O_DIRECT"),
        as("v", pwrite("e", 512, 512, 2)),
        after("w", as("r", pread("e", 0, 1024))),
      ],
    ],
    allowed: [{ r: [[512, 1], [512, 2]] }],
    forbidden: [{ r: [[512, 0], [512, 2]] }, { r: [[512, 1], [512, 0]] }],
  },
  {
    name: "read-beside-an-append",
    system: "F",
    about: "COH-1",
    says: "A read beside a write that extends the file ends at the old end or has the new data.",
    references: [commit("e2c27b803bb6")],
    configuration: pageCache,
    files: { f: file(512, { kind: "data", offset: 0, length: 512, value: 9 }) },
    processes: [
      [open("a", "f"), as("w", pwrite("a", 512, 512, 1))],
      [open("b", "f"), as("r", pread("b", 0, 1024))],
    ],
    allowed: [{ r: bytes(512, 9) }, { r: [[512, 9], [512, 1]] }],
    forbidden: [{ r: [[512, 9], [512, 0]] }],
  },
  {
    name: "fsync-beside-an-append",
    system: "B",
    about: "COH-1",
    also: ["DUR-1"],
    says:
      "The last page is written out while a write extends the file in it: what was appended stays, " +
      "cached or not.",
    references: [kernel("Apple's hfs, test msync_16k: data lost beyond the size of before")],
    configuration: pageCache,
    files: { f: file(512, { kind: "data", offset: 0, length: 512, value: 9 }) },
    processes: [
      [open("a", "f"), pwrite("a", 0, 1, 7), as("y", fsync("a"))],
      [
        open("b", "f"),
        as("w", pwrite("b", 512, 512, 1)),
        after("y", evict("b")),
        as("r", pread("b", 0, 1024)),
      ],
    ],
    allowed: [{ r: [[1, 7], [511, 9], [512, 1]] }],
    forbidden: [{ r: [[1, 7], [511, 9], [512, 0]] }],
  },
  {
    name: "preallocation-beside-a-direct-append",
    system: "F",
    about: "COH-3",
    says:
      "The first block is preallocated while a direct write appends the second: the file has both.",
    references: [fstests("generic/586"), commit("249bd9087a52")],
    configuration: pageCache,
    files: { f: empty },
    processes: [
      [open("a", "f"), as("p", fallocate("a", "preallocate", 0, page))],
      [
        open("d", "f", "O_DIRECT"),
        as("w", pwrite("d", page, page, 1)),
        after("p", as("r", pread("d", page, page))),
      ],
    ],
    allowed: [{ r: bytes(page, 1) }],
    forbidden: [{ r: [] }],
  },
];
