/**
 * Judges what a recording shows of files in the page cache. Like `check.ts` it has no rule of its own:
 * it steps small worlds of the model by what each line says, and asks the model's invariants.
 *
 * @module
 */
import {
  directBegun,
  directEnded,
  directEnding,
  directFolio,
  directInvalidated,
  directTold,
  pageFound,
} from "./direct_io.ts";
import { unreadFolio } from "./direct_reads.ts";
import { endAwaiting } from "./awaiting.ts";
import {
  bioEnded,
  bioPassedOn,
  bioQueued,
  flushRequest,
  flushReturned,
  folioInBio,
  preflushEnded,
  preflushQueued,
} from "./bios.ts";
import { descriptorClosed, errorChecked, errorRecorded } from "./errors.ts";
import { checkFolio, folioMarked } from "./folios.ts";
import { fileCut, judgeUnsent } from "./folio_blocks.ts";
import { forgetContent, forgetMappings } from "./folio_record.ts";
import {
  blocksMapped,
  fastCommitBegun,
  fastCommitEnded,
  inodeTracked,
  noneCounted,
} from "./fast_commits.ts";
import { commitBegun, commitClosed, commitEnded, commitOf, committedUpTo } from "./journal.ts";
import { pinnedDirtied } from "./pins.ts";
import { listDirty } from "./marks.ts";
import { exposedBy } from "./exposure.ts";
import { inodeInLog } from "./inode_in_log.ts";
import { checkFaultMarked, checkMadeWritable, checkPageStore } from "./mappings.ts";
import type { FolioEvent, FoliosChangedSeen, PageCacheObservation } from "./observation.ts";
import type {
  CommitSeen,
  FastCommitEndedSeen,
  FastCommitObservation,
  LogForcedSeen,
} from "./journal_observation.ts";
import { extentFound, sectorsEnded, sectorsQueued } from "./plain_writeback.ts";
import type { SectorObservation } from "./sector_observation.ts";
import { blockSizeSeen, createSectorMaps, writepagesSeen } from "./sectors.ts";
import { deviceOf, journalOf } from "./storage.ts";
import { isBefore, type PageCacheCheck, pageCacheFile } from "./subject.ts";
import { pagesCounted } from "./page_count.ts";
import { endReturned, noticePieces } from "./split_folios.ts";
import { cutBegun, cutEnded, removalBegun, removalEnded, removalFolio } from "./removals.ts";
import { changeBegun, changeEnded, valueRead } from "./values.ts";
import { processBorn } from "./memories.ts";
import { createValues } from "./page_values.ts";
import { silentSync } from "./silent_syncs.ts";
import { syncfs } from "./syncfs.ts";
import { syncMapping, syncPageMapped } from "./sync_mappings.ts";
import { syncEntered, syncLeft, syncTold } from "./sync_calls.ts";

export { createPageCacheCheck } from "./empty_check.ts";

