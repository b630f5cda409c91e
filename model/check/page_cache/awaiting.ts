/**
 * Calls that returned 0 before a folio was seen written. What the folio does next tells: writeback
 * that finds it dirty, or ends only now, proves that the promise was broken; a second dirtying or a
 * removal shows that lines are missing, and proves nothing.
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import type { Where } from "../observation.ts";
import { breachOf, leaveCallOpen } from "./findings.ts";
import { release, surelyTouches } from "./owed.ts";
import { isPlaced } from "./sectors.ts";
import { type FolioUnderCheck, isBefore, type Owed, type PageCacheCheck } from "./subject.ts";
import type { Unjudged } from "./why.ts";

/** What the folio does next. */
type Next =
  | "written"
  | "ended"
  | "dirtied"
  | "removed"
  /** A writeback has ended, nobody knows when. */
  | "unknown";

/** What the folio does next settles what the calls that have returned did to it. */
export function settleAwaiting(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  next: Next,
  where: Where,
): void {
  if (!folio.owed.some(isAwaited)) return;
  for (const owed of [...folio.owed]) {
    const at = owed.returned;
    if (at === undefined) continue;
    // A folio may well be marked dirty while it is under writeback.
    if (next === "dirtied" && owed.stage === "writing") continue;
    if (next === "unknown" && owed.stage === "dirty") continue;
    release(owed);
    if (!surelyTouches(folio, owed.call.range, at.line)) {
      leaveCallOpen(check.findings, owed.call, "size", at);
      continue;
    }
    const shows = owed.stage === "dirty" ? next === "written" : next === "ended";
    if (shows && isBefore(check, at, where)) {
      const breach = breachOfOwed(owed, at, where);
      check.findings.absent.push({ breach, missing: owed.stage === "dirty" ? "write" : "end" });
    } else {
      leaveCallOpen(check.findings, owed.call, whyAwaiting(check, owed), at);
    }
  }
}

function isAwaited({ returned }: Owed): boolean {
  return returned !== undefined;
}

/** The recording is over, and the folio did nothing more: somebody unseen may have written it. */
export function endAwaiting(check: PageCacheCheck, owed: Owed): void {
  const at = owed.returned;
  if (at === undefined) return;
  if (owed.stage === "writing") check.findings.misfit ??= at;
  leaveCallOpen(check.findings, owed.call, whyAwaiting(check, owed), at);
}

/** What is missing of a folio that a call has waited for, or not. */
function whyAwaiting({ probes, sectors }: PageCacheCheck, { stage, folio }: Owed): Unjudged {
  if (stage !== "dirty") return "end";
  const { file, index, pages } = folio;
  const from = index * pageSize;
  return probes || isPlaced(sectors, file.id, from, from + pages * pageSize) ? "write" : "place";
}

/** A call returned 0, and this folio is not safe. */
export function breachOfOwed(
  { call, folio, history, past, written, failed }: Owed,
  at: Where,
  proof: Where,
): ReturnType<typeof breachOf> {
  const seen = [written?.at, failed].filter((where) => where !== undefined);
  return breachOf(call.id, {
    file: folio.file.id,
    pgoffs: [folio.index],
    at,
    proof,
    because: [...history.slice(0, past), call.since, ...seen],
  });
}
