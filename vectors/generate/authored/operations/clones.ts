/**
 * System F: what a clone holds.
 *
 * @module
 */
import { fstests, kernel } from "../sequence.ts";
import {
  as,
  bytes,
  empty,
  evict,
  hole,
  load,
  mmap,
  open,
  page,
  pageCache,
  pread,
  pwrite,
  store,
  written,
  type WrittenOperation,
  type WrittenVector,
} from "./written.ts";

const clone: WrittenOperation = { kind: "reflink", from: "a", to: "b" };
const flushed = kernel("fs/remap_range.c generic_remap_file_range_prep()");
const openZfs = kernel("OpenZFS 2.2.3, zfs_clone_range(): mapped pages are not flushed");

/** A file is written, stored to or left a hole, and cloned. */
export const clones: readonly WrittenVector[] = [
  {
    name: "clone-behind-a-write",
    system: "F",
    about: "COH-4",
    says: "A clone holds what was written to its source before.",
    references: [flushed],
    configuration: pageCache,
    files: { f: written(9), g: empty },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      pwrite("a", 0, page, 1),
      clone,
      as("clone", pread("b", 0, page)),
    ]],
    allowed: [{ clone: bytes(page, 1) }],
    forbidden: [{ clone: bytes(page, 9) }],
  },
  {
    name: "clone-behind-a-store",
    system: "F",
    about: "COH-4",
    says: "A clone holds what was stored to its source through a mapping before.",
    references: [flushed, openZfs],
    configuration: pageCache,
    files: { g: written(8), f: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      mmap("A", "a"),
      as("old", pread("b", 0, 1)),
      store("A", 0, 1),
      clone,
      as("clone", pread("b", 0, 1)),
    ]],
    allowed: [{ old: bytes(1, 8), clone: bytes(1, 1) }],
    forbidden: [{ old: bytes(1, 8), clone: bytes(1, 9) }],
  },
  {
    name: "clone-of-a-hole",
    system: "F",
    about: "INV-4",
    says:
      "A hole is cloned over data: the target reads as zeros, mapped, cached and from the disk.",
    references: [fstests("btrfs/055")],
    configuration: pageCache,
    files: { f: hole(), g: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      mmap("B", "b"),
      as("old", load("B")),
      clone,
      as("mapped", load("B")),
      evict("b"),
      as("clone", pread("b", 0, page)),
    ]],
    allowed: [{ old: 9, mapped: 0, clone: bytes(page, 0) }],
    forbidden: [{ old: 9, mapped: 9, clone: bytes(page, 9) }],
  },
];
