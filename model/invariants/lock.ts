/**
 * Waiting for locks (spec/3-direct-io.md).
 *
 * @module
 */
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { heldMode, lockModes } from "../mode_lock.ts";

/** Judges of waiting, in the order of the chapter. */
export const lockInvariants: readonly Invariant[] = [
  invariant({
    id: "LOCK-1",
    about: "entry",
    needs: ["locks"],
    on: [],
    judge: () => Judgement.IDLE,
    breach: "an actor waits, and nothing can ever happen that ends its wait",
    loss: "the task hangs, uninterruptible, with everything that it holds",
    liveness: true,
  }),
  invariant({
    id: "LOCK-2",
    about: "file",
    needs: ["locks", "faults"],
    on: ["contend"],
    judge: (before, { task, lock, and }) =>
      heldMode(before, lock, task) === lockModes.BLOCK ? keptIf(and === "fails") : Judgement.IDLE,
    breach: "a fault went to sleep on a lock that its own task holds",
    loss: "the task hangs, uninterruptible, with everything that it holds",
    implies: ["LOCK-1"],
  }),
];
