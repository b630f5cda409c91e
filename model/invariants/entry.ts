/**
 * XArray entries of a DAX mapping and their lock (spec/1-dax-faults.md).
 *
 * @module
 */
import type { LockEntry, MapPage } from "../event.ts";
import { Extent } from "../extent.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { anyPte, Pte, pteIndex } from "../page_table.ts";
import type { State } from "../state.ts";
import { sleepers } from "../wait_queue.ts";
import { Entry, entryKind, headOf, holderOf, isPmdEntry, pmdStart } from "../xarray.ts";

/** Judges of XArray entries and their lock, in the order of the chapter. */
export const entryInvariants: readonly Invariant[] = [
  invariant({
    id: "DAX-ENTRY-1",
    about: "entry",
    needs: ["entry-lock"],
    on: ["remove_entry", "insert_entry", "lock_entry"],
    judge: (before, event) => {
      if (event.kind === "lock_entry") return judgeOverwritten(before, event);
      const { task, page } = event;
      const holder = holderOf(before, page);
      if (holder === 0) return Judgement.IDLE;
      return keptIf(holder === task + 1);
    },
    breach: "a locked entry was deleted or replaced by a task that does not hold its lock",
    loss: "the holder goes on with an entry that is no longer in the file",
  }),
  invariant({
    id: "DAX-ENTRY-2",
    about: "entry",
    needs: ["faults", "passes"],
    onlyBreachShows: true,
    on: ["insert_entry", "lock_entry", "map_page"],
    judge: (before, event) => {
      if (event.kind === "map_page") return judgeTable(before, event);
      const { page, order } = event;
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
  }),
  invariant({
    id: "DAX-ENTRY-3",
    about: "entry",
    needs: ["entries"],
    on: ["call_end"],
    judge: (_before, { page }, after) => {
      if (after.inflight[page] !== 0 || holderOf(after, page) !== 0) return Judgement.IDLE;
      if (entryKind(after, page) !== Entry.PFN) return Judgement.IDLE;
      return keptIf(after.extent[page] === Extent.MAPPED);
    },
    breach: "an entry still stands for a block that the file no longer has there",
    loss: "a fault goes by the entry: zeros are mapped where nobody will look for them",
  }),
  invariant({
    id: "DAX-ENTRY-4",
    about: "mapping",
    needs: ["entries", "page-tables"],
    on: ["call_end"],
    judge: (_before, { page }, after) => {
      if (after.inflight[page] !== 0 || holderOf(after, page) !== 0) return Judgement.IDLE;
      const mapped = anyPte(after, Pte.ZERO, page, page + 1) ||
        anyPte(after, Pte.READ, page, page + 1) || anyPte(after, Pte.WRITE, page, page + 1);
      return mapped ? keptIf(entryKind(after, page) !== Entry.NONE) : Judgement.IDLE;
    },
    breach: "a page is mapped although the XArray holds no entry for it",
    loss: "neither fsync nor a later allocation can find the mapping",
  }),
  invariant({
    id: "DAX-ENTRY-5",
    about: "entry",
    needs: ["wakeups"],
    on: ["unlock_entry", "remove_entry"],
    judge: (before, event, after) => {
      const head = headOf(before, event.page);
      const slept = sleepers(before, head);
      if (slept === 0) return Judgement.IDLE;
      return keptIf(sleepers(after, head) <= (event.kind === "remove_entry" ? 0 : slept - 1));
    },
    breach: "an entry was unlocked or deleted and a task that waited for it was not woken",
    loss: "nobody else will wake it: the fault hangs for ever",
    implies: ["LOCK-1"],
  }),
  invariant({
    id: "DAX-EMPTY-1",
    about: "mapping",
    needs: ["entries", "page-tables"],
    on: ["call_end"],
    judge: (_before, { page }, after) => {
      if (after.inflight[page] !== 0 || holderOf(after, page) !== 0) return Judgement.IDLE;
      if (entryKind(after, page) !== Entry.EMPTY) return Judgement.IDLE;
      return keptIf(
        ![Pte.ZERO, Pte.READ, Pte.WRITE].some((access) => anyPte(after, access, page, page + 1)),
      );
    },
    breach: "a page is mapped although its entry is EMPTY",
    loss: "neither fsync nor a later allocation can find the mapping",
  }),
];

/** A PMD entry that is stored over smaller ones replaces them, locked or not. */
function judgeOverwritten(before: State, { page, order }: LockEntry): Judgement {
  if (order === "pte") return Judgement.IDLE;
  const start = pmdStart(before, page);
  for (let each = start; each < start + before.bounds.pmdPages; each++) {
    if (holderOf(before, each) !== 0) return Judgement.BROKEN;
  }
  return Judgement.IDLE;
}

/** The page table's side: a PMD maps the range, or a table of PTEs does. */
function judgeTable(before: State, { mapping, page, order }: MapPage): Judgement {
  const start = pmdStart(before, page);
  for (let each = start; each < start + before.bounds.pmdPages; each++) {
    const pte = before.pte[pteIndex(before, mapping, each)] ?? 0;
    if (pte === Pte.NONE) continue;
    const huge = (pte & Pte.HUGE) !== 0;
    if (huge !== (order === "pmd")) return Judgement.BROKEN;
  }
  return order === "pmd" ? Judgement.KEPT : Judgement.IDLE;
}
