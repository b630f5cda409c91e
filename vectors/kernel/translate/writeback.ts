/**
 * Writeback passes, from their beginning to the entries that they clean.
 *
 * @module
 */
import { type FileId, fileKey, type Visit } from "../../../model/check/observation.ts";
import type { Order } from "../../../model/xarray.ts";
import type { TracepointRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import { nameCall } from "./naming.ts";
import { endPass, pairCleaned } from "./pairs.ts";
import { momentOf, type Translation, whereOf } from "./translation.ts";

/** Pages [from, to) of a file. */
interface PassRange {
  readonly file: FileId;
  readonly from: number;
  readonly to: number;
}

/** An entry that was declared clean. */
interface CleanedEntry {
  readonly file: FileId;
  /** First page of the entry. */
  readonly pgoff: number;
  readonly order: Order;
  /** The step as a diagram shows it. */
  readonly text: string;
}

/** `dax_writeback_range`. */
export function passBegins(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, from, to }: PassRange,
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
    to,
    visits: [],
    blind: false,
    working: false,
    cleaned: 0,
    alone,
  };
  translation.passing.add(task);
  const where = whereOf(record, record.name);
  translation.emit({ kind: "pass_begin", where, file, from, to });
  nameCall(translation, task, file, where);
  const { call } = task;
  if (call?.kind !== "sync" || task.faultSince !== undefined) return;
  call.rangeKnown = true;
  if (!call.ranged) return;
  const range = { from, to };
  translation.emit({ kind: "sync_file", where, call: call.call, file, range });
}

/** `dax_writeback_one`. */
export function entryCleaned(
  translation: Translation,
  task: TaskState,
  record: TracepointRecord,
  { file, pgoff, order, text }: CleanedEntry,
): void {
  const { emit, visitsRecorded } = translation;
  const { pass } = task;
  if (pass === undefined) pairCleaned(translation, task, record);
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
    where: whereOf(record, text, "settles"),
    since: pass?.begin,
    file,
    pgoff,
    order,
    // A kernel that goes through all VMAs goes through none only if there is none; or lines are missing.
    visits: visitsRecorded === "vma" && visits?.length === 0 ? undefined : visits,
    visitsFirstPage: visitsRecorded === "address",
  });
}

/** mkclean visits a mapping; undefined if the probe does not print which. */
export function visited(
  translation: Translation,
  { pass }: TaskState,
  kind: Visit["kind"],
  visit: Visit | undefined,
): void {
  if (pass === undefined) return;
  translation.visitsRecorded = kind;
  pass.working = true;
  if (visit === undefined) pass.blind = true;
  else pass.visits.push(visit);
}

/** Nothing was mapped where mkclean went last. */
export function lastVisitVacant({ pass }: TaskState): void {
  const last = pass?.visits.at(-1);
  if (last?.kind === "address") pass?.visits.splice(-1, 1, { ...last, vacant: true });
}

/** The pass does something for an entry, whose dax_writeback_one must follow. */
export function worksOnEntry({ pass }: TaskState): void {
  if (pass !== undefined) pass.working = true;
}