/** Takes the check past one observation. Observations come in the order of their lines. */
export function checkPageCache(check: PageCacheCheck, seen: PageCacheObservation): void {
  switch (seen.kind) {
    case "folio_added":
    case "folio_removed":
    case "folio_dirtied":
    case "folio_cleaned":
    case "folio_taken":
    case "folio_redirtied":
    case "folio_copied":
    case "writeback_begun":
    case "writeback_ended":
      return folioEvent(check, seen);
    case "folio_marked":
      return folioMarked(check, seen);
    case "made_writable":
      return checkMadeWritable(check, seen);
    case "fault_marked":
      return checkFaultMarked(check, seen);
    case "page_store":
      return checkPageStore(check, seen);
    case "process_born":
      return processBorn(check.memories, seen);
    case "folio_in_bio":
      return folioInBio(check, seen);
    case "bio_queued":
      return bioQueued(check, seen);
    case "bio_ended":
      return bioEnded(check, seen);
    case "flush_returned":
      return flushReturned(check, seen);
    case "commit_begun":
      if (!commitBegun(journalOf(check, seen.dev), seen.tid, seen.where)) {
        check.findings.misfit ??= seen.where;
      }
      return;
    case "commit_closed":
      return commitClosed(journalOf(check, seen.dev), seen.tid, seen.where);
    case "commit_ended":
      return transactionCommitted(check, seen);
    case "fast_commit_begun":
    case "fast_commit_ended":
    case "fast_commit_tracks":
    case "blocks_mapped":
      return fastCommit(check, seen);
    case "committed_up_to":
      return committedUpTo(journalOf(check, seen.dev), seen.tid);
    case "log_forced":
      return logForced(check, seen);
    case "error_recorded":
      return errorRecorded(check, seen);
    case "error_checked":
      return errorChecked(check, seen);
    case "descriptor_closed":
      return descriptorClosed(check, seen);
    case "stable_pages":
      pageCacheFile(check, seen.file).stable = seen.needed;
      return;
    case "write_cache": {
      const device = deviceOf(check, seen.dev);
      device.writesThrough = !seen.volatile;
      device.volatile = seen.volatile;
      return;
    }
    case "sync_calls_shown":
    case "dirty_unshown":
    case "elsewhere_dirtied":
    case "sync_unnamed":
      return silentSync(
        check.findings.silent,
        seen,
        (one, other) => isBefore(check, one, other),
      );
    case "sync_entered":
      return syncEntered(check, seen);
    case "sync_told":
      return syncTold(check, seen);
    case "sync_left":
      return syncLeft(check, seen);
    case "syncs_shown":
    case "syncfs_entered":
    case "syncfs_told":
    case "syncfs_left":
    case "dirtying_over":
      return syncfs(check, seen);
    case "direct_begun":
      return directBegun(check, seen);
    case "direct_told":
      return directTold(check, seen);
    case "direct_invalidated":
      return directInvalidated(check, seen);
    case "direct_converted":
    case "direct_invalidates_again":
      return directEnding(check, seen);
    case "direct_ended":
      return directEnded(check, seen);
    case "folio_found":
      return pageFound(check, seen);
    case "change_begun":
      return changeBegun(check, seen);
    case "change_ended":
      return changeEnded(check, seen);
    case "value_read":
      return valueRead(check, seen);
    case "pages_counted":
      return pagesCounted(check, seen);
    case "removal_begun":
      return removalBegun(check, seen);
    case "file_cut":
      return fileCut(check, pageCacheFile(check, seen.file));
    case "cut_begun":
      return cutBegun(check, seen);
    case "cut_ended":
      return cutEnded(check, seen);
    case "removal_ended":
      return removalEnded(check, seen);
    case "folios_changed":
      return foliosChanged(check, seen);
    case "pinned_dirtied":
      return pinnedDirtied(check, seen);
    case "sync_mapping":
      return syncMapping(check, seen);
    case "sync_page_mapped":
      return syncPageMapped(check, seen);
    case "probes":
      check.probes = true;
      return;
    case "page_cache_gap":
      return openGap(check);
    default:
      return plainSeen(check, seen);
  }
}

/** What plain tracepoints show of the way to the device. */
function plainSeen(check: PageCacheCheck, seen: SectorObservation): void {
  if (seen.kind !== "block_size") check.plain = true;
  switch (seen.kind) {
    case "extent_seen":
      return extentFound(check, seen);
    case "block_size":
      return blockSizeSeen(check.sectors, seen);
    case "writepages_begun":
    case "writepages_ended":
      if (seen.kind === "writepages_begun" && seen.sync) listDirty(check, seen.file, seen.where);
      return writepagesSeen(check.sectors, seen);
    case "sectors_queued":
      if (seen.preflush) preflushQueued(check, seen);
      return sectorsQueued(check, seen);
    case "sectors_passed_on":
      return bioPassedOn(check, seen);
    case "sectors_ended":
      sectorsEnded(check, seen);
      return seen.request ? undefined : preflushEnded(check, seen);
    case "flush_issued":
    case "flush_ended":
      return flushRequest(check, seen);
    case "inode_logged":
    case "inode_pinned":
    case "inode_unpinned":
    case "inode_map_changed":
      return inodeInLog(check, seen);
    default:
      return seen satisfies never;
  }
}

