/**
 * What sync calls in flight owe: each folio that was dirty, under writeback or in the device's cache
 * when they were entered, in a small world of its own (`promise.ts`).
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import type { Where } from "../observation.ts";
import { coverage } from "./flush_epochs.ts";
import { folioAround } from "./folio_record.ts";
import type { ByteRange } from "./byte_range.ts";
import { afterwards, owedAt } from "./promise.ts";
import type { DeviceCached } from "./folio_parts.ts";
import { deviceOf } from "./storage.ts";
import { isMarkedBefore } from "./marked_before.ts";
import {
  type FolioUnderCheck,
  isBefore,
  type Owed,
  type PageCacheCheck,
  type SyncCallInFlight,
} from "./subject.ts";

/** Folios that are owed before any line has shown what becomes of one. */
const mostUnfollowed = 1000;
/** Calls that return so, after which such lines are taken not to be recorded. */
const enoughUnfollowed = 8;

/** The call is entered: everything that a crash could take something of is owed. */
export function owe(check: PageCacheCheck, call: SyncCallInFlight): void {
  // Where no line tells what becomes of it, this is for nothing.
  if (!check.probes && !check.plain) {
    if (check.unfollowed >= enoughUnfollowed || call.file.unsafe.size > mostUnfollowed) return;
  }
  for (const folio of unsafeIn(call)) {
    const owed = owedOf(check, call, folio, call.since);
    if (owed === undefined) continue;
    call.owed.push(owed);
    if (!folio.sized) call.needed.anyPart = true;
    folio.owed.push(owed);
  }
}

/** A folio that was a part of one that the call owes, is owed, too; `returned` if the call was over then. */
export function oweFolio(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  folio: FolioUnderCheck,
  returned: Where | undefined,
): void {
  const owed = owedOf(check, call, folio, call.since);
  if (owed === undefined) return;
  owed.returned = returned;
  if (returned === undefined) call.owed.push(owed);
  folio.owed.push(owed);
}

/**
 * Writeback of a folio begins that its task had declared clean before calls were entered. What it carries
 * was stored before, and a sync call finds it: the folio is locked in between, and its DIRTY mark is set.
 */
export function oweTaken(
  check: PageCacheCheck,
  folio: FolioUnderCheck,
  cleaned: Where | undefined,
  { pid }: Where,
): void {
  if (cleaned === undefined || cleaned.pid !== pid) return;
  for (const call of folio.file.syncs) {
    const isKnown = folio.owed.some((owed) => owed.call === call);
    if (isKnown || !isBefore(check, cleaned, call.since)) continue;
    const owed = newOwed(call, folio, "writing", undefined);
    call.owed.push(owed);
    folio.owed.push(owed);
  }
}

/** Folios that a crash could take something of and that the call may cover, as cheaply as it goes. */
function unsafeIn({ file, range }: SyncCallInFlight): Iterable<FolioUnderCheck> {
  const { unsafe } = file;
  if (range === undefined || (range.to - range.from) / pageSize > unsafe.size) return unsafe;
  const found = new Set<FolioUnderCheck>();
  const first = Math.floor(range.from / pageSize);
  for (let page = first; page * pageSize < range.to; page++) {
    const folio = folioAround(file, page);
    if (folio !== undefined && unsafe.has(folio)) found.add(folio);
  }
  return found;
}

/** True if the folio has bytes of the range. */
export function touches({ index, pages }: FolioUnderCheck, { from, to }: ByteRange): boolean {
  return index * pageSize < to && (index + pages) * pageSize > from;
}

/**
 * True if the folio surely had bytes of what a call covers: its first page, or as many pages as a line has
 * told since. Large folios are split, by a truncate or madvise of a part, and no line tells.
 *
 * @param since the line up to which a split may have come unseen
 */
export function surelyTouches(
  folio: FolioUnderCheck,
  range: ByteRange | undefined,
  since: number,
): boolean {
  if (range === undefined) return true;
  const from = folio.index * pageSize;
  if (from < range.to && from + pageSize > range.from) return true;
  return folio.sizedAt !== undefined && folio.sizedAt >= since && touches(folio, range);
}

function owedOf(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  folio: FolioUnderCheck,
  since: Where,
): Owed | undefined {
  if (isMarkedBefore(check, folio, since)) return newOwed(call, folio, "dirty", undefined);
  if (folio.writing !== undefined) {
    if (!isBefore(check, folio.writing.begin, since)) return undefined;
    return newOwed(call, folio, "writing", undefined);
  }
  const { cached } = folio;
  if (cached === undefined) return undefined;
  const covered = coverage(
    deviceOf(check, cached.dev),
    cached.at,
    (one, other) => isBefore(check, one, other),
  );
  if (covered.kind === "covered") {
    folio.cached = undefined;
    if (folio.dirty === undefined) folio.file.unsafe.delete(folio);
    return undefined;
  }
  if (!isBefore(check, cached.at, since)) return undefined;
  return newOwed(call, folio, "cached", cached);
}

function newOwed(
  call: SyncCallInFlight,
  folio: FolioUnderCheck,
  stage: "dirty" | "writing" | "cached",
  written: DeviceCached | undefined,
): Owed {
  const { history } = folio;
  return {
    call,
    folio,
    history,
    past: history.length,
    set: owedAt(stage),
    stage,
    data: stage !== "cached",
    pages: folio.pages,
    written,
    failed: undefined,
    unsure: false,
    open: undefined,
    perhaps: false,
    returned: undefined,
  };
}

/** The folio is declared clean, or its writeback begins, whichever line comes first. */
export function owedBegun(folio: FolioUnderCheck): void {
  for (const owed of folio.owed) {
    if (owed.stage !== "dirty" && owed.stage !== "failed") continue;
    owed.set = afterwards(owed.set, "writing", true);
    owed.stage = "writing";
  }
}

/** A folio that was declared clean is not written after all. */
export function owedRedirtied(folio: FolioUnderCheck): void {
  for (const owed of folio.owed) {
    if (owed.stage !== "writing") continue;
    owed.set = owedAt("dirty");
    owed.stage = "dirty";
  }
}

/** Writeback of the folio ends: what it held has reached the device, or not. */
export function owedEnded(
  folio: FolioUnderCheck,
  written: DeviceCached | undefined,
  failed: Where | undefined,
): void {
  for (const owed of folio.owed) {
    if (owed.stage !== "writing") continue;
    // A worker marks extents written before writeback ends: that may be in a later transaction.
    if (owed.call.settled !== undefined) owed.open ??= "commit";
    owed.set = afterwards(owed.set, written === undefined ? "failed" : "written", true);
    owed.stage = written === undefined ? "failed" : "cached";
    owed.written = written;
    owed.failed = failed;
  }
}

/** No bio has carried the folio that is under writeback, or not all that is known to be dirty of it. */
export function owedUnsent(folio: FolioUnderCheck): void {
  for (const owed of folio.owed) if (owed.stage === "writing") owed.open ??= "bio";
}

/** Nobody waits for it any more. */
export function release(owed: Owed): void {
  const { owed: list } = owed.folio;
  const at = list.indexOf(owed);
  if (at !== -1) list.splice(at, 1);
}
