/**
 * What a power failure must leave (spec/2-durability.md).
 *
 * @module
 */
import { FOREIGN, isDurable, Journal, recovered } from "../storage.ts";
import { fileOf } from "../folio.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import type { State } from "../state.ts";

/** Judges a power failure: whether all that a ghost names can be read afterwards, page by page. */
export function judgeLoss(before: State, mustSurvive: Uint8Array): Judgement {
  let judged: Judgement = Judgement.IDLE;
  for (let page = 0; page < mustSurvive.length; page++) {
    const must = mustSurvive[page] ?? 0;
    if (must === 0) continue;
    if ((must & ~recovered(before, page)) !== 0) return Judgement.BROKEN;
    judged = Judgement.KEPT;
  }
  return judged;
}

/** Judges of what a power failure leaves, in the order of the chapter. */
export const crashInvariants: readonly Invariant[] = [
  invariant({
    id: "DUR-2",
    about: "file",
    needs: ["direct-io", "flushes", "crash"],
    on: ["crash"],
    judge: (before) => judgeLoss(before, before.dsynced),
    breach: "a write with O_DSYNC returned, power failed, and what it wrote cannot be read",
    loss: "data that the program was told is safe",
  }),
  invariant({
    id: "DUR-3",
    about: "file",
    needs: ["faults", "stores", "syncs", "crash"],
    on: ["crash"],
    judge: (before) =>
      before.bounds.syncBelow === undefined ? Judgement.IDLE : judgeLoss(before, before.covered),
    breach: "beside a MAP_SYNC mapping, fsync returned 0 and a store completed before it got lost",
    loss: "data that the caller of fsync was told is safe",
  }),
  invariant({
    id: "DUR-4",
    about: "file",
    needs: ["blocks", "writebacks", "crash"],
    on: ["crash"],
    judge: (before) => {
      let judged: Judgement = Judgement.IDLE;
      for (let page = 0; page < before.bounds.pages; page++) {
        if (((before.block[page] ?? 0) | (before.diskBlock[page] ?? 0)) === 0) continue;
        if ((recovered(before, page) & FOREIGN) !== 0) return Judgement.BROKEN;
        judged = Judgement.KEPT;
      }
      return judged;
    },
    breach: "after a power failure a read finds what a block's last owner had left in it",
    loss: "another file's data, perhaps another user's, is readable",
  }),
  invariant({
    id: "DUR-5",
    about: "file",
    needs: ["writebacks", "syncs"],
    on: ["report_error", "fsync_end"],
    judge: (before, event) => {
      const { task } = event;
      if (event.kind === "fsync_end") {
        const owed = before.owedErr[task] ?? 0;
        return owed === 0 || event.allFiles
          ? Judgement.IDLE
          : keptIf(before.seenErr[task] === owed);
      }
      const { page, says } = event;
      const error = before.wbErr[fileOf(before, page)] ?? 0;
      if (error === 0) return Judgement.IDLE;
      return keptIf((says === "EIO") === (before.seenErr[task] !== error));
    },
    breach: "fsync did not report a writeback error once, and only once, to an open file",
    loss: "a program goes on as if its data were safe, or treats one error as two",
  }),
  invariant({
    id: "META-1",
    about: "file",
    needs: ["faults", "stores", "crash"],
    on: ["crash"],
    judge: (before) => judgeLoss(before, before.fenced),
    breach: "a program flushed its own store, power failed, and the store cannot be read",
    loss: "the data may be on the media, but no block map leads to it",
  }),
  invariant({
    id: "META-2",
    about: "file",
    needs: ["blocks", "removals", "syncs", "crash"],
    on: ["crash"],
    judge: ({ journal }) => {
      const promised = journal[Journal.PROMISED] ?? 0;
      return promised === 0
        ? Judgement.IDLE
        : keptIf((journal[Journal.COMMITTED] ?? 0) >= promised);
    },
    breach: "fdatasync returned 0, power failed, and a change of the block map before it is gone",
    loss: "a punched hole is full again, or written blocks read as zeros",
  }),
  invariant({
    id: "META-3",
    about: "file",
    needs: ["blocks", "removals"],
    on: ["allocate", "remove_extent", "refuse_change"],
    judge: (before, { kind, page }) => {
      if (!isDurable(before) || before.frozen[fileOf(before, page)] !== 1) return Judgement.IDLE;
      return keptIf(kind === "refuse_change");
    },
    breach: "the block map of a frozen file was changed",
    loss: "programs that flush their own stores rely on a map that is not on the disk",
    implies: ["META-1"],
  }),
  invariant({
    id: "MSYNC-1",
    about: "file",
    needs: ["unmaps"],
    on: ["mmap"],
    judge: (_before, { asksSync, gets }) => asksSync ? keptIf(gets !== "plain") : Judgement.IDLE,
    breach: "mmap with MAP_SYNC succeeded, and the mapping is not synchronous",
    loss: "the program flushes its own stores and believes them safe",
    implies: ["META-1"],
  }),
];
