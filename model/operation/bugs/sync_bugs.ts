/**
 * Who makes what durable (system B) and what writeback protects first (system D): what can go wrong.
 *
 * @module
 */
import type { BugCard } from "../bug_card.ts";

/** Bugs of sync calls and of what must survive, by their names. */
export const syncBugs = {
  "msync-does-nothing": {
    breaks: "DUR-1",
    also: ["META-2", "DAX-WAIT-1"],
    imitates: "msync on file systems without ->fsync",
    says: "returns 0 from msync(MS_SYNC) and writes nothing",
  },
  "sync-skips-commit": {
    breaks: "META-2",
    also: ["DUR-1", "DUR-2"],
    imitates: "seed 001: data is durable, the block map is not",
    says: "writes data and flushes the device in fsync, and never commits metadata",
  },
  "fdatasync-skips-commit": {
    breaks: "META-2",
    also: ["DUR-1"],
    imitates: "generic/392 and generic/468: fdatasync that takes all metadata for times",
    says: "commits no metadata in fdatasync, not even size and block map",
  },
  "sync-returns-if-clean": {
    breaks: "META-2",
    also: ["DUR-1"],
    imitates: "seed 001: a data-clean, metadata-dirty file",
    says: "returns from fsync at once where no page is dirty",
  },
  "commit-forgets-freed-blocks": {
    breaks: "META-2",
    imitates: "0e56315ca147 and a89ca6f24ffe (btrfs): holes that the log of fsync does not have",
    says: "does not commit that blocks are gone from the file",
  },
  "commit-forgets-size-without-data": {
    breaks: "META-2",
    imitates: "9acc8103ab59 (btrfs): a size that ftruncate made, and no data with it",
    says: "commits a larger size only where the file ends in a block that holds data",
  },
  "ranged-sync-forgets-other-pages": {
    breaks: "DUR-1",
    imitates: "49dae1bc1c66 (btrfs): a ranged fsync takes all that is modified off its list",
    says: "declares every page of the file clean in an msync of some of them",
  },
  "sync-skips-flush": {
    breaks: "DUR-1",
    also: ["DUR-2", "DUR-3"],
    imitates: "a missing barrier: data stays in the volatile cache of the device",
    says: "writes and commits in fsync, and never flushes the device",
  },
  "sync-flushes-only-with-commit": {
    breaks: "DUR-1",
    also: ["DUR-2", "DUR-3"],
    imitates: "seed 001: a direct overwrite that leaves no metadata to commit",
    says: "flushes the device in fsync only where there is metadata to commit",
  },
  "sync-skips-writeback-under-way": {
    breaks: "DUR-1",
    also: ["DUR-2", "COH-4", "INV-5"],
    imitates: "1c8349a17137: pages that another writes out are passed over",
    says: "does not wait in fsync for pages that somebody else is writing",
  },
  "sync-takes-a-commit-under-way": {
    breaks: "DUR-1",
    imitates:
      "ext4_fc_commit(), 6.12 and 7.3: a fast commit that was under way is taken for one's own",
    says: "commits nothing in a sync call that has waited for the commit of another call",
  },
  "writeback-leaves-entries-writable": {
    breaks: "WB-CLEAN-1",
    imitates: "1cf35d47712d: a store through a translation that writeback did not stop",
    says: "declares a page clean while mappings can still store to it without a fault",
  },
  "writeback-misses-a-mapping": {
    breaks: "WB-CLEAN-1",
    imitates: "before 3ee6dafc677a: nonlinear VMAs, which page_mkclean() did not write-protect",
    says: "declares a page clean after it has write-protected it in one mapping of several",
  },
  "writeback-protects-last": {
    breaks: "WB-CLEAN-1",
    imitates: "the order that folio_clear_dirty_for_io() keeps",
    says: "write-protects a page only after it has been written out",
  },
  "mkwrite-leaves-folio-clean": {
    breaks: "WB-MKWRITE-1",
    imitates: "before 9637a5efd4fb: a write fault that the file system never hears of",
    says: "makes a page writable without marking it dirty",
  },
  "write-leaves-folio-clean": {
    breaks: "COH-1",
    also: ["DUR-1"],
    imitates: "generic/311: a buffered write that fsync does not know of",
    says: "does not mark the pages of a buffered write dirty",
  },
  "writeback-goes-by-the-old-size": {
    breaks: "COH-1",
    imitates: "Apple's hfs, test msync_16k: the size is read before the page is locked",
    says: "writes a page up to the end that the file had before, and declares all of it clean",
  },
  "munmap-forgets-dirty": {
    breaks: "DUR-1",
    imitates: "1cf35d47712d: the dirty bit of a page table entry that zapping loses",
    says: "forgets at munmap that pages were stored to",
  },
  "reclaim-drops-dirty-folio": {
    breaks: "DUR-1",
    also: ["DUR-2", "COH-4"],
    imitates: "5c665e5b5af6 and xfs/558: a page is taken for clean and dropped",
    says: "drops dirty pages when memory is short",
  },
  "dsync-write-not-synced": {
    breaks: "DUR-2",
    imitates: "8184620ae212 and generic/703: a synchronous write without its sync",
    says: "treats O_DSYNC as if it were not there",
  },
  "write-flag-dsync-ignored": {
    breaks: "DUR-2",
    imitates: "8184620ae212 (btrfs): the flag of a request that is lost on the way",
    says: "treats RWF_DSYNC as if it were not there",
  },
  "dsync-write-leaves-size": {
    breaks: "DUR-2",
    imitates: "91562895f803, 7684e2c4384d and generic/737: the size is not made durable",
    says: "makes the data of a direct O_DSYNC write durable, and not the size of the file",
  },
  "block-mapped-before-data": {
    breaks: "DUR-4",
    imitates: "generic/042: what ext4 does with data=writeback",
    says: "commits a new block before data was written to it",
  },
  "store-during-writeback": {
    breaks: "STABLE-2",
    imitates: "before 1d1d1a767206: a page changes between its checksum and its transfer",
    says: "lets a page change while it is written out, though the device needs it stable",
  },
  "private-store-reaches-file": {
    breaks: "DAX-COW-1",
    imitates: "bc2466e42573, generic/452 and CVE-2016-5195",
    says: "stores through a private mapping into the file",
  },
  "rename-removes-what-it-replaces": {
    breaks: "DUR-1",
    imitates: "CrashMonkey's first new bug (btrfs, 4.16): the target of a rename is gone",
    says: "makes it durable that the old file has lost its name before the new one has it",
  },
  "log-misses-a-renamed-file": {
    breaks: "DUR-1",
    also: ["META-2"],
    imitates: "generic/322 (btrfs): what was written between an fsync, a rename and an fsync",
    says: "logs nothing in the first sync call after a rename of the file",
  },
  "link-forgets-the-synced-size": {
    breaks: "DUR-1",
    imitates: "generic/056 (btrfs): a link, and an fsync of another file",
    says: "logs a size of 0 for a file that gets a second name, once another one is synced",
  },
  "directory-sync-forgets-names": {
    breaks: "DUR-1",
    imitates: "generic/321 (btrfs): a rename that an fsync of the directory does not keep",
    says: "makes no name durable in an fsync of the directory",
  },
} as const satisfies Readonly<Record<string, BugCard>>;
