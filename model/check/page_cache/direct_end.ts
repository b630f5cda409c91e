/**
 * A direct write returns: what is cached of its range then, and in which order its end went.
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import { tick } from "../findings.ts";
import type { Where } from "../observation.ts";
import { followPage } from "./direct_after.ts";
import {
  anyPage,
  type DirectPage,
  endOfIo,
  mayBeRefused,
  returns,
  settled,
} from "./direct_world.ts";
import { breachOf, leaveOpen } from "./findings.ts";
import { isCounted, whyUncounted } from "./page_count.ts";
import { folioAround } from "./folio_record.ts";
import { type DirectRequest, isBefore, type PageCacheCheck } from "./subject.ts";

/** Pages of one request that are followed afterwards, where nothing was seen to be cached. */
const mostFollowed = 512;

/**
 * The request has written its bytes up to `to`, and is over.
 *
 * @param phaseOf a page as it is, given how far the request had come
 */
export function judgeEnd(
  check: PageCacheCheck,
  request: DirectRequest,
  to: number,
  where: Where,
  phaseOf: (page: DirectPage) => DirectPage,
): void {
  const { file, range, pages } = request;
  check.findings.numbers.directWrites++;
  if (pages.size > 0) check.findings.numbers.directOverFolios++;
  judgeOrder(check, request, where);
  // Data that no bio was seen to carry may have reached the device at any time.
  const untold = !request.bioless && request.queued === undefined;
  const rivals = [...file.requests].filter((other) =>
    other.writes !== false && other.range.from < to && other.range.to > range.from
  );
  let followed = 0;
  for (let page = Math.floor(range.from / pageSize); page * pageSize < to; page++) {
    const known = pages.get(page);
    if (known === undefined && ++followed > mostFollowed) continue;
    // The last of several that were under way at once is judged.
    if (
      rivals.some(({ range: other }) =>
        other.from < (page + 1) * pageSize && other.to > page * pageSize
      )
    ) continue;
    const { to: set, says } = returns(untold ? phaseOf(anyPage) : known ?? phaseOf(anyPage));
    if (known !== undefined && !untold) {
      takeDown(check, request, page, says.get("COH-1"), where);
    }
    const because = [request.begun, ...request.queued === undefined ? [] : [request.queued], where];
    const whole = page * pageSize >= range.from && (page + 1) * pageSize <= to;
    const single = folioAround(file, page)?.pages ?? 1;
    // Writeback of a folio that has more than the write's bytes may leave these alone.
    const followable = whole && single === 1 ? set : settled(set);
    followPage(file, page, {
      set: request.invalidated === undefined ? mayBeRefused(followable) : followable,
      because,
    });
  }
}

/** What a folio that stays says of COH-1. */
function takeDown(
  check: PageCacheCheck,
  request: DirectRequest,
  page: number,
  says: ReturnType<ReturnType<typeof returns>["says"]["get"]>,
  where: Where,
): void {
  if (says === "kept") tick(check.findings.judged, "COH-1");
  if (says === undefined || says === "kept") return;
  const folio = folioAround(request.file, page);
  // Where a folio was not seen to enter, it may be a part of one that was split, and is gone.
  if (folio?.added === undefined) return;
  const reachable = request.queued ?? request.begun;
  const { uptodate } = folio;
  if (says === "open" || uptodate === undefined || !isBefore(check, uptodate, reachable)) {
    leaveOpen(check.findings, "COH-1", "fill", where);
    return;
  }
  const { invalidated } = request;
  if (invalidated === undefined || !isCounted(folio, invalidated.where)) {
    leaveOpen(check.findings, "COH-1", whyUncounted(folio), where);
    return;
  }
  const breach = breachOf("COH-1", {
    file: request.file.id,
    pgoffs: [page],
    at: where,
    because: [...folio.history, uptodate, request.begun, reachable, invalidated.where],
  });
  check.findings.absent.push({ breach, missing: "removal" });
}

/** What the order of its end says of COH-5, where the extent was unwritten: it was converted. */
function judgeOrder(check: PageCacheCheck, request: DirectRequest, where: Where): void {
  if (!request.ending.includes("converted")) return;
  // Of the lines of two tasks nobody knows whether both are of this request.
  if (new Set(request.endingAt.map(({ pid }) => pid)).size > 1) return;
  const says = endOfIo(request.ending);
  if (says === "kept") tick(check.findings.judged, "COH-5");
  if (says !== "broken") return;
  check.findings.violations.push(breachOf("COH-5", {
    file: request.file.id,
    pgoffs: [Math.floor(request.range.from / pageSize)],
    at: request.endingAt[0] ?? where,
    proof: where,
    because: [request.begun, ...request.endingAt],
  }));
}
