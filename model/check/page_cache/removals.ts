/**
 * Hole punches, truncations, and ranges that collapse, against reads and writeback (INV-1 to INV-5): what
 * was cached and under way when the call began, and what is left of it when it returns
 * (`removal_world.ts`).
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import type { Where } from "../observation.ts";
import type { ByteRange } from "./byte_range.ts";
import { breachOf, leaveOpen } from "./findings.ts";
import { isCounted } from "./page_count.ts";
import { foliosIn } from "./folio_record.ts";
import { tick } from "../findings.ts";
import type { FolioEvent } from "./observation.ts";
import type {
  CutBegunSeen,
  CutEndedSeen,
  RemovalBegunSeen,
  RemovalEndedSeen,
} from "./removal_observation.ts";
import { judgeStory, type RemovalHappening } from "./removal_world.ts";
import {
  type FolioUnderCheck,
  isBefore,
  type PageCacheCheck,
  type PageCacheFile,
  pageCacheFile,
  type PageRemovalInFlight,
} from "./subject.ts";

/** A call that takes pages from a file begins. */
export function removalBegun(check: PageCacheCheck, seen: RemovalBegunSeen): void {
  const file = pageCacheFile(check, seen.file);
  const removal: PageRemovalInFlight = {
    since: seen.since,
    file,
    why: seen.why,
    range: seen.range,
    met: new Map(),
    cut: undefined,
    rivals: [],
  };
  file.cuts++;
  file.reaches = 0;
  check.removals.set(seen.call, removal);
  file.removals.add(removal);
  for (const folio of foliosIn(file, seen.range)) {
    if (!isInside(folio, seen.range)) continue;
    const { reading, writing, dirty } = folio;
    removal.met.set(folio, {
      folio,
      reading: reading !== undefined && isBefore(check, reading.at, seen.since)
        ? reading
        : undefined,
      writing: writing !== undefined && isBefore(check, writing.begin, seen.since)
        ? writing
        : undefined,
      dirty: dirty !== undefined && isBefore(check, dirty, seen.since),
      uptodate: folio.uptodate,
    });
  }
}

function isInside({ index, pages }: FolioUnderCheck, { from, to }: ByteRange): boolean {
  return index * pageSize >= from && (index + pages) * pageSize <= to;
}

/** `truncate_inode_pages_range` is entered: whoever removes holds invalidate_lock exclusive. */
export function cutBegun(check: PageCacheCheck, seen: CutBegunSeen): void {
  const removal = check.removals.get(seen.call);
  if (removal !== undefined) {
    removal.cut = { begun: seen.where, range: seen.range, ended: undefined, added: [] };
  }
}

/** `truncate_inode_pages_range` has returned. */
export function cutEnded(check: PageCacheCheck, seen: CutEndedSeen): void {
  const removal = check.removals.get(seen.call);
  const cut = removal?.cut;
  if (removal === undefined || cut === undefined || cut.ended !== undefined) return;
  const { from, to } = seen.range;
  if (cut.range.from !== from || cut.range.to !== to) {
    // The return of the first, or the entry of this one, is missing.
    removal.cut = undefined;
    return;
  }
  cut.ended = seen.where;
  for (const { where, page } of cut.added) {
    if (isBefore(check, where, seen.where)) removal.rivals.push({ where, page, cut });
  }
  removal.file.lastCut = { by: seen.where.pid, ended: seen.where };
  for (const { folio, reading, writing } of removal.met.values()) {
    if (reading !== undefined && folio.reading !== reading) {
      takeKept(check, "INV-1", "onDisk", ["added", "lookedUp", "filled"]);
    }
    if (writing?.over === true) {
      takeKept(check, "INV-2", "cached", ["dirtied", "begun"]);
    }
  }
}

function takeKept(
  { findings }: PageCacheCheck,
  id: string,
  start: Parameters<typeof judgeStory>[1],
  story: readonly RemovalHappening[],
): void {
  if (judgeStory(id, start, story) === "kept") tick(findings.judged, id);
}

/** The call has returned: the blocks are gone from the block map. */
export function removalEnded(check: PageCacheCheck, seen: RemovalEndedSeen): void {
  const removal = check.removals.get(seen.call);
  if (removal === undefined) return;
  check.removals.delete(seen.call);
  removal.file.removals.delete(removal);
  if (seen.locks) judgeRivals(check, removal);
  if (seen.result !== 0) return;
  check.findings.numbers.removals++;
  if (removal.why === "collapse" || removal.why === "insert" || removal.why === "layout") return;
  let gone = 0;
  for (const { folio, reading, writing, uptodate } of removal.met.values()) {
    const stays = isCachedStill(removal, folio);
    if (!stays) gone++;
    else if (uptodate !== undefined) judgeSurvivor(check, removal, folio, uptodate, seen.where);
    // A zeroed range keeps its blocks: what was read from them, or goes to them, is its own.
    if (removal.why === "zero_range") continue;
    if (stays && reading !== undefined && folio.reading === reading) {
      folio.stale = { removal, where: seen.where };
    }
    if (writing === undefined || writing.over) continue;
    for (const bio of writing.bios) {
      if (check.bios.get(bio)?.folios.has(folio) !== true) continue;
      check.strayWrites.set(bio, { removal, folio, writing, where: seen.where });
    }
  }
  if (gone > 0) takeKept(check, "INV-4", "cached", ["removed", "gone", "read"]);
}

/** True if the very folio that the call has met is still cached. */
function isCachedStill({ file, since }: PageRemovalInFlight, folio: FolioUnderCheck): boolean {
  if (file.folios.get(folio.index) !== folio) return false;
  return folio.added === undefined || folio.added.line < since.line;
}

