/**
 * System calls: sync calls, removals and unmaps, from entry to exit.
 *
 * @module
 */
import { match } from "ts-pattern";
import { type FileId, fileKey, type Where } from "../../../model/check/observation.ts";
import { markerNumber } from "../marker_text.ts";
import type { SyscallEnterRecord, SyscallExitRecord } from "../record.ts";
import { purposeOf } from "../system_calls.ts";
import type { OpenCall, PendingRemoval, TaskState } from "../task.ts";
import { gap, type Translation, whereOf } from "./translation.ts";

/** A removal in flight. */
export type OpenRemoval = Extract<OpenCall, { kind: "removal" }>;

/** The removal's file is known: from now on it may take effect. */
export function nameRemoval(
  translation: Translation,
  removal: OpenRemoval,
  file: FileId,
  where: Where,
): void {
  if (removal.named !== undefined) {
    if (fileKey(removal.named) === fileKey(file)) return;
    // The descriptor was closed and opened again unseen: what was said of the old file is undone.
    removal.named = file;
    gap(translation, where.line, `line ${where.line}: ${removal.name} works on another file`);
    return;
  }
  removal.named = file;
  const { call, begin: { why, fromByte, toByte, text } } = removal;
  translation.emit({
    kind: "removal_begin",
    where: { ...where, text },
    call,
    file,
    why,
    since: removal.line,
    ranged: true,
    fromByte,
    toByte,
  });
}

/** A system call is entered. */
export function callEntered(
  translation: Translation,
  task: TaskState,
  record: SyscallEnterRecord,
): void {
  const { emit } = translation;
  const fd = record.args["fd"];
  const name = record.syscall;
  if (name === "close" && fd !== undefined) task.descriptors.delete(fd);
  task.call = match(purposeOf(record))
    .with({ kind: "sync" }, ({ ranged, text }): OpenCall => {
      const call = ++translation.calls;
      emit({ kind: "sync_begin", where: whereOf(record, text), call });
      return { kind: "sync", call, name, fd, ranged, rangeKnown: false };
    })
    .with({ kind: "removal" }, (begin): OpenCall => {
      const call = ++translation.calls;
      const { line } = record;
      const open: OpenRemoval = {
        kind: "removal",
        line,
        call,
        name,
        fd,
        begin,
        named: undefined,
      };
      const file = announcedFile(translation, task, begin) ??
        (fd === undefined ? undefined : task.descriptors.get(fd));
      if (file === undefined) return open;
      if (fd !== undefined) task.descriptors.set(fd, file);
      nameRemoval(translation, open, file, whereOf(record, begin.text));
      return open;
    })
    .with({ kind: "unmap" }, ({ start, end, text }): OpenCall => {
      emit({ kind: "unmap", where: whereOf(record, text), start, end, done: false });
      return { kind: "unmap", name, start, end };
    })
    .with({ kind: "other" }, (): OpenCall => ({ kind: "other", name }))
    .exhaustive();
}

/** The file that markers named, if a marker announced this very removal. */
function announcedFile(
  { declared }: Translation,
  { announced }: TaskState,
  begin: PendingRemoval,
): FileId | undefined {
  if (announced === undefined || declared === undefined) return undefined;
  const offset = markerNumber(announced, "off") ?? markerNumber(announced, "size");
  return offset === begin.fromByte ? declared : undefined;
}

/** System calls that return a descriptor, which then is no longer what it was. */
const descriptorMakers: ReadonlySet<string> = new Set([
  "open",
  "openat",
  "openat2",
  "creat",
  "dup",
]);

/** Something was removed from the file, and nothing tells what: any page may have gone. */
export function unknownRemoval(translation: Translation, file: FileId, where: Where): void {
  const { emit } = translation;
  const call = ++translation.calls;
  const range = { why: "truncate", ranged: false, fromByte: 0, toByte: Infinity } as const;
  emit({ kind: "removal_begin", where, since: where.line, call, file, ...range });
  emit({ kind: "removal_end", where, call, done: true });
}

/** A system call returned. */
export function callReturned(
  translation: Translation,
  task: TaskState,
  record: SyscallExitRecord,
): void {
  const { emit, notes } = translation;
  const opened = descriptorMakers.has(record.syscall) && record.result >= 0;
  if (opened) task.descriptors.delete(record.result);
  const { call } = task;
  task.call = undefined;
  if (call === undefined || call.name !== record.syscall) return;
  const failed = record.result < 0;
  const where = whereOf(record, `${call.name} -> ${record.result}`);
  match(call)
    .with({ kind: "sync" }, ({ call: number, ranged, rangeKnown }) => {
      const promises = record.result === 0 && (!ranged || rangeKnown);
      emit({ kind: "sync_end", where, call: number, promises });
    })
    .with({ kind: "removal" }, ({ call: number, named, begin }) => {
      if (named !== undefined) emit({ kind: "removal_end", where, call: number, done: !failed });
      else if (!failed && task.mappings.size > 0 && begin.why !== "layout") {
        notes.namelessRemovals.push(where);
        for (const { file } of task.mappings.values()) unknownRemoval(translation, file, where);
      }
    })
    .with({ kind: "unmap" }, ({ start, end }) => {
      if (!failed) emit({ kind: "unmap", where, start, end, done: true });
    })
    .with({ kind: "other" }, () => {})
    .exhaustive();
}
