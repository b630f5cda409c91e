/**
 * Waiting for locks (spec/3-direct-io.md).
 *
 * @module
 */
import { invariant, Judgement } from "../invariant.ts";

export const LOCK_1 = invariant({
  id: "LOCK-1",
  about: "entry",
  on: [],
  judge: () => Judgement.IDLE,
  breach: "an actor waits, and nothing can ever happen that ends its wait",
  loss: "the task hangs, uninterruptible, with everything that it holds",
  liveness: true,
});
