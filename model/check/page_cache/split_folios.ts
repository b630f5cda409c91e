/**
 * Pieces of a large folio that was split while it was dirty, or its data in the device's cache: each is a
 * folio of its own, as dirty as that was, and a sync call owes it (DUR-1, DUR-2).
 *
 * A truncate or a punch of a part splits a folio, and so does madvise; no line tells. That it was split is
 * known by the next line of a folio that is a part of it. What the others are is known when a line tells of
 * each: until then only their pages are kept here.
 *
 * Source: mm/truncate.c, truncate_inode_partial_folio(); mm/huge_memory.c, __split_huge_page_tail(), which
 * copies PG_dirty; fs/iomap/buffered-io.c, iomap_release_folio(), which refuses a dirty folio only where it
 * keeps a state of each block: that of a folio that was written as a whole has none.
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import type { Moment, Where } from "../observation.ts";
import type { ByteRange } from "./byte_range.ts";
import { leaveCallOpen } from "./findings.ts";
import { coverage } from "./flush_epochs.ts";
import type { DeviceCached } from "./folio_parts.ts";
import { folioAround, folioIn, forgetContent, forgetMappings } from "./folio_record.ts";
import type { FolioEvent, FolioEventKind } from "./observation.ts";
import { oweFolio } from "./owed.ts";
import type { Pieces } from "./pieces.ts";
import { deviceOf, diskOfFile } from "./storage.ts";
import {
  type FolioUnderCheck,
  isBefore,
  type PageCacheCheck,
  type PageCacheFile,
  type SyncCallInFlight,
} from "./subject.ts";

/** Pieces, and the calls that have owed them. */
type PiecesOwed = Pieces<SyncCallInFlight>;

/** A line tells of a folio: it may be a piece of one that was split. */
export function noticePieces(check: PageCacheCheck, file: PageCacheFile, event: FolioEvent): void {
  const { index, pages } = event.folio;
  const known = file.folios.get(index);
  if (known === undefined) {
    const around = folioAround(file, index);
    if (around !== undefined) split(check, around, 1, event.where);
  } else if (pages !== undefined && pages < known.pages && event.kind !== "folio_added") {
    split(check, known, pages, event.where);
  }
  if (file.pieces.length > 0) tell(check, file, event);
}

/** The folio has at most these of its pages, from the first on. */
function split(check: PageCacheCheck, folio: FolioUnderCheck, pages: number, where: Where): void {
  forgetContent(folio);
  forgetMappings(folio);
  const { file, index, history, sizedAt, splitAt } = folio;
  if (splitAt === undefined || (sizedAt ?? 0) >= splitAt) folio.splitAt = where.line;
  // What happened to it after it was seen to be split, and before a line told what is left, was not to all.
  const ofAll = (at: Where | undefined): Where | undefined =>
    at === undefined || at.line >= (folio.splitAt ?? 0) ? undefined : at;
  const dirty = ofAll(folio.dirty);
  const inCache = arrivedOf(folio);
  const perhaps = inCache === undefined ? ofAll(folio.writing?.begin) : undefined;
  const cached = ofAll(inCache?.at) === undefined || isCovered(check, inCache)
    ? undefined
    : inCache;
  if (dirty === undefined && perhaps === undefined && cached === undefined) return;
  const state = isWhole(check, file)
    ? { ...written, cached: { dev: diskOfFile(check, file.id).dev, at: where } }
    : { dirty, marked: dirty === undefined ? undefined : folio.marked, perhaps, cached };
  file.pieces.push({
    ...state,
    from: index + pages,
    to: index + folio.pages,
    history: [...history],
    returned: new Map(),
  });
  folio.pages = pages;
  folio.sized = false;
}

/**
 * What of the folio has reached the device. What is under writeback is not split: where nothing of it is on
 * its way any more, all that writeback has found dirty has arrived, though no line tells how much that was.
 */
function arrivedOf({ writing, cached }: FolioUnderCheck): DeviceCached | undefined {
  if (writing === undefined) return cached;
  const { sectors, bioEnded, dev } = writing;
  return sectors?.pending.size === 0 && bioEnded !== undefined ? { at: bioEnded, dev } : undefined;
}

/** Of a part that was written before the split. */
const written = { dirty: undefined, marked: undefined, perhaps: undefined } as const;

/**
 * True for a file of ext4, which has a buffer head for each block. A folio with one that is dirty, or being
 * written, is not split (`filemap_release_folio()`, `drop_buffers()`): where a line tells of a part, the others
 * had been written by then, or were cut off.
 */
function isWhole({ logging }: PageCacheCheck, { id }: PageCacheFile): boolean {
  return logging.has(id.dev);
}

/** What a line says of a folio that is a piece: it is dirty still, or is being written. */
const keeps: ReadonlySet<FolioEventKind> = new Set(
  ["folio_redirtied", "folio_cleaned", "folio_taken", "writeback_begun", "folio_copied"],
);

