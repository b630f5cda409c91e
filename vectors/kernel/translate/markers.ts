/**
 * What programs say of themselves in `trace_marker`: stores, and truncates that nothing else shows.
 *
 * @module
 */
import { pageSize } from "../../../model/page_size.ts";
import { baseOf } from "../../../model/check/mapping_id.ts";
import type { FileId, MappingId, Moment } from "../../../model/check/observation.ts";
import type { MarkerRecord, RecordHead } from "../record.ts";
import { truncate } from "../system_calls.ts";
import type { TaskState } from "../task.ts";
import { declaredFile, marked, nameRemoval, type OpenRemoval } from "./calls.ts";
import { pairOutside, writes } from "./pairs.ts";
import { endOpenFault, half, mappingsOf, type Translation, whereOf } from "./translation.ts";

/**
 * A marker: `op=` words begin an operation, `done` ends it; anything else only names a file.
 *
 * @param isPrivate true if mmap was seen to make a private mapping at the address that it names
 */
export function marker(
  translation: Translation,
  task: TaskState,
  record: MarkerRecord,
  isPrivate: boolean,
): void {
  const { operation, done, file, offset, address } = record.says;
  if (file !== undefined) {
    task.declared = file;
    if (task.group !== undefined) translation.declared.set(task.group, file);
  }
  if (operation === undefined) return;
  pairOutside(translation, task, record);
  endOpenFault(translation, task, record);
  if (operation === "store" && done && task.store === undefined) {
    if (task.announces) {
      half(translation, task.said.line, record, "store", "beginning");
    } else if (offset !== undefined && !isPrivate) {
      storeHappened(translation, task, record, task.said, offset, address);
    }
    return;
  }
  closeStore(translation, task, record);
  if (done) {
    if (operation === "truncate") endTruncate(translation, task, record);
    task.announced = undefined;
    return;
  }
  task.announced = record.says;
  if (operation === "store" && offset !== undefined) {
    task.announces = true;
    const { line, time, cpu } = record;
    task.store = { since: { line, time, cpu }, offset, address, nothing: isPrivate };
  }
  if (operation === "truncate") beginTruncate(translation, task, record);
}

/** The announced store has happened by now, unless its fault failed: the task does something else. */
export function closeStore(translation: Translation, task: TaskState, record: RecordHead): void {
  const { store } = task;
  task.store = undefined;
  if (store === undefined || store.nothing) return;
  storeHappened(translation, task, record, store.since, store.offset, store.address);
}

function storeHappened(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
  since: Moment,
  offset: number,
  address: number | undefined,
): void {
  const { emit, notes } = translation;
  const pgoff = Math.floor(offset / pageSize);
  let only:
    | { readonly file: FileId; readonly mapping: MappingId; readonly shared: boolean }
    | undefined;
  let count = 0;
  for (const { file, shared: ids } of mappingsOf(translation, task).values()) {
    for (const [mapping, shared] of ids) {
      if (address !== undefined && baseOf(mapping) !== address - offset) continue;
      only = { file, mapping, shared };
      count++;
    }
  }
  // A store to a private copy of the page is none to the file.
  if (count === 1 && only?.shared === false) return;
  if (only === undefined || count > 1 || isUntold(task, since, only.mapping, offset)) {
    notes.untiedStores++;
    notes.untiedStore ??= record.line;
    return;
  }
  const where = whereOf(record, `store to page ${pgoff}`, "dirties");
  emit({ kind: "store", where, since, file: only.file, mapping: only.mapping, pgoff });
}

/** The store has faulted, but fs_dax tells nothing of it: its events are not recorded, or in part. */
function isUntold(
  { untoldFault }: TaskState,
  since: Moment,
  mapping: MappingId,
  offset: number,
): boolean {
  if (untoldFault === undefined || untoldFault.line < since.line) return false;
  return untoldFault.page === Math.floor((baseOf(mapping) + offset) / pageSize);
}

function beginTruncate(
  translation: Translation,
  task: TaskState,
  record: MarkerRecord,
): void {
  const purpose = truncate(record.says.size, "truncate");
  const file = declaredFile(translation, task);
  const shown = translation.entered.has("ftruncate");
  if (file === undefined || purpose.kind !== "removal" || shown) return;
  const { kind: _, ...begin } = purpose;
  const open: OpenRemoval = {
    kind: "removal",
    call: ++translation.calls,
    name: marked,
    line: record.line,
    entered: whereOf(record, begin.text),
    fd: undefined,
    begin,
    file: undefined,
    namedBy: "marker",
    markedIn: task.call !== undefined && writes.has(task.call.name) ? task.call.name : undefined,
  };
  task.call = open;
  nameRemoval(translation, open, file, open.entered, "marker");
}

function endTruncate({ emit }: Translation, task: TaskState, record: MarkerRecord): void {
  const { call } = task;
  if (call?.kind !== "removal" || call.name !== marked) return;
  task.call = undefined;
  const where = whereOf(record, "truncate done", "settles");
  emit({ kind: "removal_end", where, call: call.call, done: true, guess: undefined });
}
