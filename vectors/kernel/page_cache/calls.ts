/**
 * System calls and the file system's sync functions inside them: which of them promise something, from
 * where to where.
 *
 * @module
 */
import type { Where } from "../../../model/check/observation.ts";
import { sameFile } from "../../../model/check/observation.ts";
import type { ByteRange } from "../../../model/check/page_cache/byte_range.ts";
import type { SyncToldSeen } from "../../../model/check/page_cache/observation.ts";
import type { RecordHead, SyscallEnterRecord, SyscallExitRecord } from "../record.ts";
import type { KindedHead } from "../record_head.ts";
import { fdName, numberOf } from "./descriptor_names.ts";
import { endDirect } from "./direct_calls.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import { removalEntered, removalLeft } from "./removal_calls.ts";
import { bytesMapped } from "./mapped_ranges.ts";
import { mmapEntered, mmapLeft, ownerOf, unmapped } from "./sync_mapping_calls.ts";
import { callBoundary, syncfsEntered } from "./syncfs_calls.ts";
import { endChanges, type OpenSync, type OpenSyscall, type PageCacheTask } from "./tasks.ts";
import { type PageCacheTranslation, whereOf } from "./translation.ts";
import { unnamedSync } from "./unnamed_syncs.ts";

/** Calls that promise what was written before they were entered. */
const syncCalls: ReadonlySet<string> = new Set(["fsync", "fdatasync", "msync"]);
/** Calls that promise what they write, where the file is open with O_DSYNC or they ask for it. */
const writeCalls: ReadonlySet<string> = new Set([
  "write",
  "writev",
  "pwrite64",
  "pwritev",
  "pwritev2",
]);

/** True if the task is inside write(2) or a call like it. */
export function isWriting({ syscall }: PageCacheTask): boolean {
  return syscall !== undefined && writeCalls.has(syscall.name);
}

const wholeFile = { from: 0, to: Infinity };

type Of<K extends CacheReading["kind"]> = Extract<CacheReading, { kind: K }>;

/** A system call begins: whatever the task was inside has ended unseen. */
export function syscallEntered(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: SyscallEnterRecord,
): void {
  task.calls = true;
  callBoundary(translation, task, record, undefined);
  endAll(translation, task, record, undefined);
  endDirect(translation, task, record);
  removalLeft(translation, task, record, undefined);
  removalEntered(task, record);
  mmapEntered(translation, task, record);
  unmapped(translation, task, record);
  const fd = record.args["fd"];
  task.syscall = { name: record.syscall, record, fd };
  endChanges(task);
  if (record.syscall === "syncfs") syncfsEntered(translation, task, entryOf(task.syscall));
  if (record.syscall === "close" && fd !== undefined) {
    const name = fdName(task, record, fd);
    const descriptor = translation.descriptors.get(name);
    translation.descriptors.delete(name);
    const where = entryOf(task.syscall);
    for (const closed of [descriptor, numberOf(task, record)]) {
      if (closed === undefined) continue;
      translation.emit({ kind: "descriptor_closed", where, descriptor: closed });
    }
  }
}

/** Where a call was entered. */
function entryOf({ name, record, fd }: OpenSyscall): Where {
  return whereOf(record, fd === undefined ? `${name}()` : `${name}(${fd})`);
}

/** A system call returns. */
export function syscallLeft(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: SyscallExitRecord,
): void {
  callBoundary(translation, task, record, record);
  unnamedSync(translation, task, record);
  endAll(translation, task, record, record);
  endDirect(translation, task, record);
  removalLeft(translation, task, record, record.result);
  const entered = task.syscall?.record;
  task.syscall = undefined;
  task.changing = undefined;
  endChanges(task);
  mmapLeft(translation, task, record, entered?.syscall === record.syscall ? entered : undefined);
}

