/**
 * What the designs, the bugs of the operation model and the causes that the checker knows have to do
 * with one another: each has its counterparts, or the reason why it has none.
 *
 * @module
 */
import type { Bug } from "../../model/operation/bugs.ts";

/** Designs that do what the bug does; `D16*` are D16 and all that are D16 with something added. */
export const designsOf: { readonly [B in Bug]?: readonly string[] } = {
  "direct-write-invalidates-once": ["C0", "C1a"],
  "direct-write-invalidates-before-conversion": ["C1b"],
  "direct-write-excludes-faults": ["C2-self", "C3-naive*", "C4-faults*"],
  "direct-read-ignores-dirty-folios": ["C0-read"],
  "collision-not-reported": ["C0"],
  "pin-released-clean": ["E0-no-dirty"],
  "device-writes-during-writeback": ["E0", "E3", "E4-allowed"],
  "pin-ignores-protection": ["E9-blind"],
  "sync-returns-if-clean": ["B-fdatasync-skip", "B-fdatasync-prealloc-skip", "B-dax-write-skip"],
  "sync-flushes-only-with-commit": ["B-fdatasync-noflush", "B-dax-write-noflush"],
  "sync-skips-writeback-under-way": ["WB-towrite-any"],
  "sync-takes-a-commit-under-way": ["B-fc-two-any"],
  "writeback-leaves-entries-writable": ["WB-unprotected"],
  "writeback-misses-a-mapping": ["WB-vmas-missed"],
  "mkwrite-leaves-folio-clean": ["WB-no-mkwrite"],
  "munmap-forgets-dirty": ["WB-zap-deferred"],
  "dsync-write-leaves-size": ["B-dsync-extend-clean"],
  "block-mapped-before-data": ["B-unordered"],
  "error-never-reported": ["B-as-eio"],
  "error-reported-to-one-descriptor": ["B-as-eio"],
  "store-during-writeback": ["E7-superblock"],
  "private-store-reaches-file": ["A9-private-in-place"],
  "removal-without-invalidate-lock": ["F0*", "F1"],
  "fault-ignores-invalidate-lock": ["F2-no-readahead"],
  "truncate-keeps-mappings": ["F2-truncate-unchecked"],
  "extension-keeps-entries-writable": ["F2-extend-writable"],
  "preallocation-shows-old-blocks": ["A9-unzeroed"],
  "shift-writes-back-outside-lock": ["F2-collapse-outside"],
  "short-copy-punches-promised-blocks": ["F4-unlocked"],
  "hole-looked-up-outside-entry-lock": ["A7*"],
  "zero-mappings-outlive-allocation": ["A9-keep-hole-mappings"],
  "write-keeps-mappings-of-zeros": ["A8-no-unmap", "A8-unmap-first"],
  "block-zeroed-after-mapping": ["A0-late-zero"],
  "write-drops-dirty-entry": ["A9-drop-dirty"],
  "pmd-entry-replaces-pte-entry": ["A9-pmd-over-pte"],
  "shared-page-replaces-pmd-entry": ["D22", "D22-two"],
  "mkclean-protects-nothing": ["D3-no-mkclean"],
  "mkclean-misses-pmd-mappings": ["D1"],
  "mkclean-finds-mappings-of-first-page": ["D2*", "D2b"],
  "mkclean-after-flush": ["D3-flush-first"],
  "sync-passes-entries-that-another-cleans": [
    "D3-two",
    "D3-three",
    "D3-pmd",
    "D3-removal",
    "D12-two",
    "D12-unmap",
    "D18-collapse-two",
    "D19-two",
  ],
  "sync-passes-locked-entries": ["D21*"],
  "layout-break-drops-every-entry": ["D16*", "D17-collapse", "D20-pin"],
  "removal-drops-whole-pmd-entry": ["D11*", "D13", "D17-part", "D18-part"],
  "sync-fault-maps-before-commit": ["B1-maps-first"],
  "sync-mapping-not-tracked": ["B2*"],
};

