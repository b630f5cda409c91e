/**
 * System F: what copy_file_range and splice put into another file, and what they leave alone.
 *
 * @module
 */
import { commit, fstests, kernel } from "../sequence.ts";
import {
  as,
  bytes,
  copyFileRange,
  empty,
  evict,
  file,
  fsync,
  hole,
  load,
  mmap,
  open,
  page,
  pageCache,
  pread,
  pwrite,
  splice,
  store,
  written,
  type WrittenVector,
} from "./written.ts";

const vfs = kernel("fs/read_write.c vfs_copy_file_range()");
const flushed = kernel("fs/remap_range.c generic_remap_file_range_prep()");
const small = { ...pageCache, blocks: "smaller" } as const;

/** A range is copied, as the file system likes: by cloning or through the page cache. */
export const copies: readonly WrittenVector[] = [
  {
    name: "copy-behind-a-store",
    system: "F",
    about: "COH-4",
    says: "copy_file_range takes what was stored to its source through a mapping before.",
    references: [
      kernel("juicefs pull request 4436: the source of copy_file_range is flushed first"),
      commit("837bb1d752d9"),
      flushed,
    ],
    configuration: pageCache,
    files: { f: written(9), g: empty },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      mmap("A", "a"),
      store("A", 0, 1),
      copyFileRange("a", "b"),
      as("copy", pread("b", 0, page)),
    ]],
    allowed: [{ copy: [[1, 1], [page - 1, 9]] }],
    forbidden: [{ copy: bytes(page, 9) }],
  },
  {
    name: "copy-over-a-cached-page",
    system: "F",
    about: "COH-1",
    says: "copy_file_range over a page that is cached and mapped: both show what was copied.",
    references: [commit("9b46418c40fe"), commit("7b2404a886f8"), vfs],
    configuration: pageCache,
    files: { f: written(1), g: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      mmap("B", "b"),
      as("old", load("B")),
      pwrite("b", 0, 512, 8),
      copyFileRange("a", "b"),
      as("mapped", load("B")),
      as("copy", pread("b", 0, page)),
    ]],
    allowed: [{ old: 9, mapped: 1, copy: bytes(page, 1) }],
    forbidden: [{ old: 9, mapped: 8, copy: [[512, 8], [page - 512, 9]] }],
  },
  {
    name: "copy-of-a-hole",
    system: "F",
    about: "INV-4",
    says: "copy_file_range of a hole over data: the target reads as zeros, cached or not.",
    references: [fstests("btrfs/055"), vfs],
    configuration: pageCache,
    files: { f: hole(), g: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      as("old", pread("b", 0, page)),
      copyFileRange("a", "b"),
      as("copy", pread("b", 0, page)),
      evict("b"),
      as("again", pread("b", 0, page)),
    ]],
    allowed: [{ old: bytes(page, 9), copy: bytes(page, 0), again: bytes(page, 0) }],
    forbidden: [{ old: bytes(page, 9), copy: bytes(page, 9), again: bytes(page, 9) }],
  },
  {
    name: "copy-of-the-last-bytes",
    system: "F",
    about: "DUR-1",
    says:
      "copy_file_range ends at the end of its source, inside a block: what the target has behind " +
      "that stays.",
    references: [commit("ac765f83f139"), kernel("fs/remap_range.c generic_remap_check_len()")],
    configuration: pageCache,
    files: {
      f: file(512, { kind: "data", offset: 0, length: 512, value: 1 }),
      g: written(9),
    },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      as("c", copyFileRange("a", "b")),
      fsync("b"),
      as("copy", pread("b", 0, page)),
    ]],
    allowed: [{ c: 512, copy: [[512, 1], [page - 512, 9]] }],
    forbidden: [{ c: 512, copy: [[512, 1], [page - 512, 0]] }],
  },
  {
    name: "copy-that-may-be-short",
    system: "F",
    about: "DUR-1",
    says:
      "copy_file_range of a page and a part into a longer file copies both or the page alone, and " +
      "returns how much.",
    references: [commit("ac765f83f139"), kernel("fs/remap_range.c generic_remap_check_len()")],
    configuration: pageCache,
    files: {
      f: file(page + 512, { kind: "data", offset: 0, length: page + 512, value: 1 }),
      g: written(9, 2),
    },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      as("c", copyFileRange("a", "b", 0, page + 512)),
      as("copy", pread("b", 0, 2 * page)),
    ]],
    allowed: [
      { copy: [[page + 512, 1], [page - 512, 9]] },
      { c: page, copy: [[page, 1], [page, 9]] },
    ],
    forbidden: [
      { copy: [[page + 512, 1], [page - 512, 0]] },
      { copy: [[page, 1], [page, 9]] },
      { c: page, copy: [[page + 512, 1], [page - 512, 9]] },
    ],
  },
  {
    name: "copy-beside-dirty-blocks-of-its-page",
    system: "F",
    about: "DUR-1",
    says:
      "copy_file_range of one block to a page with another block that is dirty: the other one stays.",
    references: [commit("2c307174ab77")],
    configuration: small,
    files: { f: written(1), g: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      pwrite("b", 0, 1024, 8),
      copyFileRange("a", "b", 1024, 1024),
      as("copy", pread("b", 0, 2048)),
    ]],
    allowed: [{ copy: [[1024, 8], [1024, 1]] }],
    forbidden: [{ copy: [[1024, 9], [1024, 1]] }],
  },
  {
    name: "splice-behind-a-store",
    system: "F",
    about: "COH-1",
    says:
      "splice moves what was stored to its source before; both files have it when nothing is cached.",
    references: [commit("485ddb4b9741"), kernel("fs/splice.c iter_file_splice_write()")],
    configuration: pageCache,
    files: { f: written(9), g: hole() },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      mmap("A", "a"),
      store("A", 0, 1),
      splice("a", "b"),
      store("A", 0, 2),
      evict("b"),
      as("target", pread("b", 0, page)),
      as("source", pread("a", 0, page)),
    ]],
    allowed: [{
      target: [[1, 1], [page - 1, 9]],
      source: [[1, 2], [page - 1, 9]],
    }],
    forbidden: [{ target: bytes(page, 0), source: [[1, 2], [page - 1, 9]] }],
  },
  {
    name: "splice-beside-a-direct-write",
    system: "C",
    about: "COH-3",
    says:
      "splice moves a page that a direct write invalidates: all of it, with what is written or without.",
    references: [commit("32502b8413a7"), commit("84209e02de48")],
    configuration: pageCache,
    files: { f: written(9), g: hole() },
    processes: [
      [open("a", "f"), open("b", "g"), splice("a", "b"), as("r", pread("b", 0, 1))],
      [open("d", "f", "O_DIRECT"), as("w", pwrite("d", 0, page, 1))],
    ],
    allowed: [{ r: bytes(1, 9) }, { r: bytes(1, 1) }],
    forbidden: [{ "P1.3": 0, r: bytes(1, 0) }],
  },
];
