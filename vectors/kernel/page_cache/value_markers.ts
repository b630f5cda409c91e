/**
 * Markers of programs that say what they write, remove and read: `op=dwrite off=0 len=4096 val=7`, and
 * `op=read done off=0 len=512 ret=512 val=7 mixed=0`.
 *
 * @module
 */
import type { FileId, Where } from "../../../model/check/observation.ts";
import { pageSize } from "../../../model/page_size.ts";
import type { MarkerText } from "../marker_text.ts";
import type { PageCacheTask } from "./tasks.ts";
import type { PageCacheTranslation } from "./translation.ts";

/** Operations that change nothing and tell no value. */
const quiet: ReadonlySet<string> = new Set([
  "fsync",
  "fdatasync",
  "msync",
  "sync_file_range",
  "syncfs",
  "sync",
  "fchmod",
]);
const reads: ReadonlySet<string> = new Set(["read", "load", "dread"]);
const removals: ReadonlySet<string> = new Set(["punch", "zero", "truncate"]);

/** Takes one marker. The task must have named its file itself. */
export function valueMarker(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  says: MarkerText,
  where: () => Where,
): void {
  const { operation, done } = says;
  const { told, declared: file } = task;
  if (operation === undefined || (told === undefined && file === undefined)) return;
  task.told = undefined;
  if (!done) {
    // What it was in the middle of has ended unseen.
    if (told?.change !== undefined) ended(translation, told.change, where(), false);
    if (file !== undefined && !quiet.has(operation)) {
      task.told = begun(translation, file, operation, says, where());
    }
    return;
  }
  if (told === undefined) return;
  if (told.change !== undefined) {
    const same = told.operation === operation;
    return ended(translation, told.change, where(), same && succeeded(says));
  }
  if (told.operation === operation) read(translation, told.file, says, told.since, where());
}

function begun(
  translation: PageCacheTranslation,
  file: FileId,
  operation: string,
  { offset, length: told, size, value }: MarkerText,
  where: Where,
): PageCacheTask["told"] {
  if (reads.has(operation)) return { operation, file, since: where, change: undefined };
  const length = operation === "store" ? 1 : told;
  const change = ++translation.calls;
  const isRemoval = removals.has(operation);
  const from = (operation === "truncate" ? size : offset) ?? 0;
  // What is not known, or cuts the file, may change all that follows.
  const isShort = offset !== undefined && length !== undefined &&
    (operation === "store" || operation.startsWith("write") || operation.startsWith("dwrite") ||
      operation === "punch" || operation === "zero");
  const isKnown = isShort || (operation === "truncate" && size !== undefined);
  translation.emit({
    kind: "change_begun",
    where,
    change,
    file,
    range: { from, to: isShort ? from + length : Infinity },
    by: operation.startsWith("dwrite") ? "direct" : isRemoval ? "removal" : "write",
    value: !isKnown ? undefined : isRemoval ? 0 : value,
  });
  return { operation, file, since: where, change };
}

function ended(
  { emit }: PageCacheTranslation,
  change: number,
  where: Where,
  done: boolean,
): void {
  emit({ kind: "change_ended", where, change, done });
}

/** A write has returned all of its bytes; a removal, a store or a call without a result, 0. */
function succeeded({ result, length }: MarkerText): boolean {
  return result === undefined || result === 0 || result === length;
}

function read(
  { emit }: PageCacheTranslation,
  file: FileId,
  { offset, value, result = 1, mixed }: MarkerText,
  since: Where,
  where: Where,
): void {
  if (offset === undefined || value === undefined || result <= 0 || mixed) return;
  const pgoff = Math.floor(offset / pageSize);
  if (Math.floor((offset + result - 1) / pageSize) !== pgoff) return;
  emit({ kind: "value_read", where, since, file, pgoff, value });
}
