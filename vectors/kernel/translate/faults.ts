/**
 * DAX faults: from their first event to the mapping that they made.
 *
 * @module
 */
import type { Order } from "../../../model/xarray.ts";
import type { TracepointRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import type { KernelEvent } from "../tracepoints.ts";
import {
  endOpenFault,
  faultSince,
  gap,
  mappingAt,
  momentOf,
  noteMapping,
  type Translation,
  whereOf,
} from "./translation.ts";

const pageSize = 4096;

type Of<K extends KernelEvent["kind"]> = Extract<KernelEvent, { kind: K }>;

/** `page_fault_user`: the CPU has faulted, after the task's last record. */
export function userFault(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { found, address }: Of<"user_fault">,
): void {
  endOpenFault(translation, task, record, "faults again");
  task.faultSince = task.edge;
  task.faultFound = found;
  task.edge = momentOf(record);
  task.untoldFault = typeof address === "string"
    ? undefined
    : { line: record.line, page: Math.floor(address / pageSize) };
}

/** `dax_pte_fault`, `dax_pmd_fault`. */
export function faultBegins(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, pgoff, address, order, write, shared, pages, text }: Of<"fault_begin">,
): void {
  const since = faultSince(task);
  if (pages !== undefined) {
    translation.emit({ kind: "size", where: whereOf(record, text), file, pages });
  }
  const { faultFound } = task;
  endOpenFault(translation, task, record, "faults again");
  task.faultSince = since;
  task.faultFound = faultFound;
  const { line, name } = record;
  task.fault = { line, name, file, pgoff, address, order, write, shared };
  task.hole = false;
  task.untoldFault = undefined;
  if (!shared) return;
  const where = whereOf(record, text);
  const mapping = mappingAt(task, address, pgoff);
  translation.emit({ kind: "fault_begin", where, file, write, pgoff, order, mapping });
}

const beginOf: Readonly<Record<string, string>> = {
  dax_pte_fault_done: "dax_pte_fault",
  dax_pmd_fault_done: "dax_pmd_fault",
};

/** `dax_pte_fault_done`, `dax_pmd_fault_done`. */
export function faultEnds(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  event: Of<"fault_end">,
): void {
  const { seen, notes, emit } = translation;
  const since = faultSince(task);
  const { fault: open, hole, faultFound } = task;
  const begin = beginOf[record.name] ?? "";
  task.fault = undefined;
  task.hole = false;
  task.untoldFault = undefined;
  if (open === undefined && seen.has(begin) && task.lastLine > 0) {
    const reason = `${record.name} at line ${record.line} has no ${begin} before it: ` +
      "an event is missing";
    gap(translation, task.lastLine, record.line, reason);
    return;
  }
  const { file, pgoff, order, write, result, shared, major, pages } = event;
  if (pages !== undefined) emit({ kind: "size", where: whereOf(record, event.text), file, pages });
  if (result === "retry" || result === "fallback") {
    task.faultSince = since;
    emit({ kind: "fault_left", where: whereOf(record, event.text), file });
    return;
  }
  task.faultSince = undefined;
  task.faultFound = undefined;
  task.edge = momentOf(record);
  const { store } = task;
  if (result === "failed" && store !== undefined && Math.floor(store.offset / pageSize) === pgoff) {
    store.failed = true;
  }
  if (!shared || result === "none" || result === "failed") {
    emit({ kind: "fault_left", where: whereOf(record, event.text), file });
    return;
  }
  const mapping = mappingAt(task, event.address, pgoff);
  noteMapping(task, file, mapping);
  if (result === "sync-pending") {
    task.syncFaultOrder = order;
    task.faultSince = since;
    return;
  }
  if (result === "unknown") notes.unknownResults++;
  // A PTE's hole was told by dax_load_hole itself, under the entry lock.
  if (hole && order === "pte") {
    emit({ kind: "fault_left", where: whereOf(record, event.text), file });
    return;
  }
  const where = whereOf(record, event.text);
  if (hole) {
    emit({ kind: "hole", where, since, file, pgoff, order, mapping });
    return;
  }
  emit({
    kind: "fault",
    where,
    since,
    file,
    pgoff,
    order,
    write,
    mapping,
    outcome: result === "mapped" ? "mapped" : "unknown",
    found: event.mkwrite ? "protected" : faultFound,
    holeVisible: seen.has("dax_load_hole") || seen.has("dax_pmd_load_hole"),
    allocated: write && order === "pte" ? major : undefined,
  });
}

/** `dax_load_hole`; for a PMD only the fault's end knows the page. */
export function holeLoaded(
  { emit }: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, pgoff, address, shared, text }: Of<"hole">,
): void {
  task.hole = true;
  if (!shared || pgoff === undefined || address === undefined) return;
  const mapping = mappingAt(task, address, pgoff);
  noteMapping(task, file, mapping);
  const where = whereOf(record, text);
  emit({ kind: "hole", where, since: faultSince(task), file, pgoff, order: "pte", mapping });
}

/** `dax_insert_pfn_mkwrite`: the end of a MAP_SYNC fault. */
export function syncMapped(
  { emit }: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, pgoff, address, shared, text }: Of<"sync_mapped">,
): void {
  const order: Order = task.syncFaultOrder ?? "pte";
  const since = faultSince(task);
  task.syncFaultOrder = undefined;
  task.faultSince = undefined;
  task.faultFound = undefined;
  task.edge = momentOf(record);
  if (!shared) return;
  emit({
    kind: "fault",
    where: whereOf(record, text),
    since,
    file,
    pgoff,
    order,
    write: true,
    mapping: mappingAt(task, address, pgoff),
    outcome: "mapped",
    found: undefined,
    holeVisible: true,
    allocated: undefined,
  });
}
