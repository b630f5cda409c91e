/**
 * The lock between additions to the page cache and direct I/O (spec/3-direct-io.md). The lock of the
 * file with number n has number n.
 *
 * @module
 */
import { Direct } from "../effects/direct_io.ts";
import { fileOf } from "../folio.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { heldMode, isHeld, lockModes } from "../mode_lock.ts";

/** Judges of the lock of additions, in the order of the chapter. */
export const addLockInvariants: readonly Invariant[] = [
  invariant({
    id: "ADD-1",
    about: "file",
    needs: ["locks"],
    on: ["lock"],
    judge: (_before, { lock, mode }, after) => {
      if (mode !== "ADD" && mode !== "BLOCK") return Judgement.IDLE;
      let [adds, blocks] = [false, false];
      for (let task = 0; task < after.bounds.tasks; task++) {
        const held = after.lock[lock * after.bounds.tasks + task] ?? 0;
        for (const each of [held & 0x0f, held >> 4]) {
          adds ||= each === lockModes.ADD;
          blocks ||= each === lockModes.BLOCK;
        }
      }
      return keptIf(!(adds && blocks));
    },
    breach: "one file's lock was held to add pages and to keep them out at the same time",
    loss: "a page is cached behind the back of the direct I/O that has just shot it down",
  }),
  invariant({
    id: "ADD-2",
    about: "file",
    needs: ["locks", "folios"],
    on: ["add_folio"],
    judge: (before, { task, page }) => {
      if (before.lock.length === 0) return Judgement.IDLE;
      const lock = fileOf(before, page);
      const own = heldMode(before, lock, task);
      if (own === lockModes.ADD) return Judgement.KEPT;
      if (own === lockModes.BLOCK) return Judgement.IDLE;
      return isHeld(before, lock, "BLOCK") ? Judgement.BROKEN : Judgement.IDLE;
    },
    breach: "a folio was added to a mapping while another task kept additions out",
    loss: "it holds what the direct I/O is about to replace",
    implies: ["COH-1"],
  }),
  invariant({
    id: "ADD-3",
    about: "file",
    needs: ["locks", "direct-io"],
    on: ["direct_write"],
    judge: (before, { task }) => {
      const direct = before.direct[task] ?? 0;
      if ((direct & Direct.WAS_REOPENED) === 0) return Judgement.IDLE;
      return keptIf((direct & Direct.REOPENED) === 0);
    },
    breach: "a direct write that had dropped its lock did not shoot the page cache down again",
    loss: "what was cached meanwhile stays cached, with the old data",
    implies: ["COH-1"],
  }),
];
