/**
 * XArray entries of a DAX mapping and their lock (spec/1-dax-faults.md).
 *
 * @module
 */
import { invariant, Judgement, keptIf } from "../invariant.ts";
import { anyPte, Pte } from "../page_table.ts";
import { Entry, entryKind, holderOf, isPmdEntry, pmdStart } from "../xarray.ts";

export const ENTRY_1 = invariant({
  id: "DAX-ENTRY-1",
  about: "entry",
  on: ["remove_entry", "insert_entry"],
  judge: (before, { task, page }) => {
    const holder = holderOf(before, page);
    if (holder === 0) return Judgement.IDLE;
    return keptIf(holder === task + 1);
  },
  breach: "a locked entry was deleted or replaced by a task that does not hold its lock",
  loss: "the holder goes on with an entry that is no longer in the file",
});

export const ENTRY_2 = invariant({
  id: "DAX-ENTRY-2",
  about: "entry",
  on: ["insert_entry", "lock_entry"],
  judge: (before, { page, order }) => {
    if (order === "pte") return Judgement.IDLE;
    const start = pmdStart(before, page);
    for (let each = start; each < start + before.bounds.pmdPages; each++) {
      if (entryKind(before, each) !== Entry.NONE && !isPmdEntry(before, each)) {
        return Judgement.BROKEN;
      }
    }
    return Judgement.KEPT;
  },
  breach: "a PMD entry overwrote a PTE entry of its range",
  loss: "the DIRTY mark of the PTE entry is gone; the next fsync does not flush its page",
});

export const ENTRY_4 = invariant({
  id: "DAX-ENTRY-4",
  about: "mapping",
  on: ["call_end"],
  judge: (_before, { page }, after) => {
    if (after.inflight[page] !== 0 || holderOf(after, page) !== 0) return Judgement.IDLE;
    const mapped = anyPte(after, Pte.ZERO, page, page + 1) ||
      anyPte(after, Pte.READ, page, page + 1) || anyPte(after, Pte.WRITE, page, page + 1);
    return mapped ? keptIf(entryKind(after, page) !== Entry.NONE) : Judgement.IDLE;
  },
  breach: "a page is mapped although the XArray holds no entry for it",
  loss: "neither fsync nor a later allocation can find the mapping",
});
