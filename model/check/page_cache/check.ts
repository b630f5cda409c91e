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
import { endAwaiting } from "./awaiting.ts";
import { bioEnded, bioPassedOn, bioQueued, flushReturned, folioInBio } from "./bios.ts";
import { descriptorClosed, errorChecked, errorRecorded } from "./errors.ts";
import { checkFolio } from "./folios.ts";
import { forgetMappings } from "./folio_record.ts";
import { commitBegun, commitEnded, committedUpTo } from "./journal.ts";
import { checkMadeWritable, checkPageStore } from "./mappings.ts";
import type { FoliosChangedSeen, LogForcedSeen, PageCacheObservation } from "./observation.ts";
import { journalOf, type PageCacheCheck, pageCacheFile } from "./subject.ts";
import { syncEntered, syncLeft, syncTold } from "./sync_calls.ts";

export { createPageCacheCheck, type PageCacheSettings } from "./subject.ts";

/** Takes the check past one observation. Observations come in the order of their lines. */
export function checkPageCache(check: PageCacheCheck, seen: PageCacheObservation): void {
  switch (seen.kind) {
    case "folio_added":
    case "folio_removed":
    case "folio_dirtied":
    case "folio_cleaned":
    case "folio_redirtied":
    case "folio_copied":
    case "writeback_begun":
    case "writeback_ended":
      checkFolio(check, seen);
      return directFolio(check, seen);
    case "made_writable":
      return checkMadeWritable(check, seen);
    case "page_store":
      return checkPageStore(check, seen);
    case "folio_in_bio":
      return folioInBio(check, seen);
    case "bio_queued":
      return bioQueued(check, seen);
    case "bio_ended":
      return bioEnded(check, seen);
    case "bio_passed_on":
      return bioPassedOn(check, seen);
    case "flush_returned":
      return flushReturned(check, seen);
    case "commit_begun":
      return commitBegun(journalOf(check, seen.dev), seen.tid, seen.where);
    case "commit_ended":
      return commitEnded(journalOf(check, seen.dev), seen.tid, seen.where);
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
    case "sync_entered":
      return syncEntered(check, seen);
    case "sync_told":
      return syncTold(check, seen);
    case "sync_left":
      return syncLeft(check, seen);
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
    case "folios_changed":
      return foliosChanged(check, seen);
    case "probes":
      check.probes = true;
      return;
    case "gap":
      return openGap(check);
    default:
      return seen satisfies never;
  }
}

/** The recording is over: what calls have waited for will not come. */
export function finishPageCache(check: PageCacheCheck): void {
  for (const { folios } of check.files.values()) {
    for (const { owed } of folios.values()) for (const each of owed) endAwaiting(check, each);
  }
}

function logForced(check: PageCacheCheck, seen: LogForcedSeen): void {
  const { where, dev, sequence, failed } = seen;
  if (failed) return;
  const journal = journalOf(check, dev);
  journal.forcedBy = where.pid;
  journal.forcedAt = where.line;
  journal.forced = Math.max(journal.forced ?? 0, sequence);
}

function foliosChanged(check: PageCacheCheck, { file }: FoliosChangedSeen): void {
  const files = file === undefined ? check.files.values() : [pageCacheFile(check, file)];
  for (const { folios } of files) for (const folio of folios.values()) forgetMappings(folio);
}

/** Everything that was known before is forgotten; only what was found stays. */
function openGap(check: PageCacheCheck): void {
  check.findings.gaps++;
  check.files.clear();
  check.devices.clear();
  check.journals.clear();
  check.bios.clear();
  check.calls.clear();
  check.requests.clear();
}
