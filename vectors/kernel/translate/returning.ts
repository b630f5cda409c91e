/**
 * Returns of probed functions whose lines have no arguments: before 6.9 a kretprobe prints what the
 * function returns and nothing else. What it was called with, its entry has said.
 *
 * @module
 */
import type { ProbeRecord } from "../record.ts";
import { readerOfProbe } from "../rows.ts";
import type { TaskState } from "../task.ts";
import { PrintedProbe } from "../task_records.ts";
import type { Translation } from "./translation.ts";

/** A probed function is entered: if the line of its return is read, what it takes may be needed there. */
export function keepEntry(translation: Translation, task: TaskState, record: ProbeRecord): void {
  if (!translation.bareReturns) return;
  const reader = readerOfProbe(record.function, true);
  if (reader === undefined || isForeign(reader, record)) return;
  (task.entered ??= new Map()).set(record.function, record.args);
}

/** True for a line of somebody's own probe on a function that the recipe probes with other words. */
export function isForeign(
  { own }: { readonly own: string | undefined },
  record: ProbeRecord | undefined,
): boolean {
  return own !== undefined && record?.args[own] === undefined;
}

/**
 * The return with the arguments of the entry, but for those that the function may change. Undefined if it
 * has none, and its entry was not seen.
 */
export function returningFrom(
  translation: Translation,
  task: TaskState,
  record: ProbeRecord,
  { asks, changes }: { readonly asks: boolean; readonly changes: readonly string[] },
): ProbeRecord | undefined {
  if (!asks || !translation.bareReturns) return record;
  for (const word in record.args) {
    if (word === "ret") continue;
    translation.bareReturns = false;
    return record;
  }
  const entry = task.entered?.get(record.function);
  if (entry === undefined) return undefined;
  task.entered?.delete(record.function);
  translation.notes.joinedReturns++;
  const { line, pid, tgid = 0, cpu, time, name } = record;
  const kept = Object.entries(entry).filter(([word]) => !changes.includes(word));
  const args = { ...Object.fromEntries(kept), ...record.args };
  return new PrintedProbe(
    line,
    record.task,
    pid,
    tgid,
    cpu,
    time,
    record.interrupt,
    name,
    record.function,
    true,
    args,
  );
}
