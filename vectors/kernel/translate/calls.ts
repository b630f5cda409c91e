/**
 * System calls: sync calls, removals and unmaps, from entry to exit.
 *
 * @module
 */
import { match } from "ts-pattern";
import type { FileId, Where } from "../../../model/check/observation.ts";
import { markerNumber } from "../marker_text.ts";
import type { SyscallEnterRecord, SyscallExitRecord } from "../record.ts";
import { purposeOf } from "../system_calls.ts";
import type { OpenCall, PendingRemoval, TaskState } from "../task.ts";
import { type Translation, whereOf } from "./translation.ts";

/** A removal in flight. */
export type OpenRemoval = Extract<OpenCall, { kind: "removal" }>;

/** The removal's file is known: from now on it may take effect. */
export function nameRemoval(
  { emit }: Translation,
  removal: OpenRemoval,
  file: FileId,
  where: Where,
): void {
  if (removal.named) return;
  removal.named = true;
  const { call, begin: { why, fromByte, toByte, text } } = removal;
  emit({ kind: "removal_begin", where: { ...where, text }, call, file, why, fromByte, toByte });
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
  task.call = match(purposeOf(record))
    .with({ kind: "sync" }, ({ ranged, text }): OpenCall => {
      const call = ++translation.calls;
      emit({ kind: "sync_begin", where: whereOf(record, text), call });
      return { kind: "sync", call, name, fd, ranged, rangeKnown: false };
    })
    .with({ kind: "removal" }, (begin): OpenCall => {
      const call = ++translation.calls;
      const open: OpenRemoval = { kind: "removal", call, name, fd, begin, named: false };
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

/** A system call returned. */
export function callReturned(
  { emit, notes }: Translation,
  task: TaskState,
  record: SyscallExitRecord,
): void {
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
      if (named) emit({ kind: "removal_end", where, call: number, done: !failed });
      else if (!failed && task.mappings.size > 0 && begin.why !== "layout") {
        notes.namelessRemovals.push(where);
      }
    })
    .with({ kind: "unmap" }, ({ start, end }) => {
      if (!failed) emit({ kind: "unmap", where, start, end, done: true });
    })
    .with({ kind: "other" }, () => {})
    .exhaustive();
}
