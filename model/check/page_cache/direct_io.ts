/**
 * Direct I/O against the page cache (COH-1, COH-2, COH-5): what a direct write meets in its range while it
 * is under way, what stays cached when it returns, and what becomes of that (`direct_world.ts`).
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import type { Where } from "../observation.ts";
import { judgeEnd } from "./direct_end.ts";
import { stepAfter } from "./direct_after.ts";
import {
  anyPage,
  type CachedPage,
  type DirectPage,
  folioHappens,
  type FolioOfPage,
  isMisfit,
  pageOf,
  reaches,
  refuses,
} from "./direct_world.ts";
import { directReadBegun, directReadQueued } from "./direct_reads.ts";
import { folioAround, foliosIn } from "./folio_record.ts";
import type {
  DirectBegunSeen,
  DirectEndedSeen,
  DirectEndingSeen,
  DirectInvalidatedSeen,
  FolioFoundSeen,
} from "./direct_observation.ts";
import type { BioEndedSeen, BioQueuedSeen, FolioEvent, FolioEventKind } from "./observation.ts";
import {
  type DirectRequest,
  type FolioUnderCheck,
  type PageCacheCheck,
  type PageCacheFile,
  pageCacheFile,
} from "./subject.ts";

/** Direct I/O begins. */
export function directBegun(check: PageCacheCheck, seen: DirectBegunSeen): void {
  const file = pageCacheFile(check, seen.file);
  const request: DirectRequest = {
    begun: seen.where,
    file,
    range: seen.range,
    writes: seen.writes,
    unwritten: new Map(),
    pages: new Map(),
    bios: new Set(),
    bytes: 0,
    queued: undefined,
    // As long as no bio of a request was seen, nobody knows when data reaches the device.
    bioless: !check.directBios.has(seen.file.dev),
    invalidated: undefined,
    ending: [],
    endingAt: [],
  };
  check.requests.set(seen.request, request);
  file.requests.add(request);
  if (seen.writes === false) return directReadBegun(check, request);
  for (const folio of foliosIn(file, request.range)) {
    for (const page of pagesIn(folio.index, folio.pages, request)) {
      request.pages.set(page, phaseOf(request, pageOf(cachedAs(folio))));
    }
  }
  if (request.bioless) replaces(request);
}

/** From here on the request's data may take the place of what others wrote before. */
function replaces(request: DirectRequest): void {
  const { afterDirect } = request.file;
  for (const page of afterDirect.keys()) if (covers(request, page)) afterDirect.delete(page);
}

/** What may be cached for the pages of a folio, as far as its lines tell. */
function cachedAs({ dirty, writing, uptodate, added }: FolioUnderCheck): readonly CachedPage[] {
  if (dirty !== undefined || writing !== undefined) return ["clean", "dirty", "writing"];
  if (uptodate !== undefined) return ["clean"];
  return added === undefined ? ["filling", "clean", "dirty", "writing"] : ["filling", "clean"];
}

/** Pages of a run that the request covers, in part at least. */
function* pagesIn(index: number, pages: number, request: DirectRequest): Generator<number> {
  for (let page = index; page < index + pages; page++) if (covers(request, page)) yield page;
}

function covers({ range: { from, to } }: DirectRequest, page: number): boolean {
  return page * pageSize < to && (page + 1) * pageSize > from;
}

/** The page as it is now that the request has come as far as it has. */
function phaseOf(request: DirectRequest, page: DirectPage): DirectPage {
  if (hasReached(request)) return reaches(page, true);
  return request.bioless || request.queued !== undefined ? reaches(page, false) : page;
}

function hasReached({ bios, bytes, range }: DirectRequest): boolean {
  return bios.size === 0 && bytes >= range.to - range.from;
}

function everyPage(request: DirectRequest, what: (page: DirectPage) => DirectPage): void {
  for (const [index, page] of request.pages) request.pages.set(index, what(page));
}

/** The request turns out to write, or to read. */
export function directTold(
  check: PageCacheCheck,
  { request: id, writes }: { readonly request: number; readonly writes: boolean },
): void {
  const request = check.requests.get(id);
  if (request === undefined) return;
  request.writes ??= writes;
  if (!writes) request.pages.clear();
}