const hole = "the model has entries with a lock, and holes that nobody loads by a PMD";
const inside = "nothing of it shows in what a call returns";
const user = "the program is wrong, and not the file system";
const allowed = "it is allowed: who stores beside a direct write has no claim to either result";
const twoStates = "the model has no lock between additions to the page cache and direct I/O";
const pinned = "no call of the model pins a block, or holds a pin when it has returned";
const oneOwner = "in the model a page of a clone has its new block as soon as it is written";
const bothInOne = "the model's commit is one step, and takes all changes";
const oneFolio = "the model's folios have one page";
const wholeFolio = "the model's folios are dirty as a whole";
const stays = "the model's mappings never move, and no other table loads from them";
const unlocked = "the model's pass holds the entry lock throughout, and clears DIRTY";

/** Designs that break something and have no bug. */
export const designsWithoutBug: Readonly<Record<string, string>> = {
  "A0": hole,
  "A0-pmd": hole,
  "A0-pmds": hole,
  "A0-keep-hole-pages": hole,
  "A1": hole,
  "A2": hole,
  "A3-write": hole,
  "A4*": hole,
  "A9-no-pmd-check": "the model has one level of page tables",
  "A9-wake-one": "the model has no wait queues: who cannot go on just does not",
  "A9-evict-mapped": "the model's reclaim leaves entries alone",
  "A9-copy-unlocked": "in the model a write and a removal always exclude each other",
  "A9-read-tags": inside,
  "A10-part": oneOwner,
  "A10-zeros": oneOwner,
  "A10-hole": oneOwner,
  "A10-mapped": oneOwner,
  "B-tid-running": bothInOne,
  "B-fc-zero-range-untracked": bothInOne,
  "B-fc-truncate-untracked": bothInOne,
  "B0*": user,
  "B1-syncfs": "the model's syncfs looks at every file",
  "B3-early": "no call freezes a file",
  "B4-unchecked": "no call freezes a file",
  "B4-thawed": "no call freezes a file",
  "B5": user,
  "WB-hole-stale": inside,
  "WB-blocks-first": wholeFolio,
  "WB-blocks-fault-one": wholeFolio,
  "WB-cyclic-wrapped": "the model's writeback has one page in its hand",
  "WB-dontcache-blind": "no call of the model has RWF_DONTCACHE",
  "WB-zero-point-untold": "the model's reads always ask the device",
  "WB-split-stale": oneFolio,
  "C5-unserialised": "the model's direct writes hold the inode's lock to their end",
  "C1": allowed,
  "C1c": allowed,
  "C3-no-read": twoStates,
  "C3-recursive-self": twoStates,
  "C3-order-only": twoStates,
  "D0-two": unlocked,
  "D5*": unlocked,
  "D6": "the model's CPUs keep no translation",
  "D15*": "a proposal of chapter 4: the model's removals split nothing",
  "D24-unasked": "the model's write faults always ask",
  "D23-unlocked": stays,
  "D23-fork-first": stays,
  "D23-mprotect-writable": "no call of the model changes what a mapping permits",
  "D23-secondary": stays,
  "D23-batch-write": stays,
  "E2": inside,
  "E5*": pinned,
  "E11": inside,
  "E11-replaced": "the model's pages keep their memory while a device has it",
  "E6-private": "the model keeps nothing of a file system's with a page",
  "E10-skips": pinned,
  "E6-blind": "the model's reclaim looks at pins",
  "E8-in-place": "the model's direct writes take their buffer in one step",
  "F3-map-beyond": oneFolio,
  "F3-split-failed": oneFolio,
  "F5-unzeroed": "extension-shows-bytes-behind-the-end does the same; vectors of calls say INV-4",
  "F5-zero-first": "in the model a file grows and is zeroed in one step",
  "F2-iomap-stale": "the model looks a block up and uses it in one step",
};

const call = "a design would add nothing: the call does not do what it is for";
const names = "in designs a file has no name";
const twoFiles = "no design has data that goes from one file to another";
const shares = "no design has blocks that two files share";
const commits = "the designs' commit takes the whole block map: the log of one file is not in them";
const ranges = "the designs' fsync takes the whole file";
const place = "a design would add nothing: something of what goes is left behind";

