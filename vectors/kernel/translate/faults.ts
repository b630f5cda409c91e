/**
 * DAX faults: from their first event to the mapping that they made.
 *
 * @module
 */
import { pageSize } from "../../../model/page_size.ts";
import type { Order } from "../../../model/xarray.ts";
import type { RecordHead } from "../record.ts";
import type { AtPage, FaultBegun, FaultEnded, SharedReading } from "../rows/shared_reading.ts";
import type { TaskState } from "../task.ts";
import { endUnbidden } from "./naming.ts";
import {
  endOpenFault,
  faultSince,
  half,
  mappingAt,
  momentOf,
  noteMapping,
  type Translation,
  whereOf,
} from "./translation.ts";

/** The CPU has faulted, after the task's last record. */
export function userFault(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
  { found, address }: Extract<SharedReading, { readonly kind: "user_fault" }>,
): void {
  endUnbidden(translation, task, record);
  endOpenFault(translation, task, record);
  task.faultSince = task.edge;
  task.faultFound = found;
  task.edge = momentOf(record);
  task.untoldFault = typeof address === "string"
    ? undefined
    : { line: record.line, page: Math.floor(address / pageSize) };
}

const beginnings: Readonly<Record<Order, string>> = { pte: "dax_pte_fault", pmd: "dax_pmd_fault" };

/** `dax_pte_fault`, `dax_pmd_fault`. */
export function faultBegins(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
  { file, pgoff, address, order, write, shared, pages, text }: FaultBegun,
): void {
  const since = faultSince(task);
  if (pages !== undefined) {
    translation.emit({ kind: "size", where: whereOf(record, text), file, pages });
  }
  const { faultFound } = task;
  endOpenFault(translation, task, record);
  task.faultSince = since;
  task.faultFound = faultFound;
  task.fault = {
    begun: momentOf(record),
    name: beginnings[order],
    file,
    pgoff,
    address,
    order,
    write,
    shared,
  };
  task.hole = false;
  task.untoldFault = undefined;
  if (!shared) return;
  const where = whereOf(record, text);
  const mapping = mappingAt(task, address, pgoff);
  translation.emit({ kind: "fault_begin", where, file, write, pgoff, order, mapping });
}

/** `dax_pte_fault_done`, `dax_pmd_fault_done`. */
export function faultEnds(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
  event: FaultEnded,
): void {
  const { seen, notes, emit } = translation;
  const since = faultSince(task);
  const { fault: open, hole, faultFound } = task;
  const { begin } = event;
  task.fault = undefined;
  task.hole = false;
  task.untoldFault = undefined;
  if (open === undefined && seen.has(begin) && task.lastLine > 0) {
    half(translation, task.lastLine, record, `${begin}_done`, "beginning");
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
    store.nothing = true;
  }
  const mapping = mappingAt(task, event.address, pgoff);
  if (!shared) noteMapping(translation, task, file, mapping, false);
  if (!shared || result === "none" || result === "failed") {
    emit({ kind: "fault_left", where: whereOf(record, event.text), file });
    return;
  }
  noteMapping(translation, task, file, mapping, true);
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
  const where = whereOf(record, event.text, write ? "dirties" : "other");
  if (hole) {
    emit({ kind: "hole", where, since, begun: open?.begun, file, pgoff, order, mapping });
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

/** `dax_load_hole`. */
export function holeLoaded(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
  { file, pgoff, address, shared, text }: AtPage,
): void {
  task.hole = true;
  const mapping = mappingAt(task, address, pgoff);
  noteMapping(translation, task, file, mapping, shared);
  if (!shared) return;
  const where = whereOf(record, text);
  const [since, begun] = [faultSince(task), task.fault?.begun];
  translation.emit({ kind: "hole", where, since, begun, file, pgoff, order: "pte", mapping });
}

/** `dax_insert_pfn_mkwrite`: the end of a MAP_SYNC fault. */
export function syncMapped(
  { emit }: Translation,
  task: TaskState,
  record: RecordHead,
  { file, pgoff, address, shared, text }: AtPage,
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
    where: whereOf(record, text, "dirties"),
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
