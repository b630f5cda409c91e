/**
 * Calls as such: what a sync call promises as it begins and has kept as it returns, who reads, and when
 * a removal is over.
 *
 * @module
 */
import { Removed } from "../../model/effects/blocks.ts";
import { Status } from "../../model/operation/world.ts";
import { bitsOf, directTaskOf, taskOf } from "./file_world.ts";
import {
  emit,
  endOf,
  type FileMoment,
  isDirect,
  isOne,
  isRemoval,
  pagesOf,
  wholePagesOf,
} from "./moment.ts";

/** True if the call promises the whole file. msync of a part promises less than a sync event says. */
function isSync(moment: FileMoment): boolean {
  const { transcript: { file }, place } = moment;
  if (place?.operation.kind === "syncfs") return true;
  if (isOne(moment, "fsync", "fdatasync")) return true;
  const isShared = file.layout.mappings[place?.mapping ?? -1]?.isPrivate === false;
  return isOne(moment, "msync") && isShared && place?.operation.kind === "msync" &&
    place.operation.flags === "MS_SYNC" && pagesOf(moment).length === file.pages.length;
}

/** What the first step of an operation says, before anything that it does. */
export function beginEvents(moment: FileMoment): void {
  const { transcript, place } = moment;
  const { file, begun, state } = transcript;
  if (place === undefined || begun.has(place.index)) return;
  begun.add(place.index);
  const task = taskOf(file, place);
  if (isSync(moment)) {
    emit(transcript, { kind: "fsync_begin", task });
    if (file.isDax) emit(transcript, { kind: "sync_begin", task });
  }
  if (!isOne(moment, "load", "pread")) return;
  for (const page of pagesOf(moment)) {
    const at = file.pageOf(page);
    // INV-4 speaks of pages that nobody has written to since; of writes the state knows stores alone.
    const isGone = ((state.removed[at] ?? 0) & Removed.GONE) !== 0;
    if (!isGone || !transcript.written.has(at)) {
      emit(transcript, { kind: "observe", task, page: at });
    }
    if (!isOne(moment, "pread") || !isDirect(moment)) continue;
    emit(transcript, { kind: "direct_begin", task: directTaskOf(file, place, page), page: at });
  }
}

/** What the last step says, after all that it does. */
export function endEvents(moment: FileMoment): void {
  const { transcript, place } = moment;
  const { file } = transcript;
  const end = endOf(moment);
  if (place === undefined || end === undefined) return;
  const task = taskOf(file, place);
  if (isSync(moment)) {
    const says = end === Status.EIO ? "EIO" : "ok";
    // syncfs reports errors of the file system, which are not those that fsync reports of a file.
    const isOfFile = place.operation.kind !== "syncfs";
    if (isOfFile) emit(transcript, { kind: "report_error", task, page: 0, says });
    if (file.isDax && says === "ok") emit(transcript, { kind: "sync_end", task });
    const allFiles = place.operation.kind === "syncfs" ? { allFiles: true } as const : {};
    if (isOfFile || says === "ok") emit(transcript, { kind: "fsync_end", task, ...allFiles });
  }
  for (const page of pagesOf(moment)) {
    const at = file.pageOf(page);
    if (isOne(moment, "pread") && isDirect(moment)) {
      const direct = directTaskOf(file, place, page);
      emit(transcript, { kind: "direct_end", task: direct, page: at, writes: 0 });
    }
    const { operation, fd } = place;
    const isSynchronous = file.layout.fds[fd]?.isSync === true ||
      operation.kind === "pwrite" && operation.dsync === true;
    if (isOne(moment, "pwrite") && isSynchronous && end === Status.OK) {
      emit(transcript, { kind: "dsync_end", task, page: at, writes: bitsOf(file, place, page) });
    }
  }
  if (!isRemoval(moment)) return;
  for (const page of wholePagesOf(moment)) {
    emit(transcript, { kind: "removal_end", task, page: file.pageOf(page) });
  }
}

/** invalidate_lock, as far as it was taken or given back in the step. */
export function semaphoreEvents(moment: FileMoment, kind: "acquire" | "release"): void {
  const { transcript, before, after, place } = moment;
  const { file } = transcript.file;
  const [free, held] = kind === "acquire" ? [before, after] : [after, before];
  const writes = (free.invalidateWriter[file] ?? 0) === 0 && (held.invalidateWriter[file] ?? 0) > 0;
  const reads = (free.invalidateReaders[file] ?? 0) < (held.invalidateReaders[file] ?? 0);
  if (place === undefined || (!writes && !reads)) return;
  const lock = { task: taskOf(transcript.file, place), lock: "invalidate_lock" } as const;
  if (kind === "release") emit(transcript, { kind, ...lock });
  else emit(transcript, { kind, ...lock, mode: writes ? "exclusive" : "shared" });
}
