/**
 * Sync calls that have returned 0, and in which no line has named a file: of ext4 and XFS the sync function
 * prints one, of other file systems it does not.
 *
 * @module
 */
import type { SyscallExitRecord } from "../record.ts";
import type { OpenSyscall, PageCacheTask } from "./tasks.ts";
import { type PageCacheTranslation, whereOf } from "./translation.ts";

/** Bit of the flags of msync(2) without which it promises nothing (include/uapi/asm-generic/mman-common.h). */
const MS_SYNC = 4;

/** Hands such a call on, when it returns. */
export function unnamedSync(
  { emit }: PageCacheTranslation,
  { syscall, syncs }: PageCacheTask,
  exit: SyscallExitRecord,
): void {
  if (exit.result !== 0 || syscall?.name !== exit.syscall || syncs.length > 0) return;
  if (!promises(syscall)) return;
  const where = whereOf(exit, `${exit.syscall} -> 0`);
  emit({ kind: "sync_unnamed", where, since: whereOf(syscall.record, `${syscall.name}()`) });
}

function promises({ name, record: { args } }: OpenSyscall): boolean {
  return name === "fsync" || name === "fdatasync" ||
    (name === "msync" && ((args["flags"] ?? 0) & MS_SYNC) !== 0);
}
