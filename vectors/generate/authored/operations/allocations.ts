/**
 * Systems A and F: FALLOC_FL_UNSHARE_RANGE, and a fallocate that finds no room.
 *
 * @module
 */
import { moreThanThereIs } from "../../../../model/operation/scenario.ts";
import { commit, fstests, kernel } from "../sequence.ts";
import {
  as,
  bytes,
  dax,
  empty,
  evict,
  fallocate,
  file,
  fsync,
  mmap,
  open,
  page,
  pageCache,
  pread,
  store,
  written,
  type WrittenVector,
} from "./written.ts";

/** Blocks that a file gets for itself, or does not get: what it held stays. */
export const allocations: readonly WrittenVector[] = [
  {
    name: "unshare-of-a-page-that-is-not-cached",
    system: "F",
    about: "COH-1",
    says: "A clone is unshared while nothing of it is cached: it holds what it held.",
    references: [commit("35d30c9cf127"), fstests("xfs/601")],
    configuration: pageCache,
    files: { f: written(9), g: empty },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      { kind: "reflink", from: "a", to: "b" },
      fallocate("b", "unshare_range", 0, page),
      as("unshared", pread("b", 0, page)),
      evict("b"),
      as("again", pread("b", 0, page)),
    ]],
    allowed: [{ unshared: bytes(page, 9), again: bytes(page, 9) }],
    forbidden: [{ unshared: bytes(page, 0), again: bytes(page, 0) }],
  },
  {
    name: "unshare-of-a-part-of-a-block",
    system: "A",
    about: "DAX-ZERO-1",
    says: "A part of a block of a clone is unshared on DAX: the whole block holds what it held.",
    references: [commit("50793801fc7f")],
    configuration: dax,
    files: { f: written(9), g: empty },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      { kind: "reflink", from: "a", to: "b" },
      fallocate("b", "unshare_range", 512, 512),
      as("r", pread("b", 0, page)),
    ]],
    allowed: [{ r: bytes(page, 9) }],
    forbidden: [{ r: [[512, 0], [512, 9], [page - 1024, 0]] }],
  },
  {
    name: "fallocate-that-finds-no-room",
    system: "F",
    about: "DUR-1",
    says:
      "fallocate of more than there is fails: what the file held stays, on the disk and in the page " +
      "cache, and so does its size.",
    references: [
      commit("b9b4bb26af01"),
      commit("7f556567036c"),
      kernel("mm/shmem.c shmem_fallocate(), ext4_alloc_file_blocks(), xfs_alloc_file_space()"),
    ],
    configuration: pageCache,
    files: { f: file(2 * page, { kind: "data", offset: page, length: page, value: 9 }) },
    processes: [[
      open("a", "f"),
      mmap("A", "a", { offset: page }),
      store("A", page, 1),
      fsync("a"),
      store("A", page + 1, 2),
      as("f", {
        kind: "fallocate",
        fd: "a",
        mode: "preallocate",
        offset: 0,
        length: moreThanThereIs,
        keepSize: true,
      }),
      evict("a"),
      as("r", pread("a", 0, 3 * page)),
    ]],
    allowed: [{ f: "ENOSPC", r: [[page, 0], [1, 1], [1, 2], [page - 2, 9]] }],
    forbidden: [{ f: "ENOSPC", r: bytes(2 * page, 0) }],
  },
];
