/**
 * Writeback passes, the mappings that mkclean visits in them, and what names the file of a call.
 *
 * @module
 */
import { type FileId, fileKey, type Where } from "../../../model/check/observation.ts";
import type { ProbeRecord, RecordHead, TracepointRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import type { KernelEvent } from "../tracepoints.ts";
import { nameDescriptor, nameRemoval } from "./calls.ts";
import { endPass, pairProbe } from "./pairs.ts";
import { momentOf, type Translation, whereOf } from "./translation.ts";

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
  if (call.kind === "removal") nameRemoval(translation, call, file, where, true);
  if (call.kind === "sync") {
    const range = call.ranged ? undefined : { from: 0, to: Infinity };
    translation.emit({ kind: "sync_file", where, call: call.call, file, range });
  }
  if ((call.kind === "removal" || call.kind === "sync") && call.fd !== undefined) {
    nameDescriptor(translation, task, call.fd, file, where);
  }
}

/** Events without which no file on their file system is truncated, whatever asks for it. */
const truncates: ReadonlySet<string> = new Set([
  "ext4_truncate_enter",
  "xfs_itruncate_extents_start",
]);

/**
 * An event that only removals have. Outside a call that is known to remove, it is a truncate by path
 * or by open(2), say, or the call is not recorded: how much of the file goes is not told.
 */
export function nameRemovalCall(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, fromByte, text }: Of<"names_removal">,
): void {
  const { call } = task;
  if (truncates.has(record.name)) translation.truncating.add(file.dev);
  if (call?.kind === "removal") {
    nameCall(translation, task, file, whereOf(record, text));
    return;
  }
  endUnbidden(translation, task, record);
  const files = [{ file, removes: true, fromByte }];
  task.unbidden = { files, line: unbiddenSince(task, record) };
}

/**
 * A clone: of the one file layouts are broken, and of the other what is replaced goes. Which call has
 * asked for it matters only in so far as it has an end.
 */
export function nameClone(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, to, text }: Of<"names_clone">,
): void {
  endUnbidden(translation, task, record);
  const replaced = { file: to, removes: true, fromByte: 0 };
  const line = unbiddenSince(task, record);
  if (task.call?.kind === "removal") {
    nameCall(translation, task, file, whereOf(record, text));
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

/** `dax_writeback_range`. */
export function passBegins(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, from, to, text }: Of<"writeback_begin">,
): void {
  endPass(translation, task, record);
  const key = fileKey(file);
  let alone = true;
  for (const { pass } of translation.passing) {
    if (pass === undefined || fileKey(pass.file) !== key) continue;
    pass.alone = false;
    alone = false;
  }
  task.pass = {
    file,
    begin: momentOf(record),
    from,
    to: to + 1,
    visits: [],
    blind: false,
    working: false,
    cleaned: 0,
    alone,
  };
  translation.passing.add(task);
  const where = whereOf(record, text);
  translation.emit({ kind: "pass_begin", where, file, from, to: to + 1 });
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
  const visits = pass === undefined || pass.blind || visitsRecorded === undefined
    ? undefined
    : pass.visits;
  if (pass !== undefined) {
    pass.visits = [];
    pass.working = false;
    pass.cleaned++;
  }
  emit({
    kind: "cleaned",
    where: whereOf(record, text),
    since: pass?.begin,
    file,
    pgoff,
    order,
    // A kernel that goes through all VMAs goes through none only if there is none; or lines are missing.
    visits: visitsRecorded === "vma" && visits?.length === 0 ? undefined : visits,
    laterVisitsDoubtful: visits?.some(({ kind }) => kind === "address") ?? false,
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
  const { function: name, args } = record;
  const { pass } = task;
  if (record.returns) {
    if (pass === undefined || name !== "follow_invalidate_pte") return;
    const last = pass.visits.at(-1);
    const result = Number(args["ret"]);
    // -EINVAL: no PTE and no PMD maps the address.
    if (last?.kind === "address" && result < 0) {
      pass.visits[pass.visits.length - 1] = { ...last, vacant: true };
    }
    return;
  }
  const pointer = args["mapping"];
  if (pointer !== undefined) notePointer(translation, task, pointer, record);
  if (name === "dax_delete_mapping_entry") entryDeleted(translation, task, record);
  if (pass === undefined) return;
  if (workOnEntry.has(name)) pass.working = true;
  if (name === "pfn_mkclean_range") {
    translation.visitsRecorded = "vma";
    const start = Number(args["vm_start"]);
    const end = Number(args["vm_end"]);
    if (Number.isFinite(start) && Number.isFinite(end)) {
      pass.visits.push({ kind: "vma", start, end });
    } else pass.blind = true;
  }
  if (name === "follow_invalidate_pte") {
    translation.visitsRecorded = "address";
    const address = Number(args["addr"]);
    if (Number.isFinite(address)) pass.visits.push({ kind: "address", address, vacant: false });
    else pass.blind = true;
  }
}

/** `dax_delete_mapping_entry`, called for an entry that was found. */
function entryDeleted({ emit }: Translation, { call }: TaskState, record: ProbeRecord): void {
  const pgoff = Number(record.args["index"]);
  if (call?.kind !== "removal" || call.file === undefined || !Number.isSafeInteger(pgoff)) return;
  const text = `dax_delete_mapping_entry 0x${pgoff.toString(16)}`;
  emit({ kind: "entry_deleted", where: whereOf(record, text), call: call.call, pgoff });
}

/** A probe prints its address_space: learn whose it is, or say whose the removal is. */
function notePointer(
  translation: Translation,
  task: TaskState,
  pointer: string,
  record: ProbeRecord,
): void {
  const file = task.pass?.file ?? task.fault?.file;
  if (file !== undefined) translation.pointers.set(pointer, file);
  else if (task.call?.kind === "removal") {
    const known = translation.pointers.get(pointer);
    const where = whereOf(record, record.function);
    if (known !== undefined) nameCall(translation, task, known, where);
  }
}
