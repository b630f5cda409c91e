/**
 * The flush that a sync call itself waits for. What the device's cache holds of a file is never known
 * in full: direct writes, writeback before the recording. So a call that returns 0 after its flush has
 * failed, and no other has succeeded, has promised what it cannot know.
 *
 * @module
 */
import type { Where } from "../observation.ts";
import { breachOf } from "./findings.ts";
import { coverage } from "./flush_epochs.ts";
import { judgeReturn, owedAt } from "./promise.ts";
import { diskOfFile } from "./storage.ts";
import { isBefore, type PageCacheCheck, type SyncCallInFlight } from "./subject.ts";

/** False if every flush of the device since the call was entered has failed, and one has. */
export function judgeOwnFlush(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  where: Where,
): boolean {
  const covered = coverage(
    diskOfFile(check, call.file.id),
    call.since,
    (one, other) => isBefore(check, one, other),
  );
  if (covered.kind !== "bare" || covered.failed === undefined) return true;
  const { begin, failed } = covered.failed;
  if (judgeReturn(owedAt("cached")).get("DUR-1") !== "broken") return true;
  // That no other flush has succeeded is an absence: a text without all of its lines may lack it.
  const breach = breachOf(call.id, {
    file: call.file.id,
    pgoffs: [],
    at: where,
    because: [call.since, begin, ...failed === undefined ? [] : [failed]],
  });
  check.findings.absent.push({ breach, missing: "flush" });
  return false;
}
