/**
 * Every probed function that is translated. The tables of `spec/traces.md` are generated from it.
 *
 * @module
 */
import { daxProbes } from "./probes/dax.ts";
import type { ProbeRow } from "./probes/row.ts";
import type { ProbeRecord } from "./record.ts";
import type { TaskState } from "./task.ts";
import { meetPointer } from "./translate/naming.ts";
import { pairProbe } from "./translate/pairs.ts";
import type { Translation } from "./translate/translation.ts";

/** The rows, in the order of the chapter. */
export const probes: readonly ProbeRow[] = [...daxProbes];

const byFunction: ReadonlyMap<string, ProbeRow> = new Map(
  probes.map((row) => [row.function, row]),
);

/** Translates the line of a probe: its function is what counts, whatever its author named it. */
export function probed(translation: Translation, task: TaskState, record: ProbeRecord): void {
  pairProbe(translation, task, record);
  const row = byFunction.get(record.function);
  if (record.returns) {
    row?.returned?.({ translation, task, record });
    return;
  }
  meetPointer(translation, task, record);
  row?.entered?.({ translation, task, record });
}
