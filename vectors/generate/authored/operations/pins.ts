/**
 * System E: devices that write to and read from the pages of a mapping.
 *
 * @module
 */
import { commit, fstests, litmus, seed } from "../sequence.ts";
import {
  after,
  as,
  bytes,
  close,
  crashAndRead,
  evict,
  fsync,
  load,
  mmap,
  open,
  page,
  pageCache,
  pread,
  store,
  written,
  type WrittenOperation,
  type WrittenVector,
} from "./written.ts";

/** A direct read of a page of one file into a mapping of another. */
function readInto(fd: string, mapping: string): WrittenOperation {
  return { kind: "pread", fd, offset: 0, length: page, into: { mapping, offset: 0 } };
}

const stable = { ...pageCache, stableWrites: "required" } as const;

/** Direct reads into mappings of files. */
export const pins: readonly WrittenVector[] = [
  {
    name: "direct-read-into-a-read-only-mapping",
    system: "E",
    about: "RO-1",
    says: "A direct read whose buffer is mapped read-only is refused, and the page is as it was.",
    references: [litmus("L21"), commit("ef947b2529f9"), fstests("generic/462")],
    configuration: pageCache,
    files: { f: written(8), g: written(9) },
    processes: [[
      open("d", "f", "O_DIRECT"),
      open("g", "g"),
      mmap("G", "g", { protection: "read" }),
      as("d1", readInto("d", "G")),
      as("l", load("G")),
    ]],
    allowed: [{ d1: "EFAULT", l: 9 }],
    forbidden: [{ l: 8 }],
  },
  {
    name: "direct-read-into-a-mapping",
    system: "E",
    about: "PIN-2",
    says: "What a device wrote into a mapped page is in the file, for loads and for reads.",
    references: [litmus("L22"), seed("004"), fstests("generic/413")],
    configuration: pageCache,
    files: { f: written(8), g: written(9) },
    processes: [[
      open("d", "f", "O_DIRECT"),
      open("g", "g"),
      mmap("G", "g"),
      readInto("d", "G"),
      as("l", load("G")),
      fsync("g"),
      evict("g"),
      as("r", pread("g", 0, page)),
    ]],
    allowed: [{ l: 8, r: bytes(page, 8) }],
    forbidden: [{ l: 9, r: bytes(page, 9) }],
  },
  {
    name: "direct-read-beside-fsync",
    system: "E",
    about: "PIN-2",
    also: ["DUR-1"],
    says:
      "fsync cleans a page while a device writes into it; the fsync that follows both makes the " +
      "device's data durable.",
    references: [litmus("E10"), seed("004"), commit("247e743cbe6e")],
    configuration: pageCache,
    files: { f: written(8), g: written(9) },
    processes: [
      [
        open("d", "f", "O_DIRECT"),
        open("g", "g"),
        mmap("G", "g"),
        as("dr", readInto("d", "G")),
        after("y", fsync("g")),
        ...crashAndRead("r", "g"),
      ],
      [open("h", "g"), as("y", fsync("h"))],
    ],
    allowed: [{ r: bytes(1, 8) }],
    forbidden: [{ r: bytes(1, 9) }],
  },
  {
    name: "device-write-beside-writeback",
    system: "E",
    about: "STABLE-1",
    says:
      "A device writes into a page while fsync writes it out, where pages under writeback must not " +
      "change: after a power failure it reads as one of the two, not as a checksum error.",
    references: [litmus("L23"), litmus("E9"), seed("004"), fstests("generic/761")],
    configuration: stable,
    files: { f: written(8), g: written(9) },
    processes: [
      [
        open("d", "f", "O_DIRECT"),
        open("g", "g"),
        mmap("G", "g"),
        as("s", store("G", 0, 7)),
        readInto("d", "G"),
        after("y", close("g")),
        ...crashAndRead("r", "g"),
      ],
      [open("h", "g"), after("s", as("y", fsync("h")))],
    ],
    allowed: [{ r: bytes(1, 7) }, { r: bytes(1, 8) }],
    forbidden: [{ r: "EIO" }],
  },
  {
    name: "store-beside-writeback",
    system: "E",
    about: "STABLE-2",
    says:
      "A page is stored to while fsync writes it out, where pages under writeback must not change: " +
      "after a power failure it can be read.",
    references: [commit("1d1d1a767206"), seed("004")],
    configuration: stable,
    files: { f: written(9) },
    processes: [
      [
        open("a", "f"),
        mmap("A", "a"),
        as("s", store("A", 0, 1)),
        store("A", 1024, 2),
        after("y", close("a")),
        ...crashAndRead("r", "f"),
      ],
      [open("b", "f"), after("s", as("y", fsync("b")))],
    ],
    allowed: [{ r: bytes(1, 1) }],
    forbidden: [{ r: "EIO" }],
  },
];
