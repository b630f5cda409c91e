/**
 * Writeback passes, the mappings that mkclean visits in them, and what names the file of a call.
 *
 * @module
 */
import type { FileId, Where } from "../../../model/check/observation.ts";
import type { ProbeRecord, TracepointRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import type { KernelEvent } from "../tracepoints.ts";
import { nameRemoval } from "./calls.ts";
import { endPass, pairProbe } from "./pairs.ts";
import { type Translation, whereOf } from "./translation.ts";

type Of<K extends KernelEvent["kind"]> = Extract<KernelEvent, { kind: K }>;

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
  if (call.kind === "removal") nameRemoval(translation, call, file, where);
  if (call.kind === "sync") {
    const range = call.ranged ? undefined : { from: 0, to: Infinity };
    translation.emit({ kind: "sync_file", where, call: call.call, file, range });
  }
  if ((call.kind === "removal" || call.kind === "sync") && call.fd !== undefined) {
    task.descriptors.set(call.fd, file);
  }
}

/** `dax_writeback_range`. */
export function passBegins(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, from, to, text }: Of<"writeback_begin">,
): void {
  endPass(translation, task, record);
  task.pass = { file, line: record.line, visits: [], working: false };
  const where = whereOf(record, text);
  nameCall(translation, task, file, where);
  const { call } = task;
  if (call?.kind !== "sync" || task.faultSince !== undefined) return;
  call.rangeKnown = true;
  if (!call.ranged) return;
  const range = { from, to: to + 1 };
  translation.emit({ kind: "sync_file", where, call: call.call, file, range });
}

/** `dax_writeback_one`. */
export function entryCleaned(
  { emit, visitsRecorded }: Translation,
  { pass }: TaskState,
  record: TracepointRecord,
  { file, pgoff, order, text }: Of<"cleaned">,
): void {
  const visits = pass?.visits ?? [];
  if (pass !== undefined) {
    pass.visits = [];
    pass.working = false;
  }
  emit({
    kind: "cleaned",
    where: whereOf(record, text),
    file,
    pgoff,
    order,
    visits: visitsRecorded && pass !== undefined ? visits : undefined,
    laterVisitsDoubtful: visits.some(({ kind }) => kind === "address"),
  });
}

/** Functions that a pass calls for one entry, and for nothing else. */
const workOnEntry: ReadonlySet<string> = new Set([
  "pfn_mkclean_range",
  "follow_invalidate_pte",
  "dax_flush",
]);

/** A kprobe: its function is what counts, whatever its author named it. */
export function probed(translation: Translation, task: TaskState, record: ProbeRecord): void {
  pairProbe(translation, task, record);
  if (record.returns) return;
  const { function: name, args } = record;
  const pointer = args["mapping"];
  if (pointer !== undefined) notePointer(translation, task, pointer, whereOf(record, name));
  if (task.pass === undefined) return;
  if (workOnEntry.has(name)) task.pass.working = true;
  if (name === "pfn_mkclean_range") {
    const start = Number(args["vm_start"]);
    const end = Number(args["vm_end"]);
    if (Number.isFinite(start) && Number.isFinite(end)) {
      translation.visitsRecorded = true;
      task.pass.visits.push({ kind: "vma", start, end });
    }
  }
  if (name === "follow_invalidate_pte") {
    const address = Number(args["addr"]);
    if (Number.isFinite(address)) {
      translation.visitsRecorded = true;
      task.pass.visits.push({ kind: "address", address });
    }
  }
}

/** A probe prints its address_space: learn whose it is, or say whose the call is. */
function notePointer(
  translation: Translation,
  task: TaskState,
  pointer: string,
  where: Where,
): void {
  const known = translation.pointers.get(pointer);
  if (known !== undefined) nameCall(translation, task, known, where);
  else if (task.pass !== undefined) translation.pointers.set(pointer, task.pass.file);
  else if (task.fault !== undefined) translation.pointers.set(pointer, task.fault.file);
}
