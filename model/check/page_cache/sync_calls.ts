/**
 * Sync calls: what they owe when they are entered, and what has become of it when they return 0
 * (DUR-1, DUR-2, META-2).
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Where } from "../observation.ts";
import { breachOfOwed } from "./awaiting.ts";
import { isUntold, judgeErrors, judgeNumber } from "./errors.ts";
import { inFull, leaveCallOpen } from "./findings.ts";
import type { Unjudged } from "./why.ts";
import { coverage } from "./flush_epochs.ts";
import { commitOf, isFrom, loggedUnflushed } from "./journal.ts";
import { judgeMetadata } from "./metadata.ts";
import { neededOf } from "./needed_of_inode.ts";
import type { SyncEnteredSeen, SyncLeftSeen, SyncToldSeen } from "./observation.ts";
import { owe, release, surelyTouches, touches } from "./owed.ts";
import { afterwards, judgeReturn } from "./promise.ts";
import { lastLookedUp } from "./sectors.ts";
import { judgeOwnFlush } from "./own_flush.ts";
import { piecesIn, piecesWritten } from "./split_folios.ts";
import { deviceOf, journalOf } from "./storage.ts";
import {
  isBefore,
  type Owed,
  type PageCacheCheck,
  pageCacheFile,
  type SyncCallInFlight,
} from "./subject.ts";

/** The file system's sync function is entered. */
export function syncEntered(check: PageCacheCheck, seen: SyncEnteredSeen): void {
  const file = pageCacheFile(check, seen.file);
  const converted = seen.forWrite && seen.range === undefined
    ? lastLookedUp(check.sectors, seen.file, seen.where.pid)
    : undefined;
  const call: SyncCallInFlight = {
    id: seen.forWrite ? "DUR-2" : "DUR-1",
    since: seen.since,
    file,
    descriptor: namedBy(seen),
    untold: isUntold(file, seen.descriptor),
    range: seen.range,
    partly: converted !== undefined,
    owed: [],
    metadata: undefined,
    required: undefined,
    needed: neededOf(file.inode),
    waited: undefined,
    settled: undefined,
    committed: journalOf(check, seen.file.dev).committed,
    forced: undefined,
    reported: false,
    looked: false,
    open: new Set(),
  };
  check.calls.set(seen.call, call);
  check.findings.silent.shown.add(seen.file.dev);
  file.syncs.add(call);
  owe(check, call);
  // Less than what is owed, unless a later line tells what it covers.
  call.range ??= converted;
}

/** A line inside the call tells more of it. */
export function syncTold(check: PageCacheCheck, seen: SyncToldSeen): void {
  const call = check.calls.get(seen.call);
  if (call === undefined) return;
  if (call.partly && seen.range !== undefined) {
    call.range = seen.range;
    call.partly = false;
  }
  call.range ??= seen.range;
  call.descriptor ??= namedBy(seen);
  call.waited ??= seen.waited;
  if (seen.settled === true) call.settled ??= seen.where;
  if (seen.metadata === undefined) return;
  if (!seen.leaving) call.metadata ??= seen.metadata;
  call.required = seen.metadata;
}

function namedBy(
  { descriptor: name, where }: SyncEnteredSeen | SyncToldSeen,
): SyncCallInFlight["descriptor"] {
  return name === undefined ? undefined : { name, where };
}

/** The call has returned. */
export function syncLeft(check: PageCacheCheck, seen: SyncLeftSeen): void {
  const { where, status } = seen;
  const call = check.calls.get(seen.call);
  if (call === undefined) return;
  check.calls.delete(seen.call);
  call.file.syncs.delete(call);
  check.findings.numbers.syncs++;
  if (status === undefined) {
    if (countData(check, call.owed) > 0) {
      leaveCallOpen(check.findings, call, "return", call.since);
    }
  } else if (call.descriptor === undefined && seen.number !== undefined) {
    judgeNumber(check, call, seen.number, status, where);
  } else judgeErrors(check, call, status, where);
  if (status === 0) judgeCall(check, call, where);
  for (const owed of call.owed) if (owed.returned === undefined) release(owed);
}

/** The call has returned 0: what it owes is judged. */
export function judgeCall(check: PageCacheCheck, call: SyncCallInFlight, where: Where): void {
  const { range, owed, file } = call;
  // Whatever it covers, it has kept its promise if nothing of the file is at risk.
  const atRisk = (): boolean =>
    piecesIn(file, range).length > 0 || owed.some((each) => !isSafe(check, each));
  if (range === undefined && atRisk()) {
    if (countData(check, owed) > 0) leaveCallOpen(check.findings, call, "range", where);
    return;
  }
  if (!check.probes && !check.plain) {
    if (call.file.unsafe.size > 0) leaveCallOpen(check.findings, call, "write", where);
    if (owed.length > 0) check.unfollowed++;
    return;
  }
  const inRange = range === undefined ? owed : owed.filter(({ folio }) => touches(folio, range));
  const data = countData(check, inRange);
  let kept = true;
  for (const each of inRange) kept = judgeOwed(check, each, where) && kept;
  if (!piecesWritten(check, call, where)) kept = false;
  if (!judgeOwnFlush(check, call, where)) kept = false;
  if (!judgeMetadata(check, call, where)) kept = false;
  // A part of the range, or one that is not known, may hold nothing of what was dirty.
  const exercised = inRange.length > 0 && range !== undefined && !call.partly;
  if (kept && exercised) tick(check.findings.judged, call.id);
  else if (kept && range === undefined && data > 0) check.findings.numbers.syncsOfAnyRange++;
}

