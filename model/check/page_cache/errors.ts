/**
 * Writeback errors, and who has been told of them (DUR-5).
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Where } from "../observation.ts";
import { check as look, nothingToTell, told, untold } from "./error_cursor.ts";
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
    file.cursors.set(descriptor.name, { knows: untold, open: descriptor.where, moved: [] });
  }
}

function record(file: PageCacheFile, error: number, where: Where): void {
  // A check that found it may have been printed first.
  if (file.error === error) return;
  file.error = error;
  file.errorAt = where;
  for (const [descriptor, { open }] of file.cursors) {
    file.cursors.set(descriptor, { knows: untold, open, moved: [] });
  }
}

/** A descriptor looked for an error. */
export function errorChecked(check: PageCacheCheck, seen: ErrorCheckedSeen): void {
  const { where, since, descriptor, reported, error, current } = seen;
  const file = pageCacheFile(check, seen.file);
  if (error !== undefined && error !== 0) record(file, error, where);
  if (reported) { for (const call of file.syncs) call.reported = true; }
  const before = file.cursors.get(descriptor);
  if (file.error === undefined && !reported) {
    file.cursors.set(descriptor, { knows: nothingToTell, open: where, moved: [] });
    return;
  }
  const { errorAt } = file;
  const during = errorAt !== undefined && errorAt !== where && errorAt.line > since.line;
  const unnamed = error === undefined && reported;
  if (before === undefined || unnamed || (during && !reported)) {
    // Of a descriptor that was opened unseen, the first look tells what it had been told.
    if (!during || reported) file.cursors.set(descriptor, { knows: told, open: where, moved: [] });
    return;
  }
  if (!reported && before.knows === untold && current !== false) {
    // Its cursor has moved unseen: the line that told it is missing. Or it was not told.
    if (current === undefined) leaveOpen(check.findings, "DUR-5", "cursor", where);
    file.cursors.set(descriptor, { knows: told, open: where, moved: [] });
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
  file.cursors.set(descriptor, { knows, open: where, moved: [] });
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
  const { open } = before;
  const moved = [since, descriptor.where, where];
  if (status === 0) {
    if (!owed) return;
    const because = [open, ...moved, ...file.errorAt === undefined ? [] : [file.errorAt]];
    breaks(check, { file: file.id, pgoffs: [], at: where, because });
  }
  file.cursors.set(descriptor.name, { knows: told, open, moved });
}

/**
 * The call has returned, and only the number of its descriptor is known. Two numbers may be one open file
 * description, after fork or dup: that one was told nothing of an error then proves nothing.
 */
export function judgeNumber(
  check: PageCacheCheck,
  file: PageCacheFile,
  number: string,
  status: number,
  where: Where,
): void {
  if (status !== 0) return;
  const before = file.cursors.get(number)?.knows;
  if (before === untold) leaveOpen(check.findings, "DUR-5", "descriptor", where);
  if (before === told && look(before, false).says.get("DUR-5") === "kept") {
    tick(check.findings.judged, "DUR-5");
  }
  const knows = file.error === undefined ? nothingToTell : told;
  file.cursors.set(number, { knows, open: where, moved: [] });
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
