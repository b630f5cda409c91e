/**
 * Where the two models are not bound to each other, and why.
 *
 * @module
 */
import type { Bug } from "../../model/operation/bugs.ts";
import type { Transcript } from "./moment.ts";

/** An id that is not judged in some runs. */
interface Exemption {
  readonly why: string;
  readonly when: (transcript: Transcript) => boolean;
}

/** Ids that are not judged, by the exceptions that their cards name. */
export const exempt: Readonly<Record<string, Exemption>> = {
  "PIN-3": {
    why: "every kernel breaks it with short pins, and no call shows it",
    when: () => true,
  },
  "COH-1": {
    why: "device errors",
    when: ({ file: { layout } }) =>
      layout.places.some(({ operation }) => operation.kind === "inject_error"),
  },
  "DUR-1": {
    why: "a call that reports an error, and what the error was about",
    when: ({ events }) =>
      events.some((each) => each.kind === "report_error" && each.says === "EIO"),
  },
};

const touchesNoPage = "it touches no page";
const goesOn = "it only says which step is next";
const inodeLock = "i_rwsem: no judge of these worlds asks who holds it";
const unreached = "no shortest run takes it";

/** Steps of the operation model that never come with an event, by their labels. */
export const silentSteps: Readonly<Record<string, string>> = {
  "open": touchesNoPage,
  "mmap": touchesNoPage,
  "fadvise": touchesNoPage,
  "rename": touchesNoPage,
  "link": touchesNoPage,
  "sync names": touchesNoPage,
  "inject error": "the error comes with the write that fails",
  "commit ends": "what a commit takes is durable when it begins",
  "other commit": "that is the bug: nothing is committed",
  "compare": goesOn,
  "skip": goesOn,
  "locked late": goesOn,
  "fall back": inodeLock,
  "lock inode again": inodeLock,
  "flush fallback": inodeLock,
  "hold": "a read takes a reference, and what it reads was judged as it began",
  "hold of source": "as of a read",
  "copy of source": "what a copy reads no event says",
  "next page of source": goesOn,
  "read source": goesOn,
  "flush target": goesOn,
  "next shared page": goesOn,
  "unshare": "that a block is shared no event says",
  "write back of source": unreached,
  "write folio of source": unreached,
  "end writeback of source": unreached,
  "write back of target": unreached,
  "write folio of target": unreached,
  "end writeback of target": unreached,
  "collide early": unreached,
  "write back early": unreached,
  "write folio early": unreached,
  "end writeback early": unreached,
};

const ranges = "an msync of a part of the file promises nothing that events can say";
const parts = "events know pages, and no parts of them";
const reads = "that a read finds what was stored is judged of direct writes alone (COH-3)";
const daxAlone = "it is judged of DAX alone; on the page cache it goes unseen";
const unasked = "no event tells a removal that was asked for from one that was not";
const amount = "no event says how many bytes a call has moved";
const oneFile = "a world has one file, and no block that another one shares";
const names = "no event says what a file is called";
const unmaps = "where a folio leaves, remove_folio takes what maps it along";

/** Bugs that no run shows to break anything. */
export const unbound: { readonly [B in Bug]?: string } = {
  "punch-keeps-parts-of-pages": parts,
  "truncate-keeps-the-tail": parts,
  "extension-shows-bytes-behind-the-end": parts,
  "write-goes-past-mappings":
    "COH-6 has no judge (chapter 3, left out), and a page never has two folios",
  "append-shows-size-before-data": parts,
  "writeback-goes-by-the-old-size": parts,
  "direct-write-error-lost": "of a request that wrote nothing no event says what it returned",
  "syncfs-reports-no-error": "events report the errors of files, and none of a file system",
  "preallocation-sets-stale-size": "no event makes a file shorter without a removal",
  "shared-extent-written-in-place": oneFile,
  "clone-misses-dirty-folios": oneFile,
  "clone-keeps-data-at-holes": oneFile,
  "clone-keeps-folios-of-the-target": oneFile,
  "clone-drops-dirty-neighbours": parts,
  "copy-clones-the-last-block-whole": parts,
  "splice-stops-at-an-invalidated-page": amount,
  "unshare-skips-reading": oneFile,
  "unshare-copies-only-the-range": oneFile,
  "close-repeats-truncate": unasked,
  "rename-removes-what-it-replaces": names,
  "link-forgets-the-synced-size": names,
  "directory-sync-forgets-names": names,
  "failed-fallocate-undoes-too-much": unasked,
  "short-write-grows-to-what-was-asked": amount,
};

/** Bugs that break what they name in some of their runs, and of which other runs show nothing. */
export const seenInPart: { readonly [B in Bug]?: string } = {
  "msync-does-nothing": ranges,
  "sync-skips-commit": ranges,
  "sync-returns-if-clean": parts,
  "sync-skips-flush": "a commit flushes the device, so one that does not has no event",
  "sync-flushes-only-with-commit":
    "write(2) to a DAX page settles what was owed of the page before, flushed or not",
  "sync-skips-writeback-under-way": "where a device fails, DUR-1 is not judged",
  "reclaim-drops-dirty-folio": reads,
  "private-store-reaches-file": daxAlone,
  "punch-keeps-blocks": parts,
  "punch-keeps-folios": "INV-4 asks nothing of a page that was stored to since",
  "punch-keeps-mappings": unmaps,
  "removal-without-invalidate-lock": reads,
  "truncate-keeps-mappings": unmaps,
  "truncate-keeps-blocks": parts,
  "preallocation-shows-old-blocks": daxAlone,
  "shift-keeps-folios": reads,
};
