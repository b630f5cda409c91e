/**
 * Writeback errors, and who has been told of them (DUR-5).
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Where } from "../observation.ts";
import { check as look, type ErrorCursor, nothingToTell, told, untold } from "./error_cursor.ts";
import { breachOf, leaveOpen } from "./findings.ts";
import type { DescriptorClosedSeen, ErrorCheckedSeen, ErrorRecordedSeen } from "./observation.ts";
import {
  type PageCacheCheck,
  type PageCacheFile,
  pageCacheFile,
  type SyncCallInFlight,
} from "./subject.ts";

/** `mapping->wb_err` has an error. What is being synced was open before, whoever saw it opened. */
export function errorRecorded(check: PageCacheCheck, seen: ErrorRecordedSeen): void {
  const file = pageCacheFile(check, seen.file);
  if (file.error === seen.error) return;
  record(file, seen.error, seen.where);
  for (const { descriptor } of file.syncs) {
    if (descriptor === undefined) continue;
    file.cursors.set(descriptor.name, {
      knows: untold,
      open: descriptor.where,
      moved: [],
      recorded: seen.where,
    });
  }
}

function record(file: PageCacheFile, error: number, where: Where): void {
  // A check that found it may have been printed first.
  if (file.error === error) return;
  file.error = error;
  file.errorAt = where;
  for (const [descriptor, { open, recorded }] of file.cursors) {
    file.cursors.set(descriptor, { knows: untold, open, moved: [], recorded: recorded ?? where });
  }
}

/** A descriptor looked for an error. */
export function errorChecked(check: PageCacheCheck, seen: ErrorCheckedSeen): void {
  const { where, since, descriptor, reported, error, current } = seen;
  const file = pageCacheFile(check, seen.file);
  const wasUntold = isUntold(file, descriptor);
  if (error !== undefined && error !== 0) record(file, error, where);
  for (const call of file.syncs) {
    if (reported) call.reported = true;
    if (call.since.pid === where.pid) call.looked = true;
  }
  const before = file.cursors.get(descriptor);
  if (file.error === undefined && !reported) {
    file.cursors.set(descriptor, lookedAt(nothingToTell, where));
    return;
  }
  const { errorAt } = file;
  const during = errorAt !== undefined && errorAt !== where && errorAt.line > since.line;
  const unnamed = error === undefined && reported;
  if (before === undefined || unnamed || (during && !reported)) {
    // Of a descriptor that was opened unseen, the first look tells what it had been told.
    if (!during || reported) file.cursors.set(descriptor, lookedAt(told, where));
    return;
  }
  if (!reported && before.knows === untold && current !== false) {
    // Its cursor has moved unseen: the line that told it is missing. Or it was not told.
    if (current === undefined || wasUntold) leaveOpen(check.findings, "DUR-5", "cursor", where);
    file.cursors.set(descriptor, lookedAt(told, where));
    return;
  }
  const { to, says } = look(before.knows, reported);
  const judgement = says.get("DUR-5");
  if (judgement === "kept") tick(check.findings.judged, "DUR-5");
  if (judgement === "broken") {
    breaks(check, {
      file: file.id,
      pgoffs: [],
      at: where,
      because: [before.open, ...before.moved, ...errorAt === undefined ? [] : [errorAt]],
    });
  }
  const knows = to.keys.length === 0 || !reported && judgement === "broken" ? told : to;
  file.cursors.set(descriptor, lookedAt(knows, where));
}

/** What is known of a cursor that no error waits for. */
function lookedAt(knows: ErrorCursor["knows"], open: Where): ErrorCursor {
  return { knows, open, moved: [], recorded: undefined };
}

/**
 * True if the error came on record after the call was entered: its look at the cursor, of which no line
 * may tell, may have come before.
 */
function isNewer(error: Where | undefined, { since }: SyncCallInFlight): boolean {
  return error !== undefined && error.line > since.line;
}

/** The call has returned: 0 where its descriptor had an error to be told of breaks DUR-5. */
export function judgeErrors(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  status: number,
  where: Where,
): void {
  const { file, descriptor, untold: owed, since } = call;
  if (descriptor === undefined) return;
  const before = file.cursors.get(descriptor.name);
  if (before?.knows !== untold) return;
  const { open, recorded } = before;
  const moved = [since, descriptor.where, where];
  if (status === 0) {
    if (!owed || isNewer(recorded, call)) return;
    const because = [open, ...moved, ...file.errorAt === undefined ? [] : [file.errorAt]];
    breaks(check, { file: file.id, pgoffs: [], at: where, because });
  } else if (isNewer(file.errorAt, call)) {
    // It was told of that error, or of one before it.
    if (!call.looked) file.cursors.delete(descriptor.name);
    return;
  }
  file.cursors.set(descriptor.name, { knows: told, open, moved, recorded: undefined });
}

/**
 * The call has returned, and only the number of its descriptor is known. Two numbers may be one open file
 * description, after fork or dup: that one was told nothing of an error then proves nothing.
 */
export function judgeNumber(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  number: string,
  status: number,
  where: Where,
): void {
  if (status !== 0) return;
  const { file } = call;
  const cursor = file.cursors.get(number);
  const before = cursor?.knows;
  if (before === untold && !isNewer(cursor?.recorded, call)) {
    leaveOpen(check.findings, "DUR-5", "descriptor", where);
  }
  if (isNewer(file.errorAt, call)) return;
  if (before === told && look(before, false).says.get("DUR-5") === "kept") {
    tick(check.findings.judged, "DUR-5");
  }
  file.cursors.set(number, lookedAt(file.error === undefined ? nothingToTell : told, where));
}

/** A descriptor was not told, or told again: that no other call has told it is an absence. */
function breaks({ findings }: PageCacheCheck, of: Parameters<typeof breachOf>[1]): void {
  findings.absent.push({ breach: breachOf("DUR-5", of), missing: "error" });
}

/** True if an error of the file is on record that the descriptor has not been told of. */
export function isUntold(file: PageCacheFile, descriptor: string | undefined): boolean {
  return descriptor !== undefined && file.cursors.get(descriptor)?.knows === untold;
}

/** What the descriptor was called may be another's name next. */
export function descriptorClosed(
  check: PageCacheCheck,
  { descriptor }: DescriptorClosedSeen,
): void {
  for (const file of check.files.values()) file.cursors.delete(descriptor);
}
