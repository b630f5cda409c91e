/**
 * What must come in pairs: a record whose partner is missing proves that lines were lost or taken
 * out, even where the recorder says nothing.
 *
 * @module
 */
import type { Where } from "../../../model/check/observation.ts";
import type { ProbeRecord, RecordHead, SyscallEnterRecord, SyscallExitRecord } from "../record.ts";
import type { OpenPass, TaskState } from "../task.ts";
import { marked } from "./calls.ts";
import { half, type ProbedFunction, type Translation, whereOf } from "./translation.ts";

/** A kprobe's entry and return: none without the other, where both are recorded. */
export function pairProbe(translation: Translation, task: TaskState, record: ProbeRecord): void {
  const { function: name } = record;
  const probed = probedFunction(translation, name);
  // Where only one of the two is recorded, there is nothing to pair.
  if (record.returns) {
    const entered = probed.enters && task.inside?.delete(name) === true;
    probed.returns = true;
    if (entered || !task.seenOutside) return;
    if (probed.enters) half(translation, task.lastLine, record, name, "beginning");
    // Or entries are not recorded: the first one tells.
    else probed.orphan ??= task.lastLine;
    return;
  }
  const { orphan } = probed;
  if (orphan !== undefined) {
    probed.orphan = undefined;
    half(translation, orphan, record, name, "beginning");
  }
  const entered = probed.returns ? task.inside?.get(name) : undefined;
  if (entered !== undefined) half(translation, entered, record, name, "end", entered);
  probed.enters = true;
  (task.inside ??= new Map()).set(name, record.line);
}

function probedFunction({ probed }: Translation, name: string): ProbedFunction {
  let found = probed.get(name);
  if (found === undefined) {
    probed.set(name, found = { enters: false, returns: false, orphan: undefined });
  }
  return found;
}

/** A system call is entered: the one before it has returned. */
export function pairEntry(
  translation: Translation,
  task: TaskState,
  record: SyscallEnterRecord,
): void {
  pairOutside(translation, task, record);
  endPass(translation, task, record);
}

/** Calls in which a task writes a marker: entering one ends nothing that a marker announced. */
export const writes: ReadonlySet<string> = new Set(["write", "writev", "pwrite64", marked]);

/** The task is in user space: the call that it was in has returned. */
export function pairOutside(translation: Translation, task: TaskState, record: RecordHead): void {
  const { call } = task;
  if (call === undefined || writes.has(call.name)) return;
  if (!translation.left.has(call.name)) return;
  half(translation, call.line, record, call.name, "end", call.line);
}

/** A system call returns: it was entered, unless the trace began inside it. */
export function pairExit(
  translation: Translation,
  task: TaskState,
  record: SyscallExitRecord,
): void {
  const { entered, left } = translation;
  const name = record.syscall;
  if (
    !leavesMarker(task, name) && task.call?.name !== name && task.seenOutside && entered.has(name)
  ) {
    half(translation, task.lastLine, record, name, "beginning");
  }
  left.add(name);
  endPass(translation, task, record);
}

/** True if what returns is the write of the marker that has begun the task's removal. */
function leavesMarker({ call }: TaskState, name: string): boolean {
  if (call?.kind !== "removal" || call.markedIn !== name) return false;
  call.markedIn = undefined;
  return true;
}

/** A writeback pass that is open when its task does something else has no end. */
export function endPass(translation: Translation, task: TaskState, record: RecordHead): void {
  const pass = leavePass(translation, task);
  if (pass === undefined) return;
  if (translation.seen.has("dax_writeback_range_done")) {
    const { line } = pass.begin;
    half(translation, line, record, "dax_writeback_range", "end", line);
  } else passOver(translation, pass, whereOf(record, "the pass is over"));
}

/** `dax_writeback_one` outside any pass: its pass began, and nothing that it did before is told. */
export function pairCleaned(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
): void {
  if (task.beheaded || !task.seenOutside || !translation.seen.has("dax_writeback_range")) return;
  half(translation, task.lastLine, record, "dax_writeback_one", "beginning");
  task.beheaded = true;
}

/** `dax_writeback_range_done`: the pass began, and every entry worked on was declared clean. */
export function pairPassEnd(translation: Translation, task: TaskState, record: RecordHead): void {
  const { beheaded } = task;
  const pass = leavePass(translation, task);
  const { seen } = translation;
  if (pass === undefined) {
    if (!beheaded && seen.has("dax_writeback_range") && task.seenOutside) {
      half(translation, task.lastLine, record, "dax_writeback_range_done", "beginning");
    }
    return;
  }
  if (pass.working && seen.has("dax_writeback_one")) {
    const { line } = pass.begin;
    half(translation, line, record, "work on an entry", "end", line);
    return;
  }
  passOver(translation, pass, whereOf(record, "dax_writeback_range_done"));
}

function passOver({ emit, seen }: Translation, pass: OpenPass, where: Where): void {
  const { file, begin, from, to, cleaned, alone, working: worked } = pass;
  const recorded = seen.has("dax_writeback_one");
  emit({
    kind: "pass",
    where,
    begin,
    file,
    from,
    to,
    cleaned,
    worked,
    alone,
    recorded,
  });
}

function leavePass({ passing }: Translation, task: TaskState): OpenPass | undefined {
  const { pass } = task;
  task.pass = undefined;
  task.beheaded = false;
  passing.delete(task);
  return pass;
}
