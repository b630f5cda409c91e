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
  const since = task.lastLine;
  endOpenFault(translation, task, record, "faults again");
  task.faultSince = since;
  task.faultFound = found;
  const { store } = task;
  if (store?.address === undefined || typeof address === "string") return;
  if (pageOf(store.address) === pageOf(address)) store.faulted = true;
}

function pageOf(address: number): number {
  return Math.floor(address / pageSize);
}

/** `dax_pte_fault`, `dax_pmd_fault`. */
export function faultBegins(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, pgoff }: Of<"fault_begin">,
): void {
  const since = faultSince(task);
  const { faultFound } = task;
  endOpenFault(translation, task, record, "faults again");
  task.faultSince = since;
  task.faultFound = faultFound;
  task.fault = { line: record.line, name: record.name, file, pgoff };
  task.hole = false;
}

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
  const begin = record.name.replace(/_done$/, "");
  task.fault = undefined;
  task.hole = false;
  if (open === undefined && seen.has(begin) && task.lastLine > 0) {
    const reason = `${record.name} at line ${record.line} has no ${begin} before it: ` +
      "an event is missing";
    gap(translation, record.line, reason);
    return;
  }
  const { file, pgoff, order, write, result, shared } = event;
  if (task.store !== undefined) task.store.faulted = false;
  if (result === "retry" || result === "fallback") {
    task.faultSince = since;
    return;
  }
  task.faultSince = undefined;
  task.faultFound = undefined;
  if (!shared || result === "none") return;
  const mapping = String(event.address - pgoff * pageSize);
  noteMapping(task, file, mapping);
  if (result === "sync-pending") {
    task.syncFaultOrder = order;
    return;
  }
  if (result === "unknown") notes.unknownResults++;
  // A PTE's hole was told by dax_load_hole itself, under the entry lock.
  if (hole && order === "pte") return;
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
  const mapping = String(address - pgoff * pageSize);
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
  task.syncFaultOrder = undefined;
  if (!shared) return;
  emit({
    kind: "fault",
    where: whereOf(record, text),
    since: faultSince(task),
    file,
    pgoff,
    order,
    write: true,
    mapping: String(address - pgoff * pageSize),
    outcome: "mapped",
    found: undefined,
    holeVisible: true,
  });
}
