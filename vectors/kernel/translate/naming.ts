/**
 * What names the file of a call, and removals that no recorded call asked for.
 *
 * @module
 */
import type { FileId, Where } from "../../../model/check/observation.ts";
import { textIn } from "../line_words.ts";
import { eventName, type ProbeRecord, type RecordHead, type TaskRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import { nameDescriptor, nameRemoval } from "./calls.ts";
import { type Translation, whereOf } from "./translation.ts";

/** An event inside the task's system call names the file that the call works on. */
export function nameCall(
  translation: Translation,
  task: TaskState,
  file: FileId,
  where: Where,
): void {
  const { call } = task;
  // Inside a fault (MAP_SYNC) it is the fault's file, not the call's.
  if (call === undefined || task.faultSince !== undefined) return;
  if (call.kind === "removal") nameRemoval(translation, call, file, where, "kernel");
  if (call.kind === "sync") {
    const range = call.ranged ? undefined : { from: 0, to: Infinity };
    translation.emit({ kind: "sync_file", where, call: call.call, file, range });
  }
  if ((call.kind === "removal" || call.kind === "sync") && call.fd !== undefined) {
    nameDescriptor(translation, task, call.fd, file, where);
  }
}

/**
 * An event that only removals have. Outside a call that is known to remove, it is a truncate by path
 * or by open(2), say, or the call is not recorded: how much of the file goes is not told.
 */
export function nameRemovalCall(
  translation: Translation,
  task: TaskState,
  record: TaskRecord,
  file: FileId,
  fromByte: number,
): void {
  if (task.call?.kind === "removal") {
    nameCall(translation, task, file, whereOf(record, eventName(record)));
    return;
  }
  endUnbidden(translation, task, record);
  const files = [{ file, removes: true, fromByte }];
  task.unbidden = { files, line: unbiddenSince(task, record) };
}

/** Names a truncate by an event that comes with every one on its file system, whatever asks for it. */
export function nameTruncate(
  translation: Translation,
  task: TaskState,
  record: TaskRecord,
  file: FileId,
  fromByte: number,
): void {
  translation.truncating.add(file.dev);
  nameRemovalCall(translation, task, record, file, fromByte);
}

/**
 * A clone: of the one file layouts are broken, and of the other what is replaced goes. Which call has
 * asked for it matters only in so far as it has an end.
 */
export function nameClone(
  translation: Translation,
  task: TaskState,
  record: TaskRecord,
  file: FileId,
  to: FileId,
): void {
  endUnbidden(translation, task, record);
  const replaced = { file: to, removes: true, fromByte: 0 };
  const line = unbiddenSince(task, record);
  if (task.call?.kind === "removal") {
    nameCall(translation, task, file, whereOf(record, eventName(record)));
    task.unbidden = { files: [replaced], line };
  } else task.unbidden = { files: [{ file, removes: false, fromByte: 0 }, replaced], line };
}

/** Pages go before the tracepoint is reached; a task that was never outside works on no user's behalf. */
function unbiddenSince({ edge, seenOutside }: TaskState, { line }: RecordHead): number {
  return seenOutside ? edge.line : line;
}

/** The task does something else: what an event outside any call began has ended. */
export function endUnbidden(
  { emit }: Translation,
  task: TaskState,
  record: RecordHead,
): void {
  const { unbidden } = task;
  if (unbidden === undefined) return;
  task.unbidden = undefined;
  const where = whereOf(record, "something was removed");
  for (const { file, removes, fromByte } of unbidden.files) {
    emit({ kind: "hidden_removal", where, since: unbidden.line, file, removes, fromByte });
  }
}

/** `dax_delete_mapping_entry`, called for an entry that was found. */
export function entryDeleted(
  { emit }: Translation,
  { call }: TaskState,
  record: RecordHead,
  pgoff: number,
): void {
  if (call?.kind !== "removal" || call.file === undefined) return;
  const text = `dax_delete_mapping_entry 0x${pgoff.toString(16)}`;
  emit({ kind: "entry_deleted", where: whereOf(record, text), call: call.call, pgoff });
}

/** A probe may print its address_space: learn whose it is, or say whose the removal is. */
export function meetPointer(translation: Translation, task: TaskState, record: ProbeRecord): void {
  const file = task.pass?.file ?? task.fault?.file;
  if (file === undefined && task.call?.kind !== "removal") return;
  const pointer = textIn(record.words, "mapping");
  if (pointer === undefined) return;
  if (file !== undefined) translation.pointers.set(pointer, file);
  else if (task.call?.kind === "removal") {
    const known = translation.pointers.get(pointer);
    const where = whereOf(record, record.function);
    if (known !== undefined) nameCall(translation, task, known, where);
  }
}