function fastCommit(check: PageCacheCheck, seen: FastCommitObservation): void {
  switch (seen.kind) {
    case "fast_commit_begun":
      return fastCommitBegun(journalOf(check, seen.dev).fast, seen.where);
    case "fast_commit_ended":
      fastCommitEnded(journalOf(check, seen.dev).fast, seen);
      return givenWay(check, seen);
    case "fast_commit_tracks":
      return inodeTracked(pageCacheFile(check, seen.file).inode.tracked, seen);
    case "blocks_mapped":
      return blocksMapped(pageCacheFile(check, seen.file).inode.tracked, seen.where, seen.blocks);
    default:
      return seen satisfies never;
  }
}

/**
 * A call has made no fast commit, and needs none: others have made one since it was entered, or the journal
 * has committed its transaction (`ext4_fc_commit`: s_fc_subtid, j_commit_sequence). Where no fast commit can
 * be meant, the commit that was seen to begin is over, though its own line comes later.
 */
function givenWay(check: PageCacheCheck, { where, dev, how, tid }: FastCommitEndedSeen): void {
  if (how !== "skipped" || tid === undefined) return;
  const journal = journalOf(check, dev);
  const commit = commitOf(journal, tid);
  // Its record must have been handed to the device: what is unseen may be a fast commit of another.
  if (commit?.flush === undefined || commit.end !== undefined) return;
  const since = check.calls.values().find(({ since, file }) =>
    since.pid === where.pid && file.id.dev === dev
  )?.since;
  if (since === undefined) return;
  const isNone = noneCounted(
    journal.fast,
    since,
    where,
    (one, other) => isBefore(check, one, other),
  );
  if (isNone) commitEnded(journal, tid, where);
}

function transactionCommitted(check: PageCacheCheck, { dev, tid, where }: CommitSeen): void {
  const journal = journalOf(check, dev);
  commitEnded(journal, tid, where);
  const begin = commitOf(journal, tid)?.begin;
  if (begin !== undefined && check.exposed.size > 0) exposedBy(check, dev, begin, where);
}

/** The recording is over: what calls have waited for will not come. */
export function finishPageCache(check: PageCacheCheck): void {
  judgeUnsent(check);
  for (const { folios, pieces } of check.files.values()) {
    for (const { owed } of folios.values()) for (const each of owed) endAwaiting(check, each);
    for (const each of pieces) endReturned(check, each);
  }
}

function folioEvent(check: PageCacheCheck, event: FolioEvent): void {
  const { kind } = event;
  const moves = kind === "folio_added" || kind === "folio_removed";
  const file = pageCacheFile(check, event.folio.file);
  noticePieces(check, file, event);
  const folio = checkFolio(check, file, event);
  unreadFolio(check, file, event);
  directFolio(check, file, folio, event);
  if (moves) removalFolio(check, file, event);
}

function logForced(check: PageCacheCheck, seen: LogForcedSeen): void {
  const { where, dev, sequence, failed } = seen;
  if (failed) return;
  const journal = journalOf(check, dev);
  journal.forcedBy = where.pid;
  journal.forcedAt = where.line;
  journal.forced = Math.max(journal.forced ?? 0, sequence);
  for (const call of check.calls.values()) {
    if (call.file.id.dev === dev) call.forced = Math.max(call.forced ?? 0, sequence);
  }
}

function foliosChanged(check: PageCacheCheck, { file }: FoliosChangedSeen): void {
  const files = file === undefined ? check.files.values() : [pageCacheFile(check, file)];
  for (const { folios } of files) {
    for (const folio of folios.values()) {
      forgetMappings(folio);
      forgetContent(folio);
    }
  }
}

/** Everything that was known before is forgotten; only what was found stays. */
function openGap(check: PageCacheCheck): void {
  check.findings.gaps++;
  check.files.clear();
  check.latest = undefined;
  check.devices.clear();
  check.journals.clear();
  check.bios.clear();
  check.calls.clear();
  check.syncfs.clear();
  check.dirtyingOver.clear();
  check.fuaBios.clear();
  check.fuaEnds.clear();
  check.requests.clear();
  check.exposed.clear();
  check.sectors = createSectorMaps();
  check.removals.clear();
  check.strayWrites.clear();
  check.values = createValues();
  check.memories.clear();
}