/** The file system's sync function is entered, as its tracepoint or a probe tells. */
export function syncFunction(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: KindedHead,
  { file, descriptor, metadata }: Of<"sync_function">,
): void {
  const where = whereOf(record, "sync of the file begins");
  if (task.needsSync !== undefined && sameFile(task.needsSync.file, file)) {
    task.needsSync.entered = true;
  }
  const begun = task.syncs.at(-1);
  if (begun !== undefined && !begun.left && sameFile(begun.file, file)) {
    const isWhole = task.syscall?.name === "fsync" || task.syscall?.name === "fdatasync";
    const again = isWhole && begun.shownBy.has(record.kind);
    loseOther(translation, task, record, begun, descriptor, again);
  }
  const { syscall } = task;
  const open = task.syncs.at(-1);
  // A worker of io_uring makes one call after the other, in no system call that would end one.
  const another = syscall === undefined && open?.shownBy.has(record.kind) === true;
  if (open !== undefined && !open.left && !another && sameFile(open.file, file)) {
    open.shownBy.add(record.kind);
    return tell(translation, open, { where, metadata, descriptor });
  }
  if (syscall === undefined) endAll(translation, task, record, undefined);
  const promises = syscall !== undefined && syncCalls.has(syscall.name);
  const call = ++translation.calls;
  const shownBy = new Set([record.kind]);
  const ahead = task.ahead !== undefined && sameFile(task.ahead.file, file)
    ? task.ahead.range
    : undefined;
  const bytes = ahead === undefined ? undefined : ahead.to - ahead.from;
  const request = syscall === undefined ? task.request : undefined;
  task.request = undefined;
  const sync: OpenSync = {
    call,
    file,
    shownBy,
    bytes,
    request,
    descriptor,
    left: false,
    status: undefined,
  };
  task.syncs.push(sync);
  const whole = promises && syscall.name !== "msync";
  translation.emit({
    kind: "sync_entered",
    where,
    call,
    since: promises ? entryOf(syscall) : where,
    file,
    descriptor,
    forWrite: syscall === undefined
      ? task.converting !== undefined && sameFile(task.converting, file)
      : writeCalls.has(syscall.name),
    range: whole ? wholeFile : ahead ?? msyncRange(translation, task, record),
  });
  task.ahead = undefined;
  task.converting = undefined;
  tell(translation, sync, { where, metadata, descriptor });
  rememberDescriptor(translation, task, record, descriptor);
}

/** The bytes that msync names by their addresses, if one mapping has all of them. */
function msyncRange(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
): ByteRange | undefined {
  const { syscall } = task;
  if (syscall?.name !== "msync") return undefined;
  const { start, len } = syscall.record.args;
  return bytesMapped(translation, ownerOf(task, record), start, len);
}

/** The file system's sync function has returned; the promise is made when the system call does. */
export function syncFunctionLeft(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  { file, descriptor, metadata, status }: Of<"sync_function_left">,
): void {
  if (task.needsSync?.entered && sameFile(task.needsSync.file, file) && status === 0) {
    task.needsSync.synced = whereOf(record, "sync of the file -> 0");
  }
  const sync = task.syncs.findLast((each) => sameFile(each.file, file));
  if (sync === undefined || loseOther(translation, task, record, sync, descriptor)) return;
  const where = whereOf(record, "sync of the file ends");
  tell(translation, sync, { where, metadata, descriptor, leaving: true });
  sync.left = true;
  sync.status ??= status;
  if (task.syscall === undefined) endAll(translation, task, record, undefined);
}

/**
 * A line of the task's sync call names another open file description than the call was entered with, or
 * is that of its entry `again`, which fsync has once: the end of one call and the beginning of another are
 * missing, and what returns next is not the first.
 *
 * @returns true if that is so
 */
function loseOther(
  { emit }: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  sync: OpenSync,
  descriptor: string | undefined,
  again = false,
): boolean {
  sync.descriptor ??= descriptor;
  if (!again && (descriptor === undefined || sync.descriptor === descriptor)) return false;
  const where = whereOf(record, "another call goes on");
  for (const { call } of task.syncs) {
    emit({ kind: "sync_left", where, call, status: undefined, number: undefined });
  }
  task.syncs.length = 0;
  task.syscall = undefined;
  task.changing = undefined;
  return true;
}

