/**
 * Calls that take pages from a file, from the line that first names the file to their return.
 *
 * @module
 */
import { type FileId, sameFile } from "../../../model/check/observation.ts";
import type { RecordHead, SyscallEnterRecord } from "../record.ts";
import { purposeOf } from "../system_calls.ts";
import { lineText } from "./line_text.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import type { PageCacheTask } from "./tasks.ts";
import { type PageCacheTranslation, whereOf } from "./translation.ts";

type Of<K extends CacheReading["kind"]> = Extract<CacheReading, { kind: K }>;

/** A system call is entered that may be a removal. */
export function removalEntered(task: PageCacheTask, record: SyscallEnterRecord): void {
  const purpose = purposeOf(record);
  if (purpose.kind !== "removal" || purpose.why === "layout" || purpose.vague === true) {
    task.removal = undefined;
    return;
  }
  const { why, fromByte, toByte, text } = purpose;
  // What collapses or opens moves all that comes after it.
  const from = why === "collapse" ? toByte : fromByte;
  const to = why === "collapse" || why === "insert" ? Infinity : toByte;
  const since = whereOf(record, text);
  task.removal = {
    call: undefined,
    since,
    why,
    range: { from, to },
    file: undefined,
    locks: false,
  };
}

/** A line of a removal, or of a file system that names its file. */
export function removalLine(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  reading: Of<"removal_named" | "cut_begun" | "cut_ended">,
): void {
  const { removal } = task;
  const { file } = reading;
  if (reading.kind === "cut_ended" && reading.pages !== undefined) {
    const { pages } = reading;
    const where = whereOf(record, lineText(reading));
    translation.emit({ kind: "pages_counted", where, file, pages });
  }
  if (reading.kind === "cut_begun") {
    translation.emit({ kind: "file_cut", where: whereOf(record, lineText(reading)), file });
  }
  if (removal === undefined) return;
  if (removal.file !== undefined && !sameFile(removal.file, file)) return;
  const call = removal.call ?? begin(translation, task, record, file);
  if (reading.kind === "removal_named") {
    removal.locks = true;
    return;
  }
  const { from, to } = reading;
  const where = whereOf(record, lineText(reading));
  if (reading.kind === "cut_begun") {
    translation.emit({ kind: "cut_begun", where, call, range: { from, to } });
  } else {
    translation.emit({ kind: "cut_ended", where, call, range: { from, to } });
  }
}

function begin(
  translation: PageCacheTranslation,
  { removal }: PageCacheTask,
  record: RecordHead,
  file: FileId,
): number {
  const call = ++translation.calls;
  if (removal === undefined) return call;
  removal.call = call;
  removal.file = file;
  const { since, why, range } = removal;
  const where = whereOf(record, since.text);
  translation.emit({ kind: "removal_begun", where, call, since, file, why, range });
  return call;
}

/** The system call is over; `result` is undefined if its return was not seen. */
export function removalLeft(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  result: number | undefined,
): void {
  const { removal } = task;
  task.removal = undefined;
  if (removal?.call === undefined) return;
  const { call, locks } = removal;
  const where = whereOf(record, result === undefined ? "the call ends" : `the call -> ${result}`);
  translation.emit({ kind: "removal_ended", where, call, result, locks });
}