/** A folio has outlived the call: whoever reads it sees what was removed. */
function judgeSurvivor(
  check: PageCacheCheck,
  removal: PageRemovalInFlight,
  folio: FolioUnderCheck,
  uptodate: Where,
  where: Where,
): void {
  if (judgeStory("INV-4", "cached", ["gone", "read"]) !== "broken") return;
  const { cut } = removal;
  // It may be a part of a folio that was split, and gone.
  if (folio.added === undefined) return;
  const ended = cut?.ended;
  const isOld = isCounted(folio, ended) && isBefore(check, uptodate, removal.since);
  if (cut === undefined || ended === undefined || !isOld) {
    leaveOpen(check.findings, "INV-4", "removal", where);
    return;
  }
  const breach = breachOf("INV-4", {
    file: folio.file.id,
    pgoffs: [folio.index],
    at: where,
    because: [...folio.history, removal.since, cut.begun, ended],
  });
  check.findings.absent.push({ breach, missing: "removal" });
}

/** Folios that others have added while the lock was held exclusive. */
function judgeRivals(
  { findings }: PageCacheCheck,
  { file, rivals, since }: PageRemovalInFlight,
): void {
  if (rivals.length === 0) return;
  if (judgeStory("INV-3", "onDisk", ["locked", "added"]) !== "broken") return;
  for (const { where, page, cut: { begun, ended } } of rivals) {
    findings.violations.push(breachOf("INV-3", {
      file: file.id,
      pgoffs: [page],
      at: where,
      proof: ended ?? where,
      because: [since, begun],
    }));
  }
}

/** A folio enters or leaves the cache, for the removals on its file. */
export function removalFolio(
  check: PageCacheCheck,
  file: PageCacheFile,
  event: FolioEvent,
): void {
  const { kind, where, since, folio: seen } = event;
  if (kind === "folio_removed") file.pageCount -= seen.pages ?? 1;
  if (kind === "folio_added") {
    file.pageCount += seen.pages ?? 1;
    if (event.copying === true) return;
    for (const { cut } of file.removals) {
      if (cut === undefined || cut.ended !== undefined || cut.begun.pid === where.pid) continue;
      if (isBefore(check, cut.begun, where)) cut.added.push({ where, page: seen.index });
    }
    const { lastCut } = file;
    // It may have waited for the lock, and added its folio after that.
    if (lastCut === undefined || lastCut.by === where.pid) return;
    if (since.line < lastCut.ended.line && isBefore(check, lastCut.ended, where)) {
      takeKept(check, "INV-3", "onDisk", ["locked", "unlocked", "addedUnderLock"]);
    }
  }
}

/** A bio ends that was under way when the page's blocks were removed. */
export function strayWriteEnded(check: PageCacheCheck, bio: string, where: Where): void {
  const stray = check.strayWrites.get(bio);
  if (stray === undefined) return;
  check.strayWrites.delete(bio);
  const { removal, folio, writing, where: returned } = stray;
  if (!isBefore(check, returned, where)) return;
  if (judgeStory("INV-2", "cached", ["dirtied", "begun", "gone"]) !== "broken") return;
  const breach = breachOf("INV-2", {
    file: folio.file.id,
    pgoffs: [folio.index],
    at: returned,
    proof: where,
    because: [writing.begin, removal.since],
  });
  check.findings.absent.push({ breach, missing: "end" });
}

/** A read of the folio has ended: it was begun before its block was removed, or not. */
export function folioRead(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  const { reading, stale } = folio;
  folio.reading = undefined;
  folio.stale = undefined;
  if (stale === undefined || reading === undefined || !isBefore(check, stale.where, where)) return;
  if (judgeStory("INV-1", "onDisk", ["added", "lookedUp", "gone", "filled"]) !== "broken") return;
  const breach = breachOf("INV-1", {
    file: folio.file.id,
    pgoffs: [folio.index],
    at: where,
    because: [reading.at, stale.removal.since, stale.where],
  });
  check.findings.absent.push({ breach, missing: "end" });
}

/** A folio is about to leave the page cache: within a call that moves it, it must be clean (INV-5). */
export function folioLeaves(check: PageCacheCheck, folio: FolioUnderCheck, where: Where): void {
  for (const removal of folio.file.removals) {
    const { why, cut, range, met } = removal;
    if (why !== "collapse" && why !== "insert") continue;
    const before = met.get(folio);
    if (before?.dirty !== true || cut?.begun.pid !== where.pid || cut.ended !== undefined) continue;
    if (!isInside(folio, range)) continue;
    if (folio.dirty === undefined) {
      takeKept(check, "INV-5", "cached", ["collapsed"]);
      continue;
    }
    if (!check.probes || !othersClean(check, where.pid)) {
      leaveOpen(check.findings, "INV-5", "write", where);
      continue;
    }
    if (judgeStory("INV-5", "cached", ["dirtied", "collapsed"]) !== "broken") continue;
    const breach = breachOf("INV-5", {
      file: folio.file.id,
      pgoffs: [folio.index],
      at: where,
      because: [...folio.history, removal.since, cut.begun],
    });
    check.findings.absent.push({ breach, missing: "write" });
  }
}

/**
 * True if the recording has other tasks that clean folios, as the journal's thread and the flusher do. Else
 * one of those may have cleaned it: a recording of some tasks alone does not say that it is one.
 */
function othersClean({ cleaners }: PageCacheCheck, pid: number): boolean {
  return cleaners.size > (cleaners.has(pid) ? 1 : 0);
}