/** Bugs that no design has. */
export const bugsWithoutDesign: { readonly [B in Bug]?: string } = {
  "direct-write-invalidates-nothing": "C0 without its one invalidation",
  "direct-write-leaves-blocks-unwritten": call,
  "invalidation-drops-dirty-folio": "designs have one page, and the store is to another part of it",
  "msync-does-nothing": call,
  "sync-skips-commit": call,
  "commit-forgets-freed-blocks": commits,
  "commit-forgets-size-without-data": commits,
  "ranged-sync-forgets-other-pages": ranges,
  "fdatasync-skips-commit": call,
  "sync-skips-flush": call,
  "writeback-protects-last": "WB-unprotected for a while",
  "write-leaves-folio-clean": call,
  "reclaim-drops-dirty-folio": "E6-blind is the reclaim that a design gets wrong",
  "dsync-write-not-synced": call,
  "write-flag-dsync-ignored": call,
  "error-reported-for-ever": "B-as-eio is the other way to get it wrong",
  "punch-keeps-blocks": place,
  "punch-keeps-folios": place,
  "punch-keeps-mappings": place,
  "punch-keeps-parts-of-pages": place,
  "zero-range-keeps-data": place,
  "truncate-keeps-blocks": place,
  "close-repeats-truncate": "in designs no descriptor is closed",
  "truncate-keeps-the-tail": place,
  "truncate-drops-the-last-page": "designs have no parts of pages",
  "extension-shows-bytes-behind-the-end": "F5-unzeroed does the same, and breaks INV-7",
  "shift-drops-dirty-folios": "F2-collapse-outside without its writeback",
  "shift-keeps-folios": place,
  "write-goes-past-mappings": "COH-6 has no judge (chapter 3, left out)",
  "copy-faults-with-folio-locked": "no design has a write whose buffer is a mapping",
  "shared-extent-written-in-place": shares,
  "clone-misses-dirty-folios": shares,
  "clone-keeps-data-at-holes": shares,
  "clone-keeps-folios-of-the-target": shares,
  "clone-drops-dirty-neighbours": shares,
  "copy-clones-the-last-block-whole": shares,
  "unshare-skips-reading": shares,
  "unshare-copies-only-the-range": shares,
  "splice-stops-at-an-invalidated-page": twoFiles,
  "rename-removes-what-it-replaces": names,
  "log-misses-a-renamed-file": names,
  "link-forgets-the-synced-size": names,
  "directory-sync-forgets-names": names,
  "splice-moves-unprepared-pages": twoFiles,
  "failed-fallocate-undoes-too-much": "in designs an allocation never fails",
  "short-write-grows-to-what-was-asked": "no design has a write whose buffer is a mapping",
  "open-misses-earlier-errors": "in designs every descriptor is open from the start",
  "syncfs-takes-errors-of-files": "no design has syncfs beside an error of writeback",
  "syncfs-reports-no-error": "no design has syncfs beside an error of writeback",
  "writeback-goes-by-the-old-size": "designs have no parts of pages",
  "append-shows-size-before-data": "no design reads a page while write(2) appends to it",
  "preallocation-sets-stale-size": "no design has fallocate beside a direct write that appends",
  "unaligned-direct-writes-share-the-lock": "no design has two direct writes to one block",
  "direct-write-error-lost": "no design has a device that fails a direct write",
};

/** Bugs for each cause that the checker knows: its id, and the first version that has it. */
export const bugsOfCause: Readonly<Record<string, readonly Bug[]>> = {
  "DAX-CLEAN-2 always": ["mkclean-finds-mappings-of-first-page"],
  "DAX-TAG-4 always": ["removal-drops-whole-pmd-entry"],
  "DAX-TAG-4 6.15": ["layout-break-drops-every-entry"],
  "DAX-WAIT-1 always": ["sync-passes-entries-that-another-cleans", "sync-passes-locked-entries"],
};

/** Causes without a bug. */
export const causesWithoutBug: Readonly<Record<string, string>> = {
  "DAX-TAG-3 6.0": "nothing is lost: the next fsync flushes a page of zeros, and no call shows it",
};
