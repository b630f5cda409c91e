/**
 * One writeback pass over one entry: protect, flush, declare clean (spec/4-mkclean.md).
 *
 * @module
 */
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { Pte, pteAccess } from "../page_table.ts";
import { anyWritable } from "../tlb.ts";
import { endPageOf, firstPageOf, headOf, holderOf, Pass } from "../xarray.ts";

/** Judges of cleaning an entry, in the order of the chapter. */
export const cleaningInvariants: readonly Invariant[] = [
  invariant({
    id: "DAX-CLEAN-1",
    about: "entry",
    needs: ["entry-lock"],
    on: ["mkclean", "flush", "clear_dirty"],
    judge: (before, { task, page }) => keptIf(holderOf(before, page) === task + 1),
    breach: "mkclean, flush and clearing DIRTY did not happen under one hold of the entry lock",
    loss: "a fault can mark the entry DIRTY in between, and the mark is then erased",
    implies: ["DUR-1"],
  }),
  invariant({
    id: "DAX-CLEAN-2",
    about: "mapping",
    needs: ["faults", "passes", ["stores", "visits"]],
    on: ["clear_dirty"],
    judge: (before, { page }) => {
      const from = firstPageOf(before, page);
      const to = endPageOf(before, page);
      if (anyWritable(before, from, to)) return Judgement.BROKEN;
      const pass = before.pass[headOf(before, page)] ?? 0;
      return (pass & Pass.PROTECTED) !== 0 ? Judgement.KEPT : Judgement.IDLE;
    },
    breach: "DIRTY was cleared while a mapping of the entry was still writable",
    loss: "the next store through that mapping takes no fault and sets no mark: " +
      "the fsync after it returns 0 without flushing it, and a power failure loses it",
    implies: ["DUR-1"],
  }),
  invariant({
    id: "DAX-CLEAN-3",
    about: "mapping",
    needs: ["visits", "flushes", "passes"],
    on: ["mkclean", "clear_dirty"],
    judge: (before, event) => {
      const flushed = ((before.pass[headOf(before, event.page)] ?? 0) & Pass.FLUSHED) !== 0;
      if (event.kind === "clear_dirty") return keptIf(flushed);
      if (pteAccess(before, event.mapping, event.page) !== Pte.WRITE) return Judgement.IDLE;
      return keptIf(!flushed);
    },
    breach: "a writeback pass did not protect, then flush, then clear DIRTY, in that order",
    loss: "a store between the flush and the protection is never flushed",
    implies: ["DUR-1"],
  }),
];
