/**
 * Bios: which folios they carry, which flushes they are, and how they end.
 *
 * @module
 */
import { fastCommitFlushes } from "./fast_commits.ts";
import { folioFound, requestEnded, requestQueued } from "./direct_io.ts";
import {
  flushBioEnded,
  flushEnded,
  flushIssued,
  flushQueued,
  flushRequestEnded,
  flushSucceeded,
  partFailed,
} from "./flush_epochs.ts";
import { blocksSent } from "./folio_blocks.ts";
import { folioOf } from "./folio_record.ts";
import { submitMarks } from "./marks.ts";
import { commitFlushes, recordEnded } from "./journal.ts";
import type {
  BioEndedSeen,
  BioQueuedSeen,
  FlushReturnedSeen,
  FolioInBioSeen,
} from "./observation.ts";
import { pageSize } from "../../page_size.ts";
import type {
  FlushRequestSeen,
  Sectors,
  SectorsEndedSeen,
  SectorsPassedOnSeen,
  SectorsQueuedSeen,
} from "./sector_observation.ts";
import { diskOf, passedOn } from "./sectors.ts";
import { folioRead, strayWriteEnded } from "./removals.ts";
import { deviceOf } from "./storage.ts";
import type { BioInFlight, PageCacheCheck } from "./subject.ts";

/** Bios that are remembered: those whose end was not seen are forgotten in the order of their ages. */
const mostBios = 20_000;

/** A bio carries a part of a folio. */
export function folioInBio(check: PageCacheCheck, told: FolioInBioSeen): void {
  const { folio: seen, bio, bytes } = told;
  check.carries = true;
  const folio = folioOf(check, seen);
  let carried = check.bios.get(bio);
  if (carried === undefined) {
    check.bios.set(
      bio,
      carried = { folios: new Map(), queued: false, request: undefined },
    );
    if (check.bios.size > mostBios) forgetOldest(check.bios);
  }
  const fills = bytes === folio.pages * pageSize;
  carried.folios.set(folio, fills || carried.folios.get(folio) === true);
  const bios = folio.writing?.bios;
  if (bios?.includes(bio) === false) bios.push(bio);
  blocksSent(folio, told);
  submitMarks(check, folio);
}

/** A bio is handed to a device. */
export function bioQueued(check: PageCacheCheck, seen: BioQueuedSeen): void {
  check.sectors.handed.add(seen.dev);
  flushQueued(deviceOf(check, seen.dev), seen);
  if (seen.fua && seen.operation === "write") check.fuaBios.set(seen.bio, seen.where);
  if (seen.preflush) {
    const journal = check.journals.get(seen.dev);
    if (journal !== undefined) {
      commitFlushes(journal, seen.where, seen.bytes > 0 ? seen.bio : undefined);
      fastCommitFlushes(journal.fast, seen.where);
    }
  }
  const request = seen.request === undefined ? undefined : check.requests.get(seen.request);
  if (request !== undefined && requestQueued(check, request, seen)) {
    check.bios.set(seen.bio, { folios: new Map(), queued: true, request });
    return;
  }
  const carried = check.bios.get(seen.bio);
  if (carried === undefined) return;
  if (carried.queued) {
    check.bios.delete(seen.bio);
    check.strayWrites.delete(seen.bio);
    return;
  }
  carried.queued = true;
  for (const folio of carried.folios.keys()) {
    if (seen.operation === "read") folio.reading = { bio: seen.bio, at: seen.where };
    else if (folio.writing !== undefined) folio.writing.dev = seen.dev;
  }
}

