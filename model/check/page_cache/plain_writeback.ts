/**
 * Writeback as plain tracepoints show it, one folio at a time: taken by writeback, on its way by its
 * sectors, arrived. Where a probe shows folios and bios, it is exact, and these lines are not needed.
 *
 * @module
 */
import type { Where } from "../observation.ts";
import { unwrittenSeen, writtenSeen } from "./exposure.ts";
import { flushedBefore } from "./flush_epochs.ts";
import { settleAwaiting } from "./awaiting.ts";
import {
  allArrived,
  createFolioSectors,
  type FolioSectors,
  sectorsArrived,
  sectorsDirty,
  sectorsSent,
} from "./folio_sectors.ts";
import { folioAround, folioOf, forgetMappings, rememberFolio } from "./folio_record.ts";
import { taken, written } from "./folios.ts";
import { pageSize } from "../../page_size.ts";
import type { ExtentSeen, SectorsEndedSeen, SectorsQueuedSeen } from "./sector_observation.ts";
import {
  type BytesOfFile,
  extentLookedUp,
  extentSeen,
  filesOn,
  handedOver,
  overBefore,
} from "./sectors.ts";
import { deviceOf } from "./storage.ts";
import { type FolioUnderCheck, isBefore, type PageCacheCheck, pageCacheFile } from "./subject.ts";

/** Bytes of a file lie somewhere; writeback may be about to write them. */
export function extentFound(check: PageCacheCheck, seen: ExtentSeen): void {
  extentLookedUp(check.sectors, seen);
  // Where probes show what bios carry, no sectors are asked for.
  if (check.probes) return writtenElsewhere(check, seen);
  extentSeen(check.sectors, seen);
  const blockSize = seen.blockSize ?? check.sectors.blockSizes.get(seen.dev);
  if (blockSize === undefined) return;
  const from = seen.first * blockSize;
  const to = from + seen.count * blockSize;
  const bytes = { from, to, where: seen.where };
  if (seen.unwritten === true) unwrittenSeen(check, seen.file, bytes);
  if (seen.unwritten === false) writtenSeen(check, seen.file, bytes);
  if (!seen.dirty) return;
  for (const folio of foliosOf(check, { file: seen.file, from, to })) {
    const sectors = folio.writing?.sectors;
    if (sectors === undefined) continue;
    sectorsDirty(sectors, Math.max(from, startOf(folio)), Math.min(to, endOf(folio)));
  }
}

/** What is on its way goes to another device than the file system's, as a realtime file of XFS does. */
function writtenElsewhere(check: PageCacheCheck, seen: ExtentSeen): void {
  const { dirty, dev, file, first, count, blockSize } = seen;
  if (!dirty || dev === file.dev || blockSize === undefined) return;
  const bytes = { file, from: first * blockSize, to: (first + count) * blockSize };
  for (const { writing } of foliosOf(check, bytes)) {
    if (writing !== undefined) writing.dev = dev;
  }
}

/** A write is handed to a device. */
export function sectorsQueued(check: PageCacheCheck, seen: SectorsQueuedSeen): void {
  for (const earlier of handedOver(check.sectors, seen)) foliosSent(check, earlier);
  foliosSent(check, seen);
}

/** Folios that lie on these sectors, and that the task writes back, are on their way. */
function foliosSent(
  check: PageCacheCheck,
  { where, sectors, metadata }: SectorsQueuedSeen,
): void {
  if (check.probes || metadata) return;
  const task = check.sectors.writepages.get(where.pid);
  for (const bytes of filesOn(check.sectors, sectors)) {
    const own = task !== undefined && task.file.dev === bytes.file.dev &&
      task.file.ino === bytes.file.ino;
    for (const folio of foliosOf(check, bytes)) {
      if (own) takenBetween(check, folio, task.begin, where);
      if (folio.writing?.sectors === undefined) continue;
      folio.writing.dev = sectors.dev;
      sectorsSent(
        folio.writing.sectors,
        Math.max(bytes.from, startOf(folio)),
        Math.min(bytes.to, endOf(folio)),
      );
    }
  }
}

/**
 * Between these lines the folio was declared clean, and is being written. If it was marked dirty in
 * between, too, nobody knows which came first, unless it was clean before: only a dirty folio is written.
 */
function takenBetween(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  begin: Where,
  where: Where,
): void {
  const { writing, dirty, markings, cleaned } = folio;
  if (writing?.sectors !== undefined && writing.begin.line > begin.line && dirty === undefined) {
    return;
  }
  rememberFolio(folio, where);
  // What was declared clean since then may be a part of what is being written, and marked dirty behind it.
  const wasClean = markings === 1 && (cleaned === undefined || cleaned.line < begin.line);
  const surely = dirty === undefined || wasClean || isBefore(check, dirty, begin);
  taken(check, folio, where, createFolioSectors());
  folio.markings = surely ? 0 : undefined;
  if (surely) return;
  // A mapping that was made writable in between may have been so after mkclean.
  forgetMappings(folio);
  for (const owed of folio.owed) if (owed.stage === "writing") owed.unsure = true;
}

/** A write has ended: what it carried has reached the device, or not. */
export function sectorsEnded(check: PageCacheCheck, seen: SectorsEndedSeen): void {
  if (check.probes) return;
  const { where, sectors, failed, request } = seen;
  overBefore(check.sectors, sectors);
  const device = deviceOf(check, sectors.dev);
  if (request && sectors.from === sectors.to) return flushedBefore(device, where);
  // Of a device with a volatile cache, requests show every flush, and that there was none.
  if (request && device.volatile) device.flushes = true;
  for (const bytes of filesOn(check.sectors, sectors)) {
    for (const folio of foliosOf(check, bytes, true)) {
      const from = Math.max(bytes.from, startOf(folio));
      const to = Math.min(bytes.to, endOf(folio));
      const { writing } = folio;
      if (writing?.sectors === undefined) {
        if (!failed) written(check, folio, where, sectors.dev);
        continue;
      }
      if (!sectorsArrived(writing.sectors, from, to)) continue;
      settleAwaiting(check, folio, "ended", where);
      writing.bioEnded = where;
      if (failed) writing.failed = where;
      if (isWritten(folio, writing.sectors)) {
        written(check, folio, where, sectors.dev);
      }
    }
  }
}

/** True if all of the folio that is dirty has arrived; where its size is not known, nobody knows. */
function isWritten({ index, pages, sized }: FolioUnderCheck, sectors: FolioSectors): boolean {
  return (sized || sectors.dirty !== undefined) && allArrived(sectors, index, pages);
}

/** Folios with some of the bytes; pages that no line has shown in the cache are made if `all`. */
function foliosOf(
  check: PageCacheCheck,
  { file, from, to }: BytesOfFile,
  all = false,
): ReadonlySet<FolioUnderCheck> {
  const found = new Set<FolioUnderCheck>();
  const within = pageCacheFile(check, file);
  for (let page = Math.floor(from / pageSize); page * pageSize < to; page++) {
    const folio = folioAround(within, page) ??
      (all ? folioOf(check, { file, index: page, pages: 1, flags: undefined }) : undefined);
    if (folio !== undefined) found.add(folio);
  }
  return found;
}

function startOf({ index }: FolioUnderCheck): number {
  return index * pageSize;
}

function endOf({ index, pages }: FolioUnderCheck): number {
  return (index + pages) * pageSize;
}
