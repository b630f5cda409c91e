/**
 * DAX page faults, entries and their writeback (systems A, B and D): what they can do wrong.
 *
 * @module
 */
import type { BugCard } from "../bug_card.ts";

/** Bugs of DAX faults and entries, by their names. */
export const daxBugs = {
  "hole-looked-up-outside-entry-lock": {
    breaks: "DAX-HOLE-2",
    also: ["DAX-ZERO-1", "DAX-SIZE-1"],
    imitates: "seed 000; 9f141d6ef625, corrected by 13e451fdc1af",
    says: "looks a hole up before it locks the entry, and maps zeros where a block is by now",
  },
  "zero-mappings-outlive-allocation": {
    breaks: "DAX-HOLE-5",
    imitates: "de14b9cb5e02: a hole that becomes a block while others map zeros",
    says: "allocates in a write fault and leaves mappings of the zero page to others",
  },
  "write-keeps-mappings-of-zeros": {
    breaks: "DAX-HOLE-1",
    imitates: "cd656375f946 and generic/428",
    says: "allocates in write(2) and leaves mappings of the zero page",
  },
  "block-zeroed-after-mapping": {
    breaks: "DAX-ZERO-2",
    imitates: "before 843172978bb9: two faults of which the later zeroes the block again",
    says: "zeroes a new block after others can store to it",
  },
  "write-drops-dirty-entry": {
    breaks: "DAX-TAG-2",
    imitates: "c6dcf52c23d2: write(2) that drops an entry with its DIRTY mark",
    says: "forgets in write(2) that the page was stored to through a mapping",
  },
  "pmd-entry-replaces-pte-entry": {
    breaks: "DAX-ENTRY-2",
    imitates: "0e40de0338d0: a PMD fault that overlooks the entry of a page",
    says: "puts a clean PMD entry over the dirty entry of a page",
  },
  "shared-page-replaces-pmd-entry": {
    breaks: "DAX-CLEAN-2",
    imitates: "XFS of 6.1 to 7.3, a store to a page of a shared extent: 7.3-shared-xfs",
    says:
      "puts the entry of a shared page over the PMD entry: fsync knows the last such page alone, and " +
      "does not protect it",
  },
  "mkclean-protects-nothing": {
    breaks: "DAX-CLEAN-2",
    imitates: "9973c98ecfda with the marks cleared: no write-protection at all",
    says: "clears DIRTY in fsync and leaves all mappings writable",
  },
  "mkclean-misses-pmd-mappings": {
    breaks: "DAX-CLEAN-2",
    imitates: "4b4bb46d00b3, corrected by f729c8c9b24f",
    says: "write-protects PTEs in fsync and no PMD",
  },
  "mkclean-finds-mappings-of-first-page": {
    breaks: "DAX-CLEAN-2",
    imitates: "seed 003: f729c8c9b24f up to v5.18",
    says: "write-protects in fsync only mappings of the first page of a PMD entry",
  },
  "mkclean-after-flush": {
    breaks: "DAX-CLEAN-3",
    imitates: "the order that dax_writeback_one() keeps",
    says: "flushes an entry first and write-protects it then",
  },
  "sync-passes-entries-that-another-cleans": {
    breaks: "DAX-WAIT-1",
    imitates: "two fsyncs at once on every kernel from 5.10 to 7.2",
    says: "returns from fsync while another fsync still flushes what this one owes",
  },
  "sync-passes-locked-entries": {
    breaks: "DAX-WAIT-1",
    imitates: "one fsync that meets a page fault, 5.10 to 7.2: 7.2-fault-and-fsync-xfs",
    says: "passes over an entry in fsync that somebody holds locked, and returns without its flush",
  },
  "layout-break-drops-every-entry": {
    breaks: "DAX-TAG-4",
    also: ["DAX-TAG-2"],
    imitates: "bde708f1a65d (v6.15) to 7.2: 7.2-punch-elsewhere-ext4, 7.2-grow-xfs, 7.2-clone-xfs",
    says: "deletes every entry of the file before a removal, a change of size or a clone",
  },
  "removal-drops-whole-pmd-entry": {
    breaks: "DAX-TAG-4",
    imitates: "ext4 and XFS up to 7.2: a part of a PMD entry is removed",
    says: "deletes a dirty PMD entry because a part of its range goes away",
  },
  "sync-fault-maps-before-commit": {
    breaks: "META-1",
    imitates: "seed 001: MAP_SYNC without the sync",
    says: "maps a new block writable through MAP_SYNC before its allocation is durable",
  },
  "sync-mapping-not-tracked": {
    breaks: "DAX-TAG-1",
    imitates: "seed 001, variant B2: no kernel tracking where user space flushes",
    says: "does not mark DIRTY what is stored through MAP_SYNC",
  },
  "unshare-copies-only-the-range": {
    breaks: "DAX-ZERO-1",
    imitates: "50793801fc7f: dax_unshare_iter() of a part of a block",
    says: "unshares a part of a block and leaves in the rest what its last owner had there",
  },
} as const satisfies Readonly<Record<string, BugCard>>;