/** A bio is handed to the device by the task of a request. True if it carries the request's data. */
export function requestQueued(
  check: PageCacheCheck,
  request: DirectRequest,
  seen: BioQueuedSeen,
): boolean {
  const { where, bio, dev, bytes, operation } = seen;
  if (dev !== request.file.id.dev || bytes === 0 || operation === "other") return false;
  request.writes ??= operation === "write";
  if (request.writes === false) {
    // What it writes itself, before it reads, is what was dirty.
    if (operation === "read") directReadQueued(check, request, seen);
    return false;
  }
  if (operation === "read") return false;
  check.directBios.add(dev);
  request.bios.add(bio);
  request.bytes += bytes;
  if (request.queued === undefined) replaces(request);
  request.queued ??= where;
  everyPage(request, (page) => phaseOf(request, page));
  return true;
}

/** A bio with a part of the request's data has ended. */
export function requestEnded(request: DirectRequest, { bio }: BioEndedSeen): void {
  request.bios.delete(bio);
  everyPage(request, (page) => phaseOf(request, page));
}

/** `invalidate_inode_pages2_range` has returned within the request. */
export function directInvalidated(check: PageCacheCheck, seen: DirectInvalidatedSeen): void {
  const request = check.requests.get(seen.request);
  if (request === undefined || !seen.again) return;
  request.invalidated = { where: seen.where, failed: seen.failed };
  if (seen.failed) everyPage(request, refuses);
}

/** The end of the I/O: an extent is converted, or the second invalidation begins. */
export function directEnding(check: PageCacheCheck, seen: DirectEndingSeen): void {
  const request = check.requests.get(seen.request);
  request?.ending.push(seen.kind === "direct_converted" ? "converted" : "invalidatedAgain");
  request?.endingAt.push(seen.where);
}

/** The request is over. */
export function directEnded(check: PageCacheCheck, seen: DirectEndedSeen): void {
  const request = check.requests.get(seen.request);
  if (request === undefined) return;
  check.requests.delete(seen.request);
  request.file.requests.delete(request);
  for (const bio of request.bios) check.bios.delete(bio);
  if (request.writes === false && (seen.result ?? 0) > 0) check.findings.numbers.directReads++;
  if (seen.result === undefined || seen.result <= 0 || request.writes !== true) return;
  const to = Math.min(request.range.to, request.range.from + seen.result);
  judgeEnd(check, request, to, seen.where, (page) => phaseOf(request, page));
}

const happensTo: Partial<Readonly<Record<FolioEventKind, FolioOfPage>>> = {
  folio_added: "added",
  folio_removed: "removed",
  folio_dirtied: "dirtied",
  folio_copied: "dirtied",
  writeback_begun: "begun",
  writeback_ended: "ended",
};

/** A line of a folio, for the direct I/O on its file. */
export function directFolio(
  check: PageCacheCheck,
  file: PageCacheFile,
  folio: FolioUnderCheck | undefined,
  { kind, where, folio: seen }: FolioEvent,
): void {
  if (folio !== undefined && (seen.flags?.uptodate === true || kind === "writeback_begun")) {
    folioFound(check, folio, where);
  }
  if (file.requests.size === 0 && file.afterDirect.size === 0) return;
  const what = happensTo[kind];
  if (what === undefined) return;
  const pages = seen.pages ?? folio?.pages ?? 1;
  for (let page = seen.index; page < seen.index + pages; page++) {
    if (kind === "folio_copied") file.afterDirect.delete(page);
    happens(check, file, page, what, where);
  }
}

/** The folio is uptodate. */
export function folioFound(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  folio.uptodate ??= where;
  const { file, index, pages } = folio;
  if (file.requests.size === 0 && file.afterDirect.size === 0) return;
  for (let page = index; page < index + pages; page++) {
    happens(check, file, page, "uptodate", where);
  }
}

/** A read or a fault has found the page's folio uptodate. */
export function pageFound(check: PageCacheCheck, { where, file, pgoff }: FolioFoundSeen): void {
  const folio = folioAround(pageCacheFile(check, file), pgoff);
  if (folio !== undefined) folioFound(check, folio, where);
}

function happens(
  check: PageCacheCheck,
  file: PageCacheFile,
  page: number,
  what: FolioOfPage,
  where: Where,
): void {
  for (const request of file.requests) {
    if (request.writes === false || !covers(request, page)) continue;
    const known = request.pages.get(page) ?? phaseOf(request, anyPage);
    const next = phaseOf(request, folioHappens(known, what));
    request.pages.set(page, isMisfit(next) ? phaseOf(request, anyPage) : next);
  }
  stepAfter(check, file, page, what, where);
}