/** What a sync call covers; `settled` if that has been waited for. */
export function syncRange(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  { file, from, to, ahead }: Omit<Of<"sync_range">, "kind">,
  settled = false,
): void {
  if (ahead) {
    task.ahead = { file, range: { from, to } };
    return;
  }
  const sync = task.syncs.at(-1);
  if (sync === undefined || sync.left || !sameFile(sync.file, file)) return;
  const where = whereOf(record, "its range is written");
  tell(translation, sync, { where, range: { from, to }, settled: settled ? true : undefined });
}

/** The transaction that the task's sync call has waited for. */
export function commitWaited(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  waited: number,
): void {
  const sync = task.syncs.at(-1);
  if (sync === undefined || sync.left) return;
  tell(translation, sync, { where: whereOf(record, `waited for transaction ${waited}`), waited });
}

function tell(
  { emit }: PageCacheTranslation,
  { call }: OpenSync,
  told: Partial<SyncToldSeen> & { readonly where: Where },
): void {
  const { where, range, metadata, leaving = false, descriptor, waited, settled } = told;
  emit({ kind: "sync_told", where, call, range, metadata, leaving, descriptor, waited, settled });
}

/** Ends the sync calls of the task; `exit` is the return of its system call, if that was seen. */
function endAll(
  { emit, probes }: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  exit: SyscallExitRecord | undefined,
): void {
  const { syscall } = task;
  const returned = exit !== undefined && exit.syscall === syscall?.name ? exit.result : undefined;
  for (const { call, status, bytes } of task.syncs) {
    // A write that has put less into the page cache has synced no more than that.
    const short = syscall !== undefined && writeCalls.has(syscall.name) && returned !== undefined &&
      returned >= 0 && bytes !== undefined && returned < bytes;
    emit({
      kind: "sync_left",
      where: whereOf(
        record,
        exit === undefined ? "the call ends" : `${exit.syscall} -> ${exit.result}`,
      ),
      call,
      status: short ? undefined : statusOf(syscall?.name, status, returned),
      number: probes ? undefined : numberOf(task, record),
    });
  }
  if (task.syncs.length > 0) task.syncs.length = 0;
  task.ahead = undefined;
}

/** Ends the sync calls of a task that is in no system call: its request of io_uring has this result. */
export function endInTask(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  status: number | undefined,
): void {
  endOfRequest(translation, leaveTask(task), record, status);
}

/** The task is done with its sync calls, and has told nothing of how they ended. */
export function leaveTask(task: PageCacheTask): readonly OpenSync[] {
  task.ahead = undefined;
  return task.syncs.splice(0);
}

/** Ends the sync calls of a request of io_uring, which has this result. */
export function endOfRequest(
  { emit }: PageCacheTranslation,
  calls: readonly OpenSync[],
  record: RecordHead,
  status: number | undefined,
): void {
  const text = status === undefined ? "the call ends" : `its request of io_uring -> ${status}`;
  for (const { call, status: inner } of calls) {
    const where = whereOf(record, text);
    emit({ kind: "sync_left", where, call, status: inner ?? status, number: undefined });
  }
}

/** What the call promised: the worse of what the file system and the system call returned. */
function statusOf(
  name: string | undefined,
  inner: number | undefined,
  outer: number | undefined,
): number | undefined {
  if (name === undefined) return inner;
  if (inner !== undefined && inner !== 0) return inner;
  if (outer === undefined) return undefined;
  if (outer < 0) return outer;
  // A write that syncs returns how many bytes it has written only if its sync call returned 0.
  return syncCalls.has(name) ? outer : inner ?? (outer > 0 ? 0 : undefined);
}

function rememberDescriptor(
  { descriptors }: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  descriptor: string | undefined,
): void {
  const fd = task.syscall?.fd;
  if (fd !== undefined && descriptor !== undefined) {
    descriptors.set(fdName(task, record, fd), descriptor);
  }
}
