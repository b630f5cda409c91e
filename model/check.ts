/**
 * Judges a stream of observations that is only partly known.
 *
 * The checker has no rule of its own: it projects each observation into the small worlds that it
 * touches, steps every state that fits with the model's `step`, and asks the model's invariants.
 *
 * @module
 */
import {
  beginSync,
  endSync,
  enterAll,
  forgetCalls,
  judgeReturned,
  nameSync,
} from "./check/calls.ts";
import { beginPass, checkAlive, checkCleaned, checkPass } from "./check/cleaning.ts";
import { checkFault, checkHole, checkSize, checkStore, checkUnmap } from "./check/faults.ts";
import { beginFault, leaveFault } from "./check/faults_in_flight.ts";
import { addGap } from "./check/findings.ts";
import { knownFile } from "./check/files.ts";
import type { GapSeen, Observation } from "./check/observation.ts";
import {
  beginRemoval,
  confirmRemovals,
  deleteEntry,
  endRemovalCall,
  removeHidden,
} from "./check/removals.ts";
import type { Check } from "./check/subject.ts";
import { unsettleAll } from "./check/world.ts";
import { checkWritten } from "./check/writes.ts";

export { createCheck } from "./check/subject.ts";
export type { Check } from "./check/subject.ts";
export { type CheckerAutomaton, createAutomaton } from "./check/automaton.ts";

/**
 * Takes the check past one observation. Observations come in the order of their lines. A `switch`: a
 * long recording has hundreds of thousands.
 */
export function checkObservation(check: Check, observation: Observation): void {
  if (check.unentered.size > 0) enterSyncs(check, observation);
  if (observation.kind === "gap") return openGap(check, observation);
  judgeReturned(check, observation.where.time);
  switch (observation.kind) {
    case "fault":
      return checkFault(check, observation);
    case "fault_begin":
      return beginFault(check, observation);
    case "fault_left":
      return leaveFault(check, observation);
    case "size":
      return checkSize(check, observation);
    case "hole":
      return checkHole(check, observation);
    case "cleaned":
      return checkCleaned(check, observation);
    case "pass_begin":
      return beginPass(check, observation);
    case "pass":
      return checkPass(check, observation);
    case "store":
      return checkStore(check, observation);
    case "unmap":
      return checkUnmap(check, observation);
    case "sync_begin":
      return beginSync(check, observation);
    case "sync_file":
      return nameSync(check, observation);
    case "sync_end":
      return endSync(check, observation);
    case "removal_begin":
      return beginRemoval(check, observation);
    case "removal_end":
      return endRemovalCall(check, observation);
    case "entry_deleted":
      return deleteEntry(check, observation);
    case "removal_confirmed":
      return confirmRemovals(check, observation);
    case "hidden_removal":
      return removeHidden(check, observation);
    case "written":
      return checkWritten(check, observation);
    case "alive":
      return checkAlive(check, observation.where);
    default:
      return observation satisfies never;
  }
}

/** Sync calls begin in the worlds of their files, before anything but their own range is seen there. */
function enterSyncs(check: Check, seen: Observation): void {
  if (seen.kind === "sync_begin" || seen.kind === "sync_end" || seen.kind === "pass_begin") return;
  const but = seen.kind === "sync_file" ? check.calls.get(seen.call) : undefined;
  if ("file" in seen && seen.file !== undefined) {
    const file = knownFile(check, seen.file);
    if (file !== undefined && check.unentered.has(file)) enterAll(check, file, but);
  } else for (const file of [...check.unentered]) enterAll(check, file, but);
}

/**
 * The recording is over at this time. Calls that returned so lately that an event of another CPU may
 * be missing behind them are not judged.
 */
export function finishCheck(check: Check, time: number): void {
  judgeReturned(check, time);
  forgetCalls(check);
}

/** True if a sign of life of the task would decide something. */
export function awaitsTask(check: Check, pid: number): boolean {
  return check.waiting.size > 0 && check.waiting.has(pid);
}

/** Every world begins anew when it is next observed (`refresh`). */
function openGap(check: Check, { since, line, loss }: GapSeen): void {
  addGap(check.findings, since, line, loss);
  check.gaps++;
  forgetCalls(check);
  check.removalCalls.clear();
  check.waiting.clear();
  for (const file of check.files.values()) {
    file.removals.length = 0;
    file.faulting = file.guesses = undefined;
    file.breaking = 0;
    file.broken = line;
    unsettleAll(file);
  }
}
