/**
 * What must come in pairs: a record whose partner is missing proves that lines were lost or taken
 * out, even where the recorder says nothing.
 *
 * @module
 */
import type { ProbeRecord, RecordHead, SyscallEnterRecord, SyscallExitRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import { gap, type Translation } from "./translation.ts";

function missing(translation: Translation, { line }: RecordHead, what: string): void {
  gap(translation, line, `${what} before line ${line}: an event is missing`);
}

/** A kprobe's entry and return: none without the other, where both are recorded. */
export function pairProbe(translation: Translation, task: TaskState, record: ProbeRecord): void {
  const { function: name, returns } = record;
  const { seen } = translation;
  if (returns) {
    const entered = task.inside.delete(name);
    const expected = seen.has(`enter ${name}`) && task.seenOutside;
    seen.add(`return ${name}`);
    if (!entered && expected) missing(translation, record, `${name} returns but was not entered`);
    return;
  }
  if (task.inside.has(name) && seen.has(`return ${name}`)) {
    missing(translation, record, `${name} was entered twice but did not return`);
  }
  seen.add(`enter ${name}`);
  task.inside.add(name);
}

/** A system call is entered: the one before it has returned. */
export function pairEntry(
  translation: Translation,
  task: TaskState,
  record: SyscallEnterRecord,
): void {
  const { call } = task;
  if (call !== undefined && call.name !== "marker" && translation.seen.has(`exit ${call.name}`)) {
    missing(translation, record, `${call.name} does not return`);
  }
  endPass(translation, task, record);
}

/** A system call returns: it was entered, unless the trace began inside it. */
export function pairExit(
  translation: Translation,
  task: TaskState,
  record: SyscallExitRecord,
): void {
  const { seen } = translation;
  const name = record.syscall;
  if (task.call?.name !== name && task.seenOutside && seen.has(`sys_${name}`)) {
    missing(translation, record, `${name} returns but was not entered`);
  }
  seen.add(`exit ${name}`);
  endPass(translation, task, record);
}

/** A writeback pass that is open when its task does something else has no end. */
export function endPass(translation: Translation, task: TaskState, record: RecordHead): void {
  const { pass } = task;
  if (pass === undefined) return;
  task.pass = undefined;
  if (!translation.seen.has("dax_writeback_range_done")) return;
  missing(translation, record, `dax_writeback_range at line ${pass.line} has no end`);
}

/** `dax_writeback_range_done`: the pass began, and every entry worked on was declared clean. */
export function pairPassEnd(translation: Translation, task: TaskState, record: RecordHead): void {
  const { pass } = task;
  task.pass = undefined;
  const { seen } = translation;
  if (pass === undefined) {
    if (seen.has("dax_writeback_range") && task.seenOutside) {
      missing(translation, record, "dax_writeback_range_done has no dax_writeback_range");
    }
    return;
  }
  if (pass.working && seen.has("dax_writeback_one")) {
    missing(translation, record, "an entry was worked on, but there is no dax_writeback_one");
  }
}
