/**
 * Bios: which folios they carry, which flushes they are, and how they end.
 *
 * @module
 */
import { folioFound, requestEnded, requestQueued } from "./direct_io.ts";
import { flushEnded, flushQueued, flushSucceeded, partFailed } from "./flush_epochs.ts";
import { folioOf } from "./folio_record.ts";
import { commitFlushes } from "./journal.ts";
import type {
  BioEndedSeen,
  BioPassedOnSeen,
  BioQueuedSeen,
  FlushReturnedSeen,
  FolioInBioSeen,
} from "./observation.ts";
import { pageSize } from "../../page_size.ts";
import { deviceOf, type PageCacheCheck } from "./subject.ts";

/** Bios that are remembered: those whose end was not seen are forgotten in the order of their ages. */
const mostBios = 20_000;

/** A bio carries a part of a folio. */
export function folioInBio(
  check: PageCacheCheck,
  { folio: seen, bio, bytes }: FolioInBioSeen,
): void {
  const folio = folioOf(check, seen);
  let carried = check.bios.get(bio);
  if (carried === undefined) {
    check.bios.set(
      bio,
      carried = { folios: new Set(), filled: new Set(), queued: false, request: undefined },
    );
    if (check.bios.size > mostBios) forgetOldest(check.bios);
  }
  carried.folios.add(folio);
  if (bytes === folio.pages * pageSize) carried.filled.add(folio);
  folio.writing?.bios.add(bio);
}

/** A bio is handed to a device. */
export function bioQueued(check: PageCacheCheck, seen: BioQueuedSeen): void {
  flushQueued(deviceOf(check, seen.dev), seen);
  if (seen.preflush) {
    const journal = check.journals.get(seen.dev);
    if (journal !== undefined) commitFlushes(journal, seen.where);
  }
  const request = seen.request === undefined ? undefined : check.requests.get(seen.request);
  if (request !== undefined && requestQueued(check, request, seen)) {
    check.bios.set(seen.bio, { folios: new Set(), filled: new Set(), queued: true, request });
    return;
  }
  const carried = check.bios.get(seen.bio);
  if (carried === undefined) return;
  if (carried.queued) {
    check.bios.delete(seen.bio);
    return;
  }
  carried.queued = true;
  for (const { writing } of carried.folios) if (writing !== undefined) writing.dev = seen.dev;
}

/** A bio has ended. */
export function bioEnded(check: PageCacheCheck, seen: BioEndedSeen): void {
  const device = deviceOf(check, seen.dev);
  flushEnded(device, seen);
  if (seen.preflush && seen.failed) {
    for (const above of device.above) partFailed(deviceOf(check, above), seen.where);
  }
  const carried = check.bios.get(seen.bio);
  if (carried === undefined) return;
  if (carried.request !== undefined) requestEnded(carried.request, seen);
  if (seen.operation === "read" && !seen.failed) {
    for (const folio of carried.filled) folioFound(check, folio, seen.where);
  }
  for (const { writing } of carried.folios) {
    if (writing === undefined || writing.dev !== seen.dev) continue;
    writing.bios.delete(seen.bio);
    writing.bioEnded = seen.where;
    if (seen.failed) writing.failed = seen.where;
  }
  check.bios.delete(seen.bio);
}

/** A device passes a bio on to another. */
export function bioPassedOn(check: PageCacheCheck, { from, to }: BioPassedOnSeen): void {
  deviceOf(check, to).above.add(from);
}

/** `blkdev_issue_flush` has returned. */
export function flushReturned(check: PageCacheCheck, seen: FlushReturnedSeen): void {
  if (seen.failed) return;
  const device = deviceOf(check, seen.dev);
  if (!seen.queued) device.writesThrough = true;
  else if (seen.begin !== undefined) flushSucceeded(device, seen.begin, seen.where);
}

function forgetOldest(bios: Map<string, unknown>): void {
  for (const bio of bios.keys()) {
    if (bios.size <= mostBios / 2) return;
    bios.delete(bio);
  }
}
