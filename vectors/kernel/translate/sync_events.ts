/**
 * Sync calls by the events of their file system: they name the call's file, and where system calls are
 * not recorded they are all that shows of it.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { eventName, type TaskRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import { leaveCall } from "./calls.ts";
import { nameCall } from "./naming.ts";
import { type Translation, whereOf } from "./translation.ts";

/** System calls that sync. */
const syncs = ["fsync", "fdatasync", "msync"];

/**
 * A sync of the file is entered. Outside any recorded call it is one itself: of which pages, only the
 * pass in it tells, for msync and O_SYNC come here, too.
 */
export function syncEntered(
  translation: Translation,
  task: TaskState,
  record: TaskRecord,
  file: FileId,
): void {
  const { call } = task;
  const where = whereOf(record, eventName(record));
  const alone = call === undefined || (call.kind === "sync" && call.byEvent);
  if (
    alone && task.faultSince === undefined && !syncs.some((name) => translation.entered.has(name))
  ) {
    leaveCall(translation, task, where, undefined);
    const number = ++translation.calls;
    translation.emit({ kind: "sync_begin", where, call: number });
    task.call = {
      kind: "sync",
      call: number,
      name: eventName(record),
      line: record.line,
      fd: undefined,
      ranged: true,
      rangeKnown: false,
      byEvent: true,
    };
  }
  nameCall(translation, task, file, where);
}

/** The sync is over, and this is what it returns. */
export function syncLeft(
  translation: Translation,
  task: TaskState,
  record: TaskRecord,
  status: number | undefined,
): void {
  const { call } = task;
  if (status === undefined) return;
  if (call?.kind !== "sync" || !call.byEvent || task.faultSince !== undefined) return;
  leaveCall(translation, task, whereOf(record, `${eventName(record)} -> ${status}`), status);
}