/** The pieces that a line tells of are no longer among those that none has told of. */
function tell(check: PageCacheCheck, file: PageCacheFile, event: FolioEvent): void {
  const { kind, folio: { index, pages } } = event;
  if (kind === "folio_dirtied" && pages === undefined) doubt(check, file, index);
  for (const [each] of cutOut(file, index, index + (pages ?? 1))) {
    if (!keeps.has(kind) || !becomesFolio(check, file, event, each)) endReturned(check, each);
  }
}

/** A folio that begins here was clean, and is marked dirty: no line tells which pages behind it are its own. */
function doubt(check: PageCacheCheck, file: PageCacheFile, index: number): void {
  const next = file.pieces.find(({ from, to }) => from <= index + 1 && index + 1 < to);
  if (next === undefined) return;
  for (const [each, range] of cutOut(file, index, next.to)) {
    endReturned(check, each);
    const { dirty, perhaps = dirty } = each;
    file.pieces.push({
      ...each,
      ...range,
      dirty: undefined,
      marked: undefined,
      perhaps,
      returned: new Map(),
    });
  }
}

/** Takes the pages out of what is kept; returns what had some of them, and which. */
function cutOut(
  file: PageCacheFile,
  first: number,
  end: number,
): readonly (readonly [PiecesOwed, { readonly from: number; readonly to: number }])[] {
  return file.pieces.filter(({ from, to }) => from < end && to > first).map((each) => {
    const left = [{ ...each, to: first }, { ...each, from: end }]
      .filter(({ from, to }) => from < to)
      .map((part) => ({ ...part, returned: new Map(each.returned) }));
    file.pieces.splice(file.pieces.indexOf(each), 1, ...left);
    return [each, { from: Math.max(each.from, first), to: Math.min(each.to, end) }];
  });
}

/**
 * A piece is a folio of its own, and what was to be done with it is to be done yet. False if it is the folio
 * that was split, or another that is dirty, which has more pages than was known.
 */
function becomesFolio(
  check: PageCacheCheck,
  file: PageCacheFile,
  { folio: seen, where }: FolioEvent,
  { dirty, marked, perhaps, cached, history, returned }: PiecesOwed,
): boolean {
  const folio = folioIn(check, file, seen);
  if (folio.dirty !== undefined || folio.writing !== undefined) return false;
  folio.dirty = dirty;
  folio.marked = marked;
  folio.cached = cached;
  folio.history = [...history];
  if (dirty !== undefined || cached !== undefined) file.unsafe.add(folio);
  const ofSyncfs = check.syncfs.values().flatMap(({ calls }) => calls);
  for (const call of [...check.calls.values(), ...ofSyncfs]) {
    if (call.file !== file) continue;
    if (dirty !== undefined || perhaps === undefined) oweFolio(check, call, folio, undefined);
    else leaveCallOpen(check.findings, call, "pieces", where);
  }
  for (const [call, at] of returned) oweFolio(check, call, folio, at);
  return true;
}

/** True if the call owes no piece of which no line has told. Those that it owes are waited for. */
export function piecesWritten(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  where: Where,
): boolean {
  const { file, range, since } = call;
  let written = true;
  for (const each of piecesIn(file, range)) {
    const { dirty, marked, perhaps, cached } = each;
    const at = dirty === undefined ? perhaps ?? cached?.at : marked;
    if (at === undefined || !isBefore(check, at, since)) continue;
    if (dirty === undefined && perhaps === undefined && isCovered(check, cached)) {
      file.pieces.splice(file.pieces.indexOf(each), 1);
      continue;
    }
    written = false;
    if (dirty === undefined) leaveCallOpen(check.findings, call, "pieces", where);
    else each.returned.set(call, where);
  }
  return written;
}

/** True if a flush has surely covered what is in the device's cache, or if nothing is. */
function isCovered(check: PageCacheCheck, cached: DeviceCached | undefined): boolean {
  if (cached === undefined) return true;
  const before = (one: Moment, other: Moment): boolean => isBefore(check, one, other);
  return coverage(deviceOf(check, cached.dev), cached.at, before).kind === "covered";
}

/** Pieces with bytes of the range, of which no line has told. */
export function piecesIn(
  { pieces }: PageCacheFile,
  range: ByteRange | undefined,
): readonly PiecesOwed[] {
  if (range === undefined) return [...pieces];
  return pieces.filter(({ from, to }) => from * pageSize < range.to && to * pageSize > range.from);
}

/** What becomes of the pieces will not be known: they are gone, or the recording is over. */
export function endReturned(check: PageCacheCheck, { returned }: PiecesOwed): void {
  for (const [call, at] of returned) leaveCallOpen(check.findings, call, "pieces", at);
}
