/**
 * Removing pages against faults, reads and readahead (spec/6-truncate.md).
 *
 * @module
 */
import { Removed } from "../effects/blocks.ts";
import { contentOf } from "../effects/direct_io.ts";
import { Extent } from "../extent.ts";
import {
  blockOf,
  Folio,
  folioAt,
  folioInHand,
  isCached,
  rememberedBlock,
  rememberedExtent,
} from "../folio.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { Held, rwsems } from "../rwsem.ts";
import type { State } from "../state.ts";

/** Judges of removing pages, in the order of the chapter. */
export const removalInvariants: readonly Invariant[] = [
  invariant({
    id: "INV-1",
    about: "file",
    needs: ["blocks", "reads", "removals"],
    on: ["read_folio"],
    judge: (before, { task, page }) => {
      const iomap = before.iomap[task] ?? 0;
      if (rememberedExtent(iomap) !== Extent.MAPPED) return Judgement.IDLE;
      return keptIf(rememberedBlock(iomap) === blockOf(before, page));
    },
    breach: "a folio became uptodate with the content of a block that is no longer the page's",
    loss: "readers see data that was removed, or what another file has since written to that block",
    implies: ["INV-4", "COH-1"],
  }),
  invariant({
    id: "INV-2",
    about: "file",
    needs: ["blocks", "writebacks", "removals"],
    on: ["mark_dirty", "start_writeback", "remove_extent"],
    judge: (_before, event, after) => {
      const folio = event.kind === "remove_extent"
        ? folioAt(after, event.page)
        : folioInHand(after, event.task);
      return folio < 0 ? Judgement.IDLE : judgeBacking(after, folio, event.page);
    },
    breach: "a dirty folio is to be written to a block that is no longer the page's",
    loss: "its writeback overwrites what another file has in that block",
  }),
  invariant({
    id: "INV-3",
    about: "file",
    needs: ["locks", "folios"],
    on: ["add_folio"],
    judge: (before) => {
      if (before.rwsem.length === 0) return Judgement.IDLE;
      const held = before.rwsem[rwsems.indexOf("invalidate_lock")] ?? 0;
      return held === 0 ? Judgement.IDLE : keptIf(held < Held.EXCLUSIVE);
    },
    breach: "a folio was added to a mapping whose invalidate_lock another task holds exclusive",
    loss: "it may hold what the holder is just removing",
  }),
  invariant({
    id: "INV-4",
    about: "file",
    needs: ["removals", "values"],
    on: ["observe", "removal_end"],
    judge: (before, { kind, page }) => {
      const removed = before.removed[page];
      if (removed === undefined) return Judgement.IDLE;
      if (kind === "removal_end") {
        return keptIf((removed & Removed.FREED) !== 0 || contentOf(before, page) === 0);
      }
      const isHole = (removed & Removed.GONE) !== 0 && (removed & Removed.RETURNED) !== 0;
      return isHole ? keptIf(contentOf(before, page) === 0) : Judgement.IDLE;
    },
    breach: "after a hole punch had returned, a read of the hole saw something else than zeros",
    loss: "removed data, or another file's, is readable",
  }),
  invariant({
    id: "INV-5",
    about: "file",
    needs: ["removals", "writebacks"],
    on: ["remove_folio"],
    judge: (before, { page, why }) => {
      if (why !== "collapse") return Judgement.IDLE;
      return keptIf(!isCached(before, page, Folio.DIRTY));
    },
    breach: "a range was collapsed, and a dirty folio behind it was thrown away",
    loss: "what a program had stored there is neither at the old place nor at the new one",
  }),
  invariant({
    id: "INV-6",
    about: "file",
    needs: ["blocks", "writebacks"],
    on: ["write_begin", "direct_write"],
    judge: (before, event) => {
      if (event.kind === "direct_write") return judgeTarget(before, blockOf(before, event.page));
      const { task, page } = event;
      const iomap = before.iomap[task] ?? 0;
      return keptIf(
        rememberedExtent(iomap) === before.extent[page] &&
          rememberedBlock(iomap) === blockOf(before, page),
      );
    },
    breach: "write(2) used an iomap that was no longer what the block map says",
    loss: "data is written to a block that is free or another file's, or zeros take its place",
  }),
  invariant({
    id: "INV-7",
    about: "file",
    needs: ["sizes", "stores", "values"],
    on: ["growth_end"],
    judge: (before, { page }) => {
      const behind = before.behind[page] ?? 0;
      return behind === 0 ? Judgement.IDLE : keptIf((contentOf(before, page) & behind) === 0);
    },
    breach: "a file has grown, and what a mapping had stored behind its end is now in it",
    loss: "a program reads bytes that nobody has written to the file where it was promised zeros",
  }),
];

/** Judges the page's folio: dirty or under writeback, it goes to the block that its buffers name. */
function judgeBacking(state: State, folio: number, page: number): Judgement {
  const flags = state.folio[folio] ?? 0;
  const backing = state.backing[folio] ?? 0;
  if ((flags & (Folio.DIRTY | Folio.WRITEBACK)) === 0 || backing === 0) return Judgement.IDLE;
  return keptIf(backing === state.block[page]);
}

/**
 * What passes by the page cache goes to a block, which must still be the page's. Worlds without
 * semaphores have none that would keep it.
 */
function judgeTarget({ bounds: { blocks = 0, rwsems = 0 } }: State, block: number): Judgement {
  return blocks === 0 || rwsems === 0 ? Judgement.IDLE : keptIf(block >= 0);
}
