/**
 * Direct I/O against the page cache (systems C and E): what it can do wrong.
 *
 * @module
 */
import type { BugCard } from "../bug_card.ts";

/** Bugs of direct I/O, by their names. */
export const directBugs = {
  "direct-write-invalidates-once": {
    breaks: "COH-1",
    imitates: "seed 002: pages that are read in while a direct write is in flight",
    says: "drops cached pages before a direct write and not again behind it",
  },
  "direct-write-invalidates-nothing": {
    breaks: "COH-1",
    imitates: "c58cb165bd44, a check for cached pages that comes too early",
    says: "leaves cached pages as they are when a direct write replaces them on the disk",
  },
  "direct-write-invalidates-before-conversion": {
    breaks: "COH-5",
    imitates: "c771c14baa33, generic/239: invalidation before unwritten blocks are converted",
    says: "drops cached pages for the last time while the new blocks still read as zeros",
  },
  "direct-write-leaves-blocks-unwritten": {
    breaks: "COH-5",
    also: ["DUR-2", "COH-3"],
    imitates: "seed 001, vector E5: data that is there and cannot be reached",
    says: "never converts the unwritten blocks that a direct write fills",
  },
  "direct-write-excludes-faults": {
    breaks: "LOCK-1",
    imitates: "b01b2d72da25 and generic/729: faults wait for the direct write that causes them",
    says: "keeps faults out for the whole direct write, those on its own buffer included",
  },
  "unaligned-direct-writes-share-the-lock": {
    breaks: "COH-3",
    imitates: "generic/538: two writes of sectors to one new block, each of which zeros the rest",
    says:
      "lets two direct writes fill one new block at a time, and each zeros what it does not write",
  },
  "direct-write-error-lost": {
    breaks: "COH-3",
    imitates: "what iomap_dio_complete() hands on: the status of a request that failed",
    says: "returns all bytes from a direct write that the device refused",
  },
  "direct-read-ignores-dirty-folios": {
    breaks: "COH-4",
    imitates: "generic/418: a direct read beside buffered writes",
    says: "reads the disk without writing dirty pages to it first",
  },
  "invalidation-drops-dirty-folio": {
    breaks: "DUR-1",
    imitates: "generic/247: a store to a page under a direct write to its neighbours",
    says: "drops a page for a direct write although it is dirty",
  },
  "collision-not-reported": {
    breaks: "COH-2",
    imitates: "before 5a9d929d6e13: a failed invalidation that nobody is told of",
    says: "keeps a dirty page that a direct write could not drop, and no fsync says so",
  },
  "pin-released-clean": {
    breaks: "PIN-2",
    imitates: "seed 004, vector E10: a buffer that is released without set_page_dirty",
    says: "lets a device write into a mapped page and leaves the page clean",
  },
  "device-writes-during-writeback": {
    breaks: "STABLE-1",
    imitates: "seed 004, vector E9: what GUP does on every kernel",
    says: "lets a device change a page through a pin while it is written out with a checksum",
  },
  "pin-ignores-protection": {
    breaks: "RO-1",
    imitates: "ef947b2529f9 and generic/462: a direct read into a read-only mapping",
    says: "writes into a buffer that is mapped read-only",
  },
} as const satisfies Readonly<Record<string, BugCard>>;
