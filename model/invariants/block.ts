/**
 * What a fault may put behind a page: a zeroed block, within the file, and for a private mapping a
 * copy (spec/1-dax-faults.md).
 *
 * @module
 */
import { Content, contentOf } from "../content.ts";
import { Removed } from "../effects/blocks.ts";
import { Extent } from "../extent.ts";
import { isBeyondEnd } from "../folio.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { anyPte, Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { holderOf, pmdStart } from "../xarray.ts";

/** Judges of what a fault puts behind a page, in the order of the chapter. */
export const blockInvariants: readonly Invariant[] = [
  invariant({
    id: "DAX-ZERO-1",
    about: "mapping",
    needs: ["contents"],
    on: ["map_page"],
    judge: (before, { page, order, access }) => {
      if (contentOf(before, page) === undefined || access === "zero" || access === "anonymous") {
        return Judgement.IDLE;
      }
      const from = order === "pmd" ? pmdStart(before, page) : page;
      const to = order === "pmd" ? from + before.bounds.pmdPages : page + 1;
      for (let each = from; each < to; each++) {
        if (contentOf(before, each) === Content.STALE) return Judgement.BROKEN;
      }
      return Judgement.KEPT;
    },
    breach: "a block was mapped before it was zeroed",
    loss: "the process reads what the block's last owner stored there",
  }),
  invariant({
    id: "DAX-ZERO-2",
    about: "mapping",
    needs: ["contents"],
    on: ["zero_block", "allocate"],
    judge: (before, { page }) => {
      const content = contentOf(before, page);
      return content === undefined ? Judgement.IDLE : keptIf(content !== Content.DATA);
    },
    breach: "a block was zeroed after a store to it",
    loss: "the store is gone, for every process and for ever",
  }),
  invariant({
    id: "DAX-SIZE-1",
    about: "mapping",
    needs: ["faults", "removals", "sizes"],
    on: ["map_page", "call_end", "map_folio", "removal_end"],
    judge: (_before, event, after) => {
      const { page } = event;
      if (event.kind === "map_folio" || event.kind === "removal_end") {
        return judgeFolio(after, page);
      }
      if (after.extent[page] !== Extent.BEYOND) return Judgement.IDLE;
      if (event.kind === "map_page") {
        return event.access === "anonymous" ? Judgement.IDLE : Judgement.BROKEN;
      }
      if (after.inflight[page] !== 0 || holderOf(after, page) !== 0) return Judgement.IDLE;
      return keptIf(
        ![Pte.ZERO, Pte.READ, Pte.WRITE].some((access) => anyPte(after, access, page, page + 1)),
      );
    },
    breach: "a page beyond the end of the file is mapped",
    loss:
      "stores go to a block that the file has given back, and that may be another file's by now",
  }),
  invariant({
    id: "DAX-COW-1",
    about: "mapping",
    needs: ["page-tables"],
    on: ["store"],
    judge: (before, { mapping, page }) => {
      const { privateFrom } = before.bounds;
      if (privateFrom === undefined || mapping < privateFrom) return Judgement.IDLE;
      return keptIf(pteAccess(before, mapping, page) === Pte.ANON);
    },
    breach: "a store through a private mapping went to the file's block",
    loss: "other processes and the media see what was meant for one process alone",
  }),
];

/** Page cache: a fault may still map a page that is just being truncated, until that returns. */
function judgeFolio(after: State, page: number): Judgement {
  const returned = ((after.removed[page] ?? 0) & Removed.RETURNED) !== 0;
  if (!returned || !isBeyondEnd(after, page)) return Judgement.IDLE;
  return keptIf(
    !anyPte(after, Pte.READ, page, page + 1) && !anyPte(after, Pte.WRITE, page, page + 1),
  );
}
