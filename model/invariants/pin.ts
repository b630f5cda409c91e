/**
 * Pinned pages (spec/5-pins.md).
 *
 * @module
 */
import { Dma, isBlockPinned, isPinned } from "../effects/pin.ts";
import { Folio, folioAt } from "../folio.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { Pte, pteAccess } from "../page_table.ts";
import { holdsExclusive } from "../rwsem.ts";

/** Judges of pinned pages, in the order of the chapter. */
export const pinInvariants: readonly Invariant[] = [
  invariant({
    id: "PIN-1",
    about: "file",
    needs: ["page-tables", "folios"],
    on: ["remove_folio"],
    judge: (before, { page, why }) =>
      why === "reclaim" ? keptIf(!isPinned(before, folioAt(before, page))) : Judgement.IDLE,
    breach: "reclaim gave away the memory of a pinned page",
    loss: "the device writes into memory that is somebody else's by now",
  }),
  invariant({
    id: "PIN-2",
    about: "file",
    needs: ["contents", "folios"],
    on: ["unpin"],
    judge: (before, { task }) => {
      const dma = before.dma[(before.pinned[task] ?? 0) - 1] ?? 0;
      return dma === 0 ? Judgement.IDLE : keptIf(dma === Dma.MARKED);
    },
    breach: "a device wrote to a page, and its pin was given back without marking the page dirty",
    loss: "the page looks clean: fsync does not write it, and eviction drops it",
    implies: ["DUR-1", "COH-1"],
  }),
  invariant({
    id: "PIN-3",
    about: "file",
    needs: ["writebacks", "folios"],
    on: ["mark_pinned_dirty"],
    judge: (before, { task }) => {
      const folio = (before.pinned[task] ?? 0) - 1;
      return keptIf(((before.folio[folio] ?? 0) & Folio.DIRTY) !== 0);
    },
    breach: "a page that the file system had cleaned was made dirty without asking the file system",
    loss: "there is no space reserved, no transaction, no buffer for it: an oops, or lost data",
  }),
  invariant({
    id: "PIN-5",
    about: "file",
    needs: ["page-tables"],
    on: ["pin", "refuse_pin"],
    judge: (_before, event) => {
      if (!event.longterm) return Judgement.IDLE;
      return keptIf(event.kind === "refuse_pin");
    },
    breach: "a page of a shared file mapping was pinned for writing and for long",
    loss: "whatever writeback cleans meanwhile, the device makes dirty unseen",
  }),
  invariant({
    id: "LAYOUT-1",
    about: "file",
    needs: ["blocks", "page-tables"],
    on: ["remove_extent"],
    judge: (before, { page }) =>
      before.pinnedBlock.some((each) => each !== 0)
        ? keptIf(!isBlockPinned(before, page))
        : Judgement.IDLE,
    breach: "a block was freed while a device could still write to it",
    loss: "the device writes into whatever file gets the block next",
  }),
  invariant({
    id: "LAYOUT-2",
    about: "file",
    needs: ["locks"],
    on: ["sleep_on_pins"],
    judge: (before, { task }) => keptIf(!holdsExclusive(before, task, "invalidate_lock")),
    breach: "layout breaking slept until a pin is given back, with invalidate_lock held",
    loss: "whoever has the pin may have to fault first, and faults wait for that lock",
    implies: ["LOCK-1"],
  }),
  invariant({
    id: "RO-1",
    about: "file",
    needs: ["page-tables"],
    on: ["pin", "refuse_pin"],
    judge: (before, { kind, mapping, page }) => {
      const writable = pteAccess(before, mapping, page) === Pte.WRITE;
      if (kind === "refuse_pin") return writable ? Judgement.IDLE : Judgement.KEPT;
      return keptIf(writable);
    },
    breach: "a page that is mapped read-only was pinned for writing",
    loss: "a task changes what it may only read",
  }),
];
