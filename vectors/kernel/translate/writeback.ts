/**
 * Writeback passes, from their beginning to the entries that they clean.
 *
 * @module
 */
import { fileKey, type Visit } from "../../../model/check/observation.ts";
import type { RecordHead } from "../record.ts";
import type { DaxReading } from "../rows/dax_reading.ts";
import type { TaskState } from "../task.ts";
import { nameCall } from "./naming.ts";
import { endPass, pairCleaned } from "./pairs.ts";
import { momentOf, type Translation, whereOf } from "./translation.ts";

type Of<K extends DaxReading["kind"]> = Extract<DaxReading, { readonly kind: K }>;

/** `dax_writeback_range`. */
export function passBegins(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
  { file, from, to }: Of<"pass_begun">,
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
  const where = whereOf(record, "dax_writeback_range");
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
  record: RecordHead,
  { file, pgoff, order, text }: Of<"entry_cleaned">,
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