/** A call is looked at that is not known to have failed: how many folios it has to write, now counted. */
export function countData(
  { findings: { numbers } }: PageCacheCheck,
  owed: readonly Owed[],
): number {
  const dirty = owed.filter(({ data }) => data);
  if (dirty.length > 0) numbers.syncsWithData++;
  for (const { folio } of dirty) numbers.pages += folio.pages;
  return dirty.length;
}

/** Every bio that carries the folio has ended: it is on the device, whatever its flags say. */
function countEnded(owed: Owed): void {
  const { writing } = owed.folio;
  if (owed.stage !== "writing" || writing?.bioEnded === undefined) return;
  if (writing.bios.length > 0 || writing.failed !== undefined) return;
  owed.set = afterwards(owed.set, "written", true);
  owed.stage = "cached";
  owed.written = { at: writing.bioEnded, dev: writing.dev };
}

/**
 * True if some flush in the call is known to have been, though no line of it was seen: a commit that
 * it has waited for, or a log that it has forced.
 */
function flushedUnseen(check: PageCacheCheck, call: SyncCallInFlight): boolean {
  const { waited, committed, file } = call;
  const journal = journalOf(check, file.id.dev);
  if (journal.forcedBy === call.since.pid && (journal.forcedAt ?? 0) > call.since.line) return true;
  if (waited === undefined || (committed !== undefined && isFrom(committed, waited))) return false;
  return commitOf(journal, waited)?.flush === undefined;
}

/**
 * True if nothing of the folio is on its way any more, and not all of it was: plain tracepoints do not
 * tell which of its blocks are dirty.
 */
function isUndersized({ stage, folio: { writing } }: Owed): boolean {
  return stage === "writing" && writing?.sectors !== undefined &&
    writing.sectors.pending.size === 0;
}

/** What is not shown where no flush is seen to cover a write: that there was one, or a cache. */
function whyUncovered(check: PageCacheCheck, written: Owed["written"]): Unjudged {
  if (written === undefined || check.probes) return "flush";
  const { flushes, volatile } = deviceOf(check, written.dev);
  return flushes || volatile ? "flush" : "cache";
}

/** What of a flush is known to have covered what is owed; it is taken to have been so. */
function coverOwed(check: PageCacheCheck, owed: Owed): ReturnType<typeof coverage> | undefined {
  countEnded(owed);
  const { written, call } = owed;
  if (written === undefined) return undefined;
  let covered = coverage(
    deviceOf(check, written.dev),
    written.at,
    (one, other) => isBefore(check, one, other),
  );
  const unseen = covered.kind === "bare" && covered.failed === undefined &&
    (flushedUnseen(check, call) || (!check.probes &&
      loggedUnflushed(journalOf(check, call.file.id.dev), written.at)));
  if (unseen) covered = { kind: "unknown" };
  if (covered.kind !== "bare") {
    owed.set = afterwards(owed.set, "flushed", covered.kind === "covered");
  }
  return covered;
}

/** True if what is owed is on the media, whatever fits the recording. */
function isSafe(check: PageCacheCheck, owed: Owed): boolean {
  coverOwed(check, owed);
  return !owed.unsure && owed.open === undefined && judgeReturn(owed.set).get("DUR-1") === "kept";
}

/** True if what is owed is safe; what came of it otherwise is a finding. */
function judgeOwed(check: PageCacheCheck, owed: Owed, where: Where): boolean {
  const covered = coverOwed(check, owed);
  const { written, stage, call } = owed;
  let why: Unjudged = whyUncovered(check, written);
  const says = judgeReturn(owed.set).get("DUR-1");
  if (owed.unsure) {
    leaveCallOpen(check.findings, call, "end", where);
    return false;
  }
  if (says === "kept") {
    if (owed.open === undefined) return true;
    leaveCallOpen(check.findings, call, owed.open, where);
    return false;
  }
  if (owed.perhaps) {
    leaveCallOpen(check.findings, call, "call", where);
    return false;
  }
  if (says === "broken") {
    if (isUndersized(owed)) {
      // What iomap has found dirty it hands to the device at once.
      if (owed.folio.writing?.sectors?.dirty !== undefined) check.findings.misfit ??= where;
      leaveCallOpen(check.findings, call, "part", where);
      return false;
    }
    if (stage === "dirty" || stage === "writing") {
      owed.returned = where;
      return false;
    }
    if (!surelyTouches(owed.folio, call.range, call.since.line)) {
      leaveCallOpen(check.findings, call, "size", where);
      return false;
    }
    if (stage === "failed" && call.reported) why = "error";
    else {
      const breach = breachOfOwed(owed, where, where);
      const failed = covered?.kind === "bare" ? covered.failed : undefined;
      if (failed?.failed !== undefined) {
        breach.violation.because.push(...[failed.begin, failed.failed].map(inFull));
      }
      // A flush that failed is shown; that no other has succeeded is an absence.
      if (stage === "failed") check.findings.paired.push(breach);
      else check.findings.absent.push({ breach, missing: "flush" });
      return false;
    }
  }
  leaveCallOpen(check.findings, call, why, where);
  return false;
}
