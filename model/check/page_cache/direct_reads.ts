/**
 * Direct reads (COH-4): what was dirty in their range when they began is written before the device reads.
 *
 * A folio that was not seen written is looked at again: writeback that finds it dirty, or that ends only
 * after the device was asked, is the proof.
 *
 * @module
 */
import { tick } from "../findings.ts";
import { judgeDirectRead } from "./direct_world.ts";
import { breachOf, leaveOpen } from "./findings.ts";
import { foliosIn } from "./folio_record.ts";
import { surelyTouches } from "./owed.ts";
import { piecesIn } from "./split_folios.ts";
import type { BioQueuedSeen, FolioEvent } from "./observation.ts";
import {
  type DirectRequest,
  type FolioUnderCheck,
  isBefore,
  type PageCacheCheck,
  type PageCacheFile,
} from "./subject.ts";

/** A direct read begins. */
export function directReadBegun(check: PageCacheCheck, request: DirectRequest): void {
  const { file, range, begun } = request;
  for (const folio of foliosIn(file, range)) {
    const { dirty, writing } = folio;
    const at = dirty ?? writing?.begin;
    if (at === undefined || !isBefore(check, at, begun)) continue;
    request.unwritten.set(folio, dirty === undefined ? "writing" : "dirty");
  }
}

/** The device is asked for the data of a direct read. */
export function directReadQueued(
  check: PageCacheCheck,
  request: DirectRequest,
  { where }: BioQueuedSeen,
): void {
  if (request.queued !== undefined) return;
  request.queued = where;
  if (!check.probes) return;
  if (piecesIn(request.file, request.range).length > 0) {
    leaveOpen(check.findings, "COH-4", "pieces", where);
  }
  for (const [folio, stage] of request.unwritten) {
    if (!isThere(folio)) continue;
    if (stage === "written") {
      if (judgeDirectRead(true) === "kept") tick(check.findings.judged, "COH-4");
    } else folio.file.unread.set(folio, { request, where, stage });
  }
}

function isThere(folio: FolioUnderCheck): boolean {
  return folio.file.folios.get(folio.index) === folio;
}

/** A line of a folio that a direct read has not seen written. */
export function unreadFolio(
  check: PageCacheCheck,
  { unread, folios, requests }: PageCacheFile,
  { kind, where, folio: seen }: FolioEvent,
): void {
  if (requests.size === 0 && unread.size === 0) return;
  for (const { unwritten } of requests) {
    const folio = unwritten.size === 0 ? undefined : folios.get(seen.index);
    const stage = folio && unwritten.get(folio);
    if (folio === undefined || stage === undefined) continue;
    if (kind === "writeback_begun" && stage === "dirty") unwritten.set(folio, "writing");
    if (kind === "writeback_ended" && stage === "writing") unwritten.set(folio, "written");
  }
  if (unread.size === 0) return;
  for (const [folio, { request, where: queued, stage }] of unread) {
    if (folio.index !== seen.index) continue;
    if (kind === "folio_copied" || (kind === "folio_dirtied" && stage === "writing")) continue;
    unread.delete(folio);
    const shows = stage === "dirty"
      ? kind === "folio_cleaned" || kind === "writeback_begun"
      : kind === "writeback_ended";
    const isProven = shows && folios.get(folio.index) === folio && isBefore(check, queued, where) &&
      surelyTouches(folio, request.range, queued.line);
    if (!isProven || judgeDirectRead(false) !== "broken") {
      leaveOpen(check.findings, "COH-4", stage === "dirty" ? "write" : "end", queued);
      continue;
    }
    const breach = breachOf("COH-4", {
      file: folio.file.id,
      pgoffs: [folio.index],
      at: queued,
      proof: where,
      because: [...folio.history, request.begun],
    });
    check.findings.absent.push({ breach, missing: stage === "dirty" ? "write" : "end" });
  }
}
