/**
 * Writeback of the page cache (spec/5-pins.md).
 *
 * @module
 */
import { fileOf } from "../folio.ts";
import { invariant, Judgement, keptIf } from "../invariant.ts";

export const MKWRITE_2 = invariant({
  id: "WB-MKWRITE-2",
  about: "file",
  on: ["store_folio"],
  judge: (before, { page, part }) => {
    if (part === undefined || part >= (before.size[fileOf(before, page)] ?? 0)) {
      return Judgement.IDLE;
    }
    return keptIf(((before.reserved[page] ?? 0) & (1 << part)) !== 0);
  },
  breach: "a store within i_size went to a block of the page that ->page_mkwrite never reserved",
  loss: "writeback finds no block to write it to, and drops it",
});
