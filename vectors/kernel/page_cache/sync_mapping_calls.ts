/**
 * mmap with MAP_SYNC, and what faults in the mapping show of it.
 *
 * @module
 */
import type { FileId, Moment, Where } from "../../../model/check/observation.ts";
import { sameFile } from "../../../model/check/observation.ts";
import type { RecordHead, SyscallEnterRecord, SyscallExitRecord } from "../record.ts";
import {
  askedToMap,
  askedToMove,
  bareRange,
  mapRange,
  memoryBegins,
  unmapRange,
} from "./mapped_ranges.ts";
import { purposeOf } from "../system_calls.ts";
import type { PageCacheTask } from "./tasks.ts";
import { type PageCacheTranslation, whereOf } from "./translation.ts";

/** include/uapi/linux/mman.h: MAP_SHARED_VALIDATE with MAP_SYNC; of MAP_SHARED it is ignored. */
const TYPE = 0x0f, SHARED_VALIDATE = 0x03, SYNC = 0x80000;
const EOPNOTSUPP = -95;

/** mmap or mremap is entered: what it asks for, with MAP_SYNC or without. */
export function mmapEntered(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: SyscallEnterRecord,
): void {
  const { syscall, args } = record;
  task.asksMapping = syscall === "mmap"
    ? askedToMap(record)
    : syscall === "mremap"
    ? askedToMove(translation, ownerOf(task, record), record)
    : undefined;
  const flags = args["flags"] ?? 0;
  const asks = syscall === "mmap" && (flags & TYPE) === SHARED_VALIDATE && (flags & SYNC) !== 0;
  task.asksSync = asks ? args["len"] : undefined;
}

/** A call has returned that changes what is mapped, as mmap. */
export function mmapLeft(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: SyscallExitRecord,
  entered: SyscallEnterRecord | undefined,
): void {
  const { asksSync: length, asksMapping } = task;
  const { syscall, result } = record;
  task.asksSync = task.asksMapping = undefined;
  const maps = syscall === "mmap" || syscall === "mremap";
  if (maps && asksMapping !== undefined && result > 0) {
    forget(translation, ownerOf(task, record), result, result + asksMapping.length);
    mapRange(translation, ownerOf(task, record), result, asksMapping, momentOf(record));
  }
  const purpose = entered === undefined || maps ? undefined : purposeOf(entered);
  if (purpose?.kind === "unmap" && result === 0 && syscall !== "munmap") {
    const { start, end } = purpose;
    bareRange(translation, ownerOf(task, record), start, end, momentOf(record));
  }
  if (syscall === "execve") memoryBegins(translation, ownerOf(task, record), undefined);
  if (length === undefined || syscall !== "mmap") return;
  const where = whereOf(record, `mmap(MAP_SYNC) -> ${result}`);
  if (result === EOPNOTSUPP) {
    const told = { since: where, file: undefined, gets: "EOPNOTSUPP" } as const;
    translation.emit({ kind: "sync_mapping", where, ...told });
  } else if (result > 0) {
    const owner = ownerOf(task, record);
    translation.asked.push({ owner, from: result, to: result + length, returned: where });
  }
}

/** Memory is mapped anew or no more: what was asked of it is over. */
export function unmapped(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: SyscallEnterRecord,
): void {
  if (record.syscall !== "munmap" && record.syscall !== "mremap") return;
  const from = record.args["addr"] ?? 0;
  const owner = ownerOf(task, record);
  const length = record.args["len"] ?? record.args["old_len"] ?? 0;
  unmapRange(translation, owner, from, from + length);
  forget(translation, owner, from, from + length);
}

/** What was asked of these addresses is over. */
function forget(
  translation: PageCacheTranslation,
  owner: string,
  from: number,
  to: number,
): void {
  translation.asked = translation.asked.filter((each) =>
    each.owner !== owner || each.to <= from || each.from >= to
  );
}

/** A line shows what the mapping at an address is. */
export function mappingShown(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  shown: {
    readonly file: FileId;
    readonly address: number;
    readonly gets: "synchronous" | "plain";
    readonly where: Where;
  },
): void {
  if (translation.asked.length === 0) return;
  const { file, address, gets, where } = shown;
  const owner = ownerOf(task, record);
  const at = translation.asked.findIndex((each) =>
    each.owner === owner && each.from <= address && address < each.to
  );
  const [asked] = at === -1 ? [] : translation.asked.splice(at, 1);
  if (asked === undefined) return;
  translation.emit({ kind: "sync_mapping", where, since: asked.returned, file, gets });
}

/** The page of a fault that needed a sync call is writable now. */
export function syncFaultMapped(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  where: Where,
  { file, pgoff }: { readonly file: FileId; readonly pgoff: number },
): void {
  const { needsSync } = task;
  task.needsSync = undefined;
  if (needsSync === undefined || needsSync.pgoff !== pgoff) return;
  if (!sameFile(needsSync.file, file) || needsSync.entered && !needsSync.synced) return;
  const { since, synced } = needsSync;
  translation.emit({ kind: "sync_page_mapped", where, since, file, pgoff, synced });
}

function momentOf({ line, time, cpu }: RecordHead): Moment {
  return { line, time, cpu };
}

/** Whose memory it is: that of the task's process. */
export function ownerOf({ group }: PageCacheTask, { pid }: RecordHead): string {
  return group === undefined ? `t${pid}` : String(group);
}
