/**
 * System calls: sync calls, removals and unmaps, from entry to exit.
 *
 * @module
 */
import { type FileId, sameFile, type Where } from "../../../model/check/observation.ts";
import type { SyscallEnterRecord, SyscallExitRecord } from "../record.ts";
import { type CallPurpose, isSync, purposeOf, removesPages } from "../system_calls.ts";
import type { NamedBy, OpenCall, PendingRemoval, TaskState } from "../task.ts";
import { type Translation, whereOf } from "./translation.ts";

/** Call name of a removal that only markers show. */
export const marked = "marker";

/** From the least trusted to the most. */
const trust: readonly NamedBy[] = ["descriptor", "marker", "kernel"];

/** A removal in flight. */
export type OpenRemoval = Extract<OpenCall, { kind: "removal" }>;

/**
 * The removal's file is known: from now on it may take effect. A line of the kernel inside the call is
 * believed before a marker, and a marker before what the descriptor was when it was last seen.
 */
export function nameRemoval(
  { emit }: Translation,
  removal: OpenRemoval,
  file: FileId,
  where: Where,
  by: NamedBy,
): void {
  if (removal.file !== undefined) {
    if (trust.indexOf(by) <= trust.indexOf(removal.namedBy)) return;
    removal.namedBy = by;
    if (sameFile(removal.file, file)) return;
    // What was begun on the other file has never happened.
    const end = { where, call: removal.call, done: false, guess: undefined, void: true } as const;
    emit({ kind: "removal_end", ...end });
  }
  removal.file = file;
  removal.namedBy = by;
  const { call, entered, begin: { why, fromByte, toByte } } = removal;
  emit({ kind: "removal_begin", where: entered, call, file, why, fromByte, toByte });
}

/** A system call is entered. */
export function callEntered(
  translation: Translation,
  task: TaskState,
  record: SyscallEnterRecord,
): void {
  abandonCall(translation, task, record);
  const purpose = purposeOf(record);
  const { line, syscall: name } = record;
  if (purpose.kind === "other") {
    task.call = { kind: "other", name, line };
    const { fd } = record.args;
    if (name === "close" && fd !== undefined) task.descriptors?.delete(fd);
    return;
  }
  task.call = open(translation, task, record, purpose);
}

function open(
  translation: Translation,
  task: TaskState,
  record: SyscallEnterRecord,
  purpose: Exclude<CallPurpose, { kind: "other" }>,
): OpenCall {
  const { emit } = translation;
  const { line, syscall: name, args: { fd } } = record;
  // A `switch`, here and below: every system call of a trace comes through it.
  switch (purpose.kind) {
    case "sync": {
      const { ranged, text } = purpose;
      const call = ++translation.calls;
      emit({ kind: "sync_begin", where: whereOf(record, text), call });
      return { kind: "sync", call, name, line, fd, ranged, rangeKnown: false, byEvent: false };
    }
    case "removal": {
      const { kind: _, ...begin } = purpose;
      const call = ++translation.calls;
      const removal: OpenRemoval = {
        kind: "removal",
        call,
        name,
        line,
        entered: whereOf(record, begin.text),
        fd,
        begin,
        file: undefined,
        namedBy: "descriptor",
        markedIn: undefined,
      };
      const announced = announcedFile(translation, task, begin);
      // A vague call speaks of more files than its descriptor's.
      const known = fd === undefined || begin.vague === true
        ? undefined
        : task.descriptors?.get(fd);
      const file = announced ?? known;
      if (file === undefined) return removal;
      if (fd !== undefined) (task.descriptors ??= new Map()).set(fd, file);
      const by = announced === undefined ? "descriptor" : "marker";
      nameRemoval(translation, removal, file, removal.entered, by);
      return removal;
    }
    case "unmap": {
      const { start, end, access, text } = purpose;
      emit({ kind: "unmap", where: whereOf(record, text), start, end, access, done: false });
      return { kind: "unmap", name, line, start, end, access };
    }
    default:
      return purpose satisfies never;
  }
}

/** The file that markers named, if a marker announced this very removal. */
function announcedFile(
  translation: Translation,
  task: TaskState,
  begin: PendingRemoval,
): FileId | undefined {
  if (task.announced === undefined) return undefined;
  const offset = task.announced.offset ?? task.announced.size;
  return offset === begin.fromByte ? declaredFile(translation, task) : undefined;
}

/** The file that the task's markers named, or those of its thread group. */
export function declaredFile(
  { declared }: Translation,
  { declared: own, group }: TaskState,
): FileId | undefined {
  return own ?? (group === undefined ? undefined : declared.get(group));
}

