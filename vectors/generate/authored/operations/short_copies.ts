/**
 * System F: buffered writes whose buffer is a mapping that is not there, or not yet.
 *
 * @module
 */
import { commit, fstests, kernel } from "../sequence.ts";
import {
  as,
  bytes,
  empty,
  evict,
  hole,
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

/** A buffered write out of a mapping, of the first page unless told otherwise. */
function writeFrom(fd: string, mapping: string, length = page): WrittenOperation {
  return { kind: "pwrite", fd, offset: 0, length, from: { mapping, offset: 0 } };
}

const copies = kernel("mm/filemap.c generic_perform_write()");

/** The copy stops short; the buffer is faulted in, or the write fails. */
export const shortCopies: readonly WrittenVector[] = [
  {
    name: "buffered-write-from-its-own-page",
    system: "F",
    about: "LOCK-1",
    says:
      "A buffered write whose buffer maps the very page that it writes ends, and changes nothing.",
    references: [commit("08291429cfa6"), copies],
    configuration: pageCache,
    files: { f: written(9) },
    processes: [[
      open("a", "f"),
      mmap("A", "a"),
      as("w", writeFrom("a", "A")),
      as("e", evict("a")),
      as("r", pread("a", 0, page)),
    ]],
    allowed: [{ r: bytes(page, 9) }],
    forbidden: [{ w: "hang", e: "hang", r: "hang" }],
  },
  {
    name: "buffered-write-from-behind-the-end",
    system: "F",
    about: "INV-2",
    says:
      "A buffered write fails because its buffer maps an empty file; what was stored to its page " +
      "before is still there.",
    references: [commit("198dd8aedee6"), copies],
    configuration: pageCache,
    files: { f: hole(), g: empty },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      mmap("A", "a"),
      mmap("B", "b"),
      store("A", 0, 1),
      as("w", writeFrom("a", "B")),
      evict("a"),
      as("r", pread("a", 0, page)),
    ]],
    allowed: [{ w: "EFAULT", r: [[1, 1], [page - 1, 0]] }],
    forbidden: [{ w: "EFAULT", r: bytes(page, 0) }],
  },
  {
    name: "short-write-at-the-end",
    system: "F",
    about: "COH-1",
    says:
      "The second page of a write's buffer is not there: the write returns one page, or it fails; " +
      "the file has what it says.",
    references: [commit("ff66fe666233"), fstests("generic/362"), copies],
    configuration: pageCache,
    files: { f: empty, g: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      mmap("B", "b", { length: 2 * page }),
      as("w", writeFrom("a", "B", 2 * page)),
      evict("a"),
      as("r", pread("a", 0, 2 * page)),
    ]],
    allowed: [{ w: page, r: bytes(page, 9) }, { w: "EFAULT", r: [] }],
    forbidden: [{ w: page, r: [[page, 9], [page, 0]] }, { r: [[page, 9], [page, 0]] }],
  },
  {
    name: "short-write-beside-a-store",
    system: "F",
    about: "INV-2",
    says:
      "A write stops at a page to which a mapping has stored, for want of its buffer, or fails: the " +
      "store stays.",
    references: [commit("198dd8aedee6"), commit("c726de4409a8"), copies],
    configuration: pageCache,
    files: { f: hole(2), g: written(9) },
    processes: [[
      open("a", "f"),
      open("b", "g"),
      mmap("A", "a", { offset: page }),
      mmap("B", "b", { length: 2 * page }),
      store("A", page, 1),
      as("w", writeFrom("a", "B", 2 * page)),
      evict("a"),
      as("r", pread("a", 0, 2 * page)),
    ]],
    allowed: [
      { w: page, r: [[page, 9], [1, 1], [page - 1, 0]] },
      { w: "EFAULT", r: [[page, 0], [1, 1], [page - 1, 0]] },
    ],
    forbidden: [{ w: page, r: [[page, 9], [page, 0]] }],
  },
];
