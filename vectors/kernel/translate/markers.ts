/**
 * What programs say of themselves in `trace_marker`: stores, and truncates that nothing else shows.
 *
 * @module
 */
import { markerFile, markerNumber, readMarker } from "../marker_text.ts";
import type { MarkerRecord, RecordHead } from "../record.ts";
import { truncate } from "../system_calls.ts";
import type { TaskState } from "../task.ts";
import { nameRemoval, type OpenRemoval } from "./calls.ts";
import { endOpenFault, type Translation, whereOf } from "./translation.ts";

const pageSize = 4096;

/** Call name of a removal that only markers show. */
const marked = "marker";

/** A marker: `op=` words begin an operation, `done` ends it; anything else only names a file. */
export function marker(translation: Translation, task: TaskState, record: MarkerRecord): void {
  const { words, done } = readMarker(record.text);
  translation.declared = markerFile(words) ?? translation.declared;
  const operation = words.get("op");
  if (operation === undefined) return;
  endOpenFault(translation, task, record, "writes a marker");
  const offset = markerNumber(words, "off");
  const address = markerNumber(words, "va");
  if (operation === "store" && done && task.store === undefined && offset !== undefined) {
    storeHappened(translation, task, record, task.lastLine, offset, address);
    return;
  }
  closeStore(translation, task, record);
  if (done) {
    if (operation === "truncate") endTruncate(translation, task, record);
    task.announced = undefined;
    return;
  }
  task.announced = words;
  if (operation === "store" && offset !== undefined) {
    task.store = { since: record.line, offset, address, faulted: false };
  }
  if (operation === "truncate") beginTruncate(translation, task, record, words);
}

/** The announced store has happened by now: the task does something else. */
export function closeStore(translation: Translation, task: TaskState, record: RecordHead): void {
  const { store } = task;
  task.store = undefined;
  // A fault at the stored address that no DAX event tells of: not all faults are recorded.
  if (store === undefined || store.faulted) return;
  storeHappened(translation, task, record, store.since, store.offset, store.address);
}

function storeHappened(
  { emit, notes }: Translation,
  task: TaskState,
  record: RecordHead,
  since: number,
  offset: number,
  address: number | undefined,
): void {
  const pgoff = Math.floor(offset / pageSize);
  const candidates = [...task.mappings.values()].flatMap(({ file, ids }) =>
    [...ids].filter((id) => address === undefined || Number(id) === address - offset)
      .map((mapping) => ({ file, mapping }))
  );
  const [only, ...others] = candidates;
  if (only === undefined || others.length > 0) {
    if (task.mappings.size > 0) notes.untiedStores++;
    return;
  }
  emit({ kind: "store", where: whereOf(record, `store to page ${pgoff}`), since, ...only, pgoff });
}

function beginTruncate(
  translation: Translation,
  task: TaskState,
  record: MarkerRecord,
  words: ReadonlyMap<string, string>,
): void {
  const begin = truncate(markerNumber(words, "size"));
  const { declared, seen } = translation;
  if (declared === undefined || begin.kind !== "removal" || seen.has("sys_ftruncate")) return;
  const call = ++translation.calls;
  const open: OpenRemoval = {
    kind: "removal",
    line: record.line,
    call,
    name: marked,
    fd: undefined,
    begin,
    named: undefined,
  };
  task.call = open;
  nameRemoval(translation, open, declared, whereOf(record, begin.text));
}

function endTruncate({ emit }: Translation, task: TaskState, record: MarkerRecord): void {
  const { call } = task;
  if (call?.kind !== "removal" || call.name !== marked) return;
  task.call = undefined;
  emit({
    kind: "removal_end",
    where: whereOf(record, "truncate done"),
    call: call.call,
    done: true,
  });
}