function showsTruncate(record: SyscallEnterRecord): boolean {
  return record.syscall === "ftruncate" || record.syscall === "truncate";
}

/** The call before has returned without being seen to: its exits are not recorded. */
function abandonCall(
  translation: Translation,
  task: TaskState,
  record: SyscallEnterRecord,
): void {
  const { call } = task;
  if (call === undefined) return;
  task.call = undefined;
  if (call.kind === "removal" && call.name === marked && showsTruncate(record)) {
    // The marker has announced this very call.
    const where = whereOf(record, `${call.name} is over`);
    const end = { where, call: call.call, done: false, guess: undefined, void: true } as const;
    if (call.file !== undefined) translation.emit({ kind: "removal_end", ...end });
    return;
  }
  returned(translation, call, whereOf(record, `${call.name} is over`), undefined);
}

/** Calls that return a descriptor, which then is no longer what it was. */
const makesDescriptors: ReadonlySet<string> = new Set([
  "open",
  "openat",
  "openat2",
  "creat",
  "dup",
]);

/** A system call returned. */
export function callReturned(
  translation: Translation,
  task: TaskState,
  record: SyscallExitRecord,
): void {
  const { call } = task;
  const { syscall: name, result } = record;
  if (makesDescriptors.has(name) && result >= 0) task.descriptors?.delete(result);
  // Where only returns are recorded, this is that of the sync which events have shown.
  const shown = call?.kind === "sync" && call.byEvent && isSync(name);
  if (call === undefined || (call.name !== name && !shown)) {
    // It was entered before the trace or a gap, or entries are not recorded.
    if (!removesPages(name) || result < 0) return;
    const since = translation.entered.has(name) ? translation.gapLine : task.said.line;
    hide(translation, since, whereOf(record, `${name} -> ${result}`, "settles"), undefined);
    return;
  }
  task.call = undefined;
  const settles = call.kind === "removal" && call.begin.why !== "layout";
  const where = whereOf(record, `${name} -> ${result}`, settles ? "settles" : "other");
  returned(translation, call, where, result);
}

/** Whatever call the task was in is over; `result` is undefined if that is not told. */
export function leaveCall(
  translation: Translation,
  task: TaskState,
  where: Where,
  result: number | undefined,
): void {
  const { call } = task;
  task.call = undefined;
  if (call !== undefined) returned(translation, call, where, result);
}

function returned(
  translation: Translation,
  open: OpenCall,
  where: Where,
  result: number | undefined,
): void {
  const { emit } = translation;
  switch (open.kind) {
    case "sync": {
      const { call, ranged, rangeKnown, byEvent } = open;
      const promises = result === 0 && (!ranged || rangeKnown);
      const untold = byEvent && !promises && (result ?? 0) === 0;
      return emit({ kind: "sync_end", where, call, promises, untold });
    }
    case "removal": {
      const { call, line, fd, file, namedBy, begin } = open;
      const worked = result !== undefined && result >= 0;
      if (file !== undefined) {
        const certain = namedBy !== "descriptor";
        const guess = worked && !certain ? guessOf(where.pid, fd) : undefined;
        const done = worked && certain && begin.vague !== true;
        return emit({ kind: "removal_end", where, call, done, guess });
      }
      if (result !== undefined && result < 0) return;
      return hide(translation, line, where, begin.vague === true ? undefined : begin.why);
    }
    case "unmap": {
      const { start, end, access } = open;
      if (result !== undefined && result < 0) return;
      return emit({ kind: "unmap", where, start, end, access, done: result !== undefined });
    }
    case "other":
      return;
    default:
      return open satisfies never;
  }
}

/** Name of what was concluded from a descriptor alone. */
function guessOf(pid: number, fd: number | undefined): string {
  return `${pid} ${fd}`;
}

/**
 * An event names the file that a descriptor stands for. If it is the one that it stood for before, it
 * was so in between, too.
 */
export function nameDescriptor(
  { emit }: Translation,
  task: TaskState,
  fd: number,
  file: FileId,
  where: Where,
): void {
  const descriptors = task.descriptors ??= new Map();
  const before = descriptors.get(fd);
  descriptors.set(fd, file);
  if (before === undefined || !sameFile(before, file)) return;
  emit({ kind: "removal_confirmed", where, guess: guessOf(task.pid, fd), file });
}

/** Some file has lost pages, or at least its layout was broken, between a line and this. */
function hide(
  { emit }: Translation,
  since: number,
  where: Where,
  why: PendingRemoval["why"] | undefined,
): void {
  const removes = why !== "layout";
  emit({ kind: "hidden_removal", where, since, file: undefined, removes, fromByte: 0 });
}
