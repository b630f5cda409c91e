/**
 * Judges a stream of observations that is only partly known.
 *
 * The checker has no rule of its own: it projects each observation into the small worlds that it
 * touches, steps every state that fits with the model's `step`, and asks the model's invariants.
 *
 * @module
 */
import { match } from "ts-pattern";
import { beginRange, beginSync, endRange, endSync, nameSync } from "./check/calls.ts";
import { checkAlive, checkCleaned } from "./check/cleaning.ts";
import { checkFault, checkHole, checkStore, checkUnmap } from "./check/faults.ts";
import type { GapSeen, Observation } from "./check/observation.ts";
import { type Check, noteSize } from "./check/subject.ts";
import { forget } from "./check/world.ts";

export { createCheck } from "./check/subject.ts";
export type { Check } from "./check/subject.ts";
export { createSuccessors } from "./check/transition.ts";

/** Takes the check past one observation. Observations come in the order of their lines. */
export function checkObservation(check: Check, observation: Observation): void {
  match(observation)
    .with({ kind: "fault" }, (seen) => checkFault(check, seen))
    .with({ kind: "hole" }, (seen) => checkHole(check, seen))
    .with({ kind: "cleaned" }, (seen) => checkCleaned(check, seen))
    .with({ kind: "store" }, (seen) => checkStore(check, seen))
    .with({ kind: "unmap" }, (seen) => checkUnmap(check, seen))
    .with({ kind: "sync_begin" }, (seen) => beginSync(check, seen))
    .with({ kind: "sync_file" }, (seen) => nameSync(check, seen))
    .with({ kind: "sync_end" }, (seen) => endSync(check, seen))
    .with({ kind: "removal_begin" }, (seen) => beginRange(check, seen))
    .with({ kind: "removal_end" }, (seen) => endRange(check, seen))
    .with({ kind: "alive" }, ({ where }) => checkAlive(check, where))
    .with({ kind: "gap" }, (seen) => openGap(check, seen))
    .exhaustive();
}

/** True if a sign of life of the task would decide something. */
export function awaitsTask(check: Check, pid: number): boolean {
  return check.waiting.size > 0 && check.waiting.has(pid);
}

/** Tasks of which a sign of life would decide something. */
export function awaitedTasks(check: Check): readonly number[] {
  return [...check.waiting.keys()];
}

function openGap(check: Check, { line, since, reason }: GapSeen): void {
  check.gaps.push({ line, reason });
  check.calls.clear();
  check.removalCalls.clear();
  check.waiting.clear();
  for (const file of check.files.values()) {
    file.syncs.length = 0;
    file.removals.length = 0;
    for (const page of file.pages.values()) {
      for (const world of page.worlds) forget(world, since);
      noteSize(page);
    }
  }
}
