/**
 * Writeback of the page cache (spec/5-pins.md).
 *
 * @module
 */
import { fileOf, Folio, folioInHand } from "../folio.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { anyPte, Pte } from "../page_table.ts";
import { anyWritable } from "../tlb.ts";
import { Tag } from "../xarray.ts";

/** Judges of writeback, in the order of the chapter. */
export const writebackInvariants: readonly Invariant[] = [
  invariant({
    id: "WB-CLEAN-1",
    about: "file",
    needs: ["writebacks", "page-tables", "unmaps"],
    on: ["clear_dirty_for_io", "start_writeback"],
    judge: (before, { kind, task, page }) => {
      if (kind === "start_writeback") {
        return keptIf(before.locked[folioInHand(before, task)] === task + 1);
      }
      if (anyWritable(before, page, page + 1)) return Judgement.BROKEN;
      return anyPte(before, Pte.READ, page, page + 1) ? Judgement.KEPT : Judgement.IDLE;
    },
    breach: "PG_dirty was cleared while some CPU could still store to the folio without a fault",
    loss: "the next store takes no fault and marks nothing: the fsync after it does not write it",
    implies: ["DUR-1", "COH-1"],
  }),
  invariant({
    id: "WB-TAG-1",
    about: "file",
    needs: ["marks", "folios"],
    on: ["unlock_folio"],
    judge: (before, { task, page }) => {
      if (before.slot[page] !== before.hand[task]) return Judgement.IDLE;
      const dirty = ((before.folio[folioInHand(before, task)] ?? 0) & Folio.DIRTY) !== 0;
      const tagged = ((before.tag[page] ?? 0) & Tag.DIRTY) !== 0;
      return dirty || tagged ? keptIf(dirty === tagged) : Judgement.IDLE;
    },
    breach: "a folio was unlocked whose dirtiness and its DIRTY mark are not the same",
    loss: "writeback passes over a dirty folio, or comes back to a clean one for ever",
  }),
  invariant({
    id: "WB-TOWRITE-1",
    about: "file",
    needs: ["marks", "writebacks"],
    on: ["clear_mark", "start_writeback"],
    judge: (before, event) => {
      const { page } = event;
      if ((before.slot[page] ?? 0) === 0) return Judgement.IDLE;
      if (((before.tag[page] ?? 0) & Tag.TOWRITE) === 0) return Judgement.IDLE;
      if (event.kind === "start_writeback") return Judgement.KEPT;
      return event.mark === "TOWRITE" ? Judgement.BROKEN : Judgement.IDLE;
    },
    breach: "TOWRITE was cleared without writing the folio",
    loss: "the fsync that had marked the folio passes over it and returns 0",
    implies: ["DUR-1"],
  }),
  invariant({
    id: "WB-BLOCK-1",
    about: "file",
    needs: ["writebacks", "blocks"],
    on: ["end_writeback"],
    judge: (before, { task }) => {
      const folio = folioInHand(before, task);
      if (before.dirtyBlocks.length === 0 || folio < 0) return Judgement.IDLE;
      if (((before.folio[folio] ?? 0) & Folio.DIRTY) !== 0) return Judgement.IDLE;
      return keptIf(before.dirtyBlocks[folio] === 0);
    },
    breach: "writeback ended, the folio is clean, and a block of it that was dirty was not written",
    loss: "no fsync looks at the folio again: what was written to that block is lost",
    implies: ["DUR-1", "COH-1"],
  }),
  invariant({
    id: "WB-MKWRITE-1",
    about: "file",
    needs: ["faults", "page-tables"],
    on: ["map_folio"],
    judge: (before, { task, access }) => {
      if (access !== "write") return Judgement.IDLE;
      const folio = folioInHand(before, task);
      const dirty = ((before.folio[folio] ?? 0) & Folio.DIRTY) !== 0;
      return keptIf(dirty && before.locked[folio] === task + 1);
    },
    breach: "a clean folio was mapped writable without asking the file system",
    loss: "stores through that PTE are invisible to every later fsync",
    implies: ["DUR-1"],
  }),
  invariant({
    id: "WB-MKWRITE-2",
    about: "file",
    needs: ["sizes", "stores", "page-tables"],
    on: ["store_folio"],
    judge: (before, { page, part }) => {
      if (part === undefined || part >= (before.size[fileOf(before, page)] ?? 0)) {
        return Judgement.IDLE;
      }
      return keptIf(((before.reserved[page] ?? 0) & (1 << part)) !== 0);
    },
    breach: "a store within i_size went to a block of the page that ->page_mkwrite never reserved",
    loss: "writeback finds no block to write it to, and drops it",
  }),
];