/** A bio has ended. */
export function bioEnded(check: PageCacheCheck, seen: BioEndedSeen): void {
  const device = deviceOf(check, seen.dev);
  flushEnded(device, seen);
  // Device-mapper has taken REQ_PREFLUSH off it by then.
  const journal = check.journals.get(seen.dev);
  if (journal !== undefined) recordEnded(journal, seen.bio);
  if (seen.preflush && seen.failed) {
    for (const above of device.above) partFailed(deviceOf(check, above), seen.where);
  }
  strayWriteEnded(check, seen.bio, seen.where);
  if (check.fuaBios.delete(seen.bio)) check.fuaEnds.set(seen.dev, seen.where);
  const carried = check.bios.get(seen.bio);
  if (carried === undefined) return;
  if (carried.request !== undefined) requestEnded(carried.request, seen);
  if (seen.operation === "read") readEnded(check, carried, seen);
  for (const { writing } of carried.folios.keys()) {
    if (writing === undefined || writing.dev !== seen.dev) continue;
    const at = writing.bios.indexOf(seen.bio);
    if (at !== -1) writing.bios.splice(at, 1);
    writing.bioEnded = seen.where;
    if (seen.failed) writing.failed = seen.where;
  }
  check.bios.delete(seen.bio);
}

/** A device passes a bio on to another, or a partition to its disk. */
export function bioPassedOn(check: PageCacheCheck, seen: SectorsPassedOnSeen): void {
  const { from, to } = seen;
  passedOn(check.sectors, seen);
  const below = deviceOf(check, to.dev);
  below.above.add(from.dev);
  if (diskOf(check.sectors, from.dev) !== to.dev) return;
  const { writesThrough, volatile } = deviceOf(check, from.dev);
  below.writesThrough ||= writesThrough;
  below.volatile ||= volatile;
}

/**
 * A write that asks for a flush is handed to a device. Its requests tell of the flush, or, of a device
 * that makes none, its end.
 */
export function preflushQueued(check: PageCacheCheck, { where, sectors }: SectorsQueuedSeen): void {
  if (check.probes) return;
  for (const [dev, journal] of check.journals) {
    if (diskOf(check.sectors, dev) !== sectors.dev) continue;
    commitFlushes(journal, where);
    fastCommitFlushes(journal.fast, where);
  }
  const { preflushes } = deviceOf(check, sectors.dev);
  const name = preflushName(sectors);
  // Of several of one name, the first covers the least.
  if (!preflushes.has(name)) preflushes.set(name, where);
}

/**
 * A bio has ended, of a device that makes no requests: with it the flush that it asked for, though
 * device-mapper prints it without the flag.
 */
export function preflushEnded(
  check: PageCacheCheck,
  { where, sectors, failed, preflush }: SectorsEndedSeen,
): void {
  if (check.probes) return;
  const device = deviceOf(check, sectors.dev);
  const name = preflushName(sectors);
  const begin = device.preflushes.get(name);
  if (begin === undefined && !preflush) return;
  device.preflushes.delete(name);
  // What has become of its parts on the devices below, no plain tracepoint tells.
  const parts = [...check.devices.values()].some(({ above }) => above.has(sectors.dev));
  flushBioEnded(device, { begin, failed, parts, where });
}

function preflushName({ from, to }: Sectors): string {
  return `${from} ${to}`;
}

/**
 * A flush request is handed to a device, or has ended. Beside probes it tells more than bios do: behind a
 * write with FUA a device without FUA is flushed once more.
 */
export function flushRequest(
  check: PageCacheCheck,
  { kind, dev, where, failed }: FlushRequestSeen,
): void {
  const device = deviceOf(check, dev);
  if (kind === "flush_issued") flushIssued(device, where);
  else flushRequestEnded(device, failed, where);
}

/** What a bio has read is in its folios. */
function readEnded(
  check: PageCacheCheck,
  { folios }: BioInFlight,
  { bio, where, failed }: BioEndedSeen,
): void {
  for (const [folio, fills] of folios) {
    if (folio.reading?.bio === bio) folioRead(check, folio, where);
    if (!failed && fills) folioFound(check, folio, where);
  }
}

/** `blkdev_issue_flush` has returned. */
export function flushReturned(check: PageCacheCheck, seen: FlushReturnedSeen): void {
  if (seen.failed) return;
  const device = deviceOf(check, seen.dev);
  if (seen.bio === "answered") device.writesThrough = true;
  if (seen.bio === "queued" && seen.begin !== undefined) {
    flushSucceeded(device, seen.begin, seen.where);
  }
}

function forgetOldest(bios: Map<string, unknown>): void {
  for (const bio of bios.keys()) {
    if (bios.size <= mostBios / 2) return;
    bios.delete(bio);
  }
}
