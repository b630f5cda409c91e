/**
 * syncfs, from its entry to its return, and where a task has left the call in which it marked folios.
 *
 * @module
 */
import type { Where } from "../../../model/check/observation.ts";
import type { RecordHead, SyscallExitRecord } from "../record.ts";
import { faultOver } from "./made_writable.ts";
import type { PageCacheTask } from "./tasks.ts";
import { type PageCacheTranslation, whereOf } from "./translation.ts";

/** syncfs is entered. */
export function syncfsEntered(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  where: Where,
): void {
  const call = ++translation.calls;
  task.syncfs = call;
  translation.emit({ kind: "syncfs_entered", where, call });
}

/** `->sync_fs` of a file system is entered: if the task is inside syncfs, that is what it syncs. */
export function fileSystemSynced(
  { emit }: PageCacheTranslation,
  { syncfs: call }: PageCacheTask,
  record: RecordHead,
  dev: string,
): void {
  emit({ kind: "syncfs_told", where: whereOf(record, `->sync_fs of ${dev}`), call, dev });
}

/** A system call begins, or returns if `exit` is given: the task is outside of what it did before. */
export function callBoundary(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  exit: SyscallExitRecord | undefined,
): void {
  dirtyingOver(translation, task, record);
  const { syncfs: call } = task;
  if (call === undefined) return;
  task.syncfs = undefined;
  const status = exit?.syscall === "syncfs" ? exit.result : undefined;
  const where = whereOf(record, status === undefined ? "the call ends" : `syncfs -> ${status}`);
  translation.emit({ kind: "syncfs_left", where, call, status });
}

/** The task was in its program: it has left the call or the fault in which it marked folios dirty. */
export function dirtyingOver(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
): void {
  if (!task.dirtying) return;
  task.dirtying = false;
  faultOver(translation, task, record, undefined);
  translation.emit({ kind: "dirtying_over", where: whereOf(record, "in the program again") });
}
