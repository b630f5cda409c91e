/**
 * Removal, truncation and extension (system F): what they can do wrong.
 *
 * @module
 */
import type { BugCard } from "../bug_card.ts";

/** Bugs of calls that take pages away, by their names. */
export const removalBugs = {
  "punch-keeps-blocks": {
    breaks: "INV-4",
    imitates: "e251f9bca99c: what was punched can be read again",
    says: "drops the pages of a punched range and keeps its blocks",
  },
  "punch-keeps-folios": {
    breaks: "INV-4",
    also: ["COH-1"],
    imitates: "ea3d7209ca01: a page of a hole that stays in the page cache",
    says: "frees the blocks of a punched range and keeps its pages",
  },
  "punch-keeps-mappings": {
    breaks: "DAX-ENTRY-4",
    imitates: "5a3a2d83cda8: page tables that outlive the page",
    says: "leaves a punched page in the page tables of those who had mapped it",
  },
  "punch-keeps-parts-of-pages": {
    breaks: "INV-4",
    imitates: "generic/567 and generic/758: the ends of a hole inside a page",
    says: "punches whole pages only and leaves the cut ones as they are",
  },
  "zero-range-keeps-data": {
    breaks: "INV-4",
    imitates: "generic/758: a zeroed range that is not zero",
    says: "drops the pages of a zeroed range and keeps its blocks as they are",
  },
  "removal-without-invalidate-lock": {
    breaks: "COH-1",
    also: ["DAX-ZERO-1", "INV-5"],
    imitates: "before 730633f0b7f9 and d4f5258eae7b; ea3d7209ca01, CVE-2015-8839",
    says: "removes pages and then blocks, and lets faults in between",
  },
  "fault-ignores-invalidate-lock": {
    breaks: "INV-3",
    imitates: "d4f5258eae7b: reads and readahead that do not take the lock",
    says: "adds pages while a removal keeps additions out",
  },
  "truncate-keeps-mappings": {
    breaks: "DAX-SIZE-1",
    also: ["DAX-ENTRY-4"],
    imitates: "653c60b633a9: a mapping behind the end of the file",
    says: "leaves pages behind the new end in page tables",
  },
  "truncate-keeps-blocks": {
    breaks: "INV-4",
    imitates: "generic/029: old data after truncation and extension",
    says: "lowers the size and keeps blocks behind it",
  },
  "truncate-keeps-the-tail": {
    breaks: "INV-4",
    imitates: "generic/030: the part of the last page behind the end",
    says: "does not zero the rest of the last page when a file is cut inside it",
  },
  "truncate-drops-the-last-page": {
    breaks: "DUR-1",
    imitates: "generic/438: a page of which a part stays is thrown away with what was stored",
    says: "drops the page that the new end cuts, dirty as it is",
  },
  "close-repeats-truncate": {
    breaks: "DUR-1",
    imitates:
      "commontoolsinc/labs, pull request 4790 (FUSE): a handle whose truncate is still pending",
    says: "cuts a file again at close of a descriptor that has cut it, whatever was written since",
  },
  "extension-shows-bytes-behind-the-end": {
    breaks: "INV-4",
    imitates: "generic/363: what a mapping stored behind the end appears when the file grows",
    says: "does not zero the rest of the last page when a file grows",
  },
  "append-shows-size-before-data": {
    breaks: "COH-1",
    imitates: "e2c27b803bb6: a read beside an append sees the new size and the old bytes",
    says: "raises the size in write(2) before the data is in the page",
  },
  "extension-keeps-entries-writable": {
    breaks: "WB-MKWRITE-2",
    imitates: "90a8020278c1, generic/029 and generic/030",
    says: "lets a mapping store to new blocks of the last page that nobody reserved",
  },
  "preallocation-shows-old-blocks": {
    breaks: "DAX-ZERO-1",
    also: ["DUR-4"],
    imitates: "generic/042: blocks that are allocated and neither zeroed nor unwritten",
    says: "gives preallocated blocks with what their last owner left in them",
  },
  "shift-drops-dirty-folios": {
    breaks: "INV-5",
    imitates: "32ebffd3bbb4: dirty pages behind a collapsed range",
    says: "drops the pages behind a collapsed or inserted range without writing them",
  },
  "shift-writes-back-outside-lock": {
    breaks: "INV-5",
    imitates: "32ebffd3bbb4: a store between writeback and removal of the pages",
    says: "writes the pages behind the range before it keeps faults out",
  },
  "shift-keeps-folios": {
    breaks: "COH-1",
    imitates: "32ebffd3bbb4: pages at their old offsets",
    says: "moves blocks and leaves their pages where they were",
  },
  "write-goes-past-mappings": {
    breaks: "COH-6",
    imitates: "generic/413: buffered writes beside mappings",
    says: "gives write(2) a page of its own, and mappings keep showing the old one",
  },
  "clone-misses-dirty-folios": {
    breaks: "COH-4",
    imitates: "OpenZFS 2.2.3, zfs_clone_range(): mapped pages that a clone does not flush first",
    says: "clones a file without writing its dirty pages to the disk first",
  },
  "clone-keeps-data-at-holes": {
    breaks: "INV-4",
    imitates: "btrfs/055: a clone of a file with holes that no extent item stands for",
    says: "leaves in a clone what the target held where the source has holes",
  },
  "clone-keeps-folios-of-the-target": {
    breaks: "COH-1",
    imitates: "9b46418c40fe (fuse) and 7b2404a886f8 (cifs): copy_file_range that leaves the cache",
    says: "clones over a range and leaves what the page cache held of it",
  },
  "clone-drops-dirty-neighbours": {
    breaks: "DUR-1",
    imitates: "2c307174ab77 (XFS): a clone to a part of a page drops the page, dirty as it is",
    says: "drops the pages of a range that is cloned to, with what is dirty beside it",
  },
  "copy-clones-the-last-block-whole": {
    breaks: "DUR-1",
    imitates: "ac765f83f139 (btrfs): the last block of a file, cloned into the middle of another",
    says: "clones the last block of a file with what lies behind the end",
  },
  "splice-stops-at-an-invalidated-page": {
    breaks: "COH-3",
    imitates: "32502b8413a7: a page that is invalidated while splice reads it ends the splice",
    says: "moves less than there is where a direct write drops a page of the source",
  },
  "splice-moves-unprepared-pages": {
    breaks: "COH-1",
    imitates: "before 485ddb4b9741: stolen pages that the file system does not hear of",
    says: "puts pages into the page cache in splice without blocks for them",
  },
  "unshare-skips-reading": {
    breaks: "COH-1",
    imitates: "35d30c9cf127 and xfs/601: pages that are not cached when their blocks are unshared",
    says: "unshares blocks by writing pages that it has never read",
  },
  "failed-fallocate-undoes-too-much": {
    breaks: "DUR-1",
    imitates: "b9b4bb26af01 and 7f556567036c (tmpfs): an undo that takes what was there before",
    says: "gives back in a fallocate that fails the blocks that the file had before",
  },
  "short-write-grows-to-what-was-asked": {
    breaks: "COH-1",
    imitates: "ff66fe666233 and generic/362 (btrfs): a size that a short write does not earn",
    says: "makes the file as long as a write was asked for, whatever was copied",
  },
  "preallocation-sets-stale-size": {
    breaks: "COH-3",
    imitates: "249bd9087a52 and generic/586: fallocate beside a direct write that appends",
    says: "looks at the size before fallocate takes the lock, and then sets it by that",
  },
  "copy-faults-with-folio-locked": {
    breaks: "LOCK-1",
    imitates: "before 08291429cfa6: write(2) out of the very page that it writes",
    says: "takes page faults on the buffer of a write while it holds the lock of the folio",
  },
  "short-copy-punches-promised-blocks": {
    breaks: "INV-2",
    imitates: "198dd8aedee6 (XFS): a failed write gives back blocks that a store was promised",
    says: "gives back the promised blocks of a write that copied nothing, a dirty page or not",
  },
  "shared-extent-written-in-place": {
    breaks: "DAX-ENTRY-3",
    imitates: "generic/578, generic/670: a clone that is not copied when it is written",
    says: "writes to a block that two files share",
  },
} as const satisfies Readonly<Record<string, BugCard>>;
