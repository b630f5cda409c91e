/**
 * What a sync call must have done before it returns 0 (spec/4-mkclean.md).
 *
 * @module
 */
import { type Invariant, invariant, Judgement } from "../invariant.ts";
import type { State } from "../state.ts";
import { judgeLoss } from "./crash.ts";
import { Owed } from "../xarray.ts";

/** Judges what a returning sync call still owes, over all pages. */
function judgeOwed(before: State, task: number, what: number): Judgement {
  const { pages } = before.bounds;
  let judged: Judgement = Judgement.IDLE;
  for (let page = 0; page < pages; page++) {
    const owed = before.owed[task * pages + page] ?? 0;
    if ((owed & what) !== 0) return Judgement.BROKEN;
    if ((owed & Owed.BEGAN_DIRTY) !== 0) judged = Judgement.KEPT;
  }
  return judged;
}

/** Judges of the return of a sync call, in the order of the chapter. */
export const syncCallInvariants: readonly Invariant[] = [
  invariant({
    id: "DAX-WAIT-1",
    about: "entry",
    needs: ["faults", "passes", "syncs", "removals"],
    on: ["sync_end"],
    judge: (before, { task }) => judgeOwed(before, task, Owed.CLEAN),
    breach: "a sync call returned 0 before an entry that was DIRTY when it began had been cleaned",
    loss: "the store was complete before the call, the call says it is durable, " +
      "and a power failure before the other caller's flush ends loses it",
    implies: ["DUR-1"],
  }),
  invariant({
    id: "DUR-1",
    about: "mapping",
    needs: ["faults", "passes", "syncs"],
    on: ["sync_end", "crash"],
    judge: (before, event) =>
      event.kind === "crash"
        ? judgeLoss(before, before.synced)
        : judgeOwed(before, event.task, Owed.FLUSH),
    breach: "a sync call returned 0 although a store completed before it was not flushed",
    loss: "a power failure now loses data that the caller was told is safe",
  }),
];
