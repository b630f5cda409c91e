/**
 * The page cache against direct I/O (spec/3-direct-io.md).
 *
 * @module
 */
import { contentOnDisk } from "../storage.ts";
import { isPinned } from "../effects/pin.ts";
import { contentOf, Direct, directInFlight } from "../effects/direct_io.ts";
import { Extent } from "../extent.ts";
import { blockOf, fileOf, Folio, folioAt, folioInHand } from "../folio.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import type { State } from "../state.ts";

/** True if an error is recorded that the next fsync of the page's file will report. */
function errorRecorded(state: State, page: number): boolean {
  return state.wbErr[fileOf(state, page)] === 1;
}

/** Judges of page cache and direct I/O, in the order of the chapter. */
export const coherenceInvariants: readonly Invariant[] = [
  invariant({
    id: "COH-1",
    about: "file",
    needs: ["direct-io", "folios", "values"],
    on: ["direct_end", "unlock_folio", "end_writeback"],
    judge: (_before, { page }, after) => {
      const folio = folioAt(after, page);
      const clean = after.folio[folio] === Folio.UPTODATE && after.locked[folio] === 0;
      if (!clean || isPinned(after, folio) || directInFlight(after, page)) return Judgement.IDLE;
      return keptIf(after.memory[folio] === contentOnDisk(after, page));
    },
    breach: "no direct I/O is in flight, and a clean folio differs from what is on the disk",
    loss: "readers see the old data for as long as the folio stays cached",
    implies: ["COH-3"],
  }),
  invariant({
    id: "COH-2",
    about: "file",
    needs: ["direct-io", "writebacks"],
    on: ["write_folio"],
    judge: (before, { task, page }) => {
      const direct = before.returned[page] ?? 0;
      const overwritten = (before.media[blockOf(before, page)] ?? 0) & direct;
      if (overwritten === 0) return Judgement.IDLE;
      const kept = before.memory[folioInHand(before, task)] ?? 0;
      return keptIf((overwritten & ~kept) === 0 || errorRecorded(before, page));
    },
    breach: "writeback of an older folio overwrote what a direct write had returned for, silently",
    loss: "the direct write is lost, and no fsync says so",
    implies: ["COH-3"],
  }),
  invariant({
    id: "COH-3",
    about: "file",
    needs: ["direct-io", "values"],
    on: ["observe"],
    judge: (before, { page }) => {
      const direct = before.returned[page] ?? 0;
      if (direct === 0) return Judgement.IDLE;
      return keptIf((contentOf(before, page) & direct) === direct || errorRecorded(before, page));
    },
    breach: "a read that began after a direct write had returned did not see it",
    loss: "readers see old data, and no fsync says that anything went wrong",
  }),
  invariant({
    id: "COH-4",
    about: "file",
    needs: ["direct-io", "stores", "writebacks"],
    on: ["direct_read"],
    judge: (before, { task, page }) => {
      const expected = before.expected[task] ?? 0;
      if (expected === 0) return Judgement.IDLE;
      return keptIf((contentOnDisk(before, page) & expected) === expected);
    },
    breach: "a direct read did not see a store that was complete before it began",
    loss: "the reader works with old data although the new is in memory",
  }),
  invariant({
    id: "COH-5",
    about: "file",
    needs: ["direct-io", "blocks"],
    on: ["invalidate_again"],
    judge: (before, { task, page }) => {
      const unwritten = ((before.direct[task] ?? 0) & Direct.WAS_UNWRITTEN) !== 0;
      return unwritten ? keptIf(before.extent[page] !== Extent.UNWRITTEN) : Judgement.IDLE;
    },
    breach: "the page cache was shot down before the unwritten extent was converted",
    loss: "a reader in between caches zeros, and they stay",
    implies: ["COH-1"],
  }),
];
