/**
 * From records of a kernel trace to observations of the model, by the table of `spec/traces.md`.
 *
 * Streaming: what it keeps is a few words a task, and what it says of a record never waits for a
 * later one, but for a store without a `done` marker, which ends with the task's next action.
 *
 * @module
 */
import type { Completeness } from "../../model/check/completeness.ts";
import type { Observation } from "../../model/check/observation.ts";
import type { TaskRecord, TraceHeader, TraceRecord } from "./record.ts";
import { bareTraits, kernelTraits } from "./kernel_traits.ts";
import { probed } from "./probes.ts";
import { tracepointRow } from "./tracepoints.ts";
import { callEntered, callReturned } from "./translate/calls.ts";
import { pairEntry, pairExit, writes } from "./translate/pairs.ts";
import { closeStore, marker } from "./translate/markers.ts";
import { endUnbidden } from "./translate/naming.ts";
import {
  createTranslation,
  endOpenFault,
  gap,
  momentOf,
  taskOf,
  type Translation,
  type TranslationNotes,
} from "./translate/translation.ts";

/** What is known of the kernel that made the trace. */
interface KernelKnown {
  /** `5.10.262`, from `--kernel` or a card; undefined if nobody said. */
  readonly version: string | undefined;
}

/** A translator of one trace. */
interface Translator {
  readonly notes: TranslationNotes;
  /** What the records so far prove the trace to contain. */
  completeness(): Completeness;
  /** Takes one record; hands observations on in the order in which they hold. */
  translate(record: TraceRecord): void;
}

/** Makes a translator that hands its observations to `emit`. */
export function createTranslator(
  header: TraceHeader,
  kernel: KernelKnown,
  emit: (observation: Observation) => void,
): Translator {
  const translation = createTranslation(header, kernelTraits(kernel.version, header), emit);
  const told = kernel.version !== undefined;
  let completeness: Completeness | undefined;
  const see = (name: string): void => {
    if (translation.seen.has(name)) return;
    translation.seen.add(name);
    completeness = undefined;
  };

  const taskRecord = (record: TaskRecord): void => {
    const row = record.kind === "tracepoint" ? tracepointRow(record.name) : undefined;
    if (record.kind === "tracepoint" && row === undefined) return;
    const task = taskOf(translation, record.pid);
    if (record.tgid !== undefined) task.group = record.tgid;
    switch (record.kind) {
      case "tracepoint":
        if (row?.translate(translation, task, record) === false) {
          const { line, name: event } = record;
          gap(translation, line - 1, line, { kind: "unread_fields", line, event });
        }
        see(record.name);
        break;
      case "probe":
        probed(translation, task, record);
        break;
      case "syscall-enter":
        if (record.bareHexadecimal && !told && !translation.kernel.removesWholeEntries) {
          translation.kernel = bareTraits;
          completeness = undefined;
        }
        endOpenFault(translation, task, record);
        endUnbidden(translation, task, record);
        pairEntry(translation, task, record);
        if (!writes.has(record.syscall)) closeStore(translation, task, record);
        callEntered(translation, task, record);
        see(`sys_${record.syscall}`);
        break;
      case "syscall-exit":
        endUnbidden(translation, task, record);
        pairExit(translation, task, record);
        callReturned(translation, task, record);
        break;
      case "marker":
        endUnbidden(translation, task, record);
        marker(translation, task, record);
        break;
      default:
        record satisfies never;
    }
    if (outside.has(record.kind)) {
      task.seenOutside = true;
      task.said = task.edge = momentOf(record);
    }
    task.lastLine = record.line;
  };

  const translate = (record: TraceRecord): void => {
    switch (record.kind) {
      case "lost": {
        const { line, count, cpu } = record;
        const since = cpu === undefined
          ? Math.min(...translation.cpus.filter((each) => each !== undefined), line)
          : translation.cpus[cpu] ?? 0;
        gap(translation, since, line, { kind: "lost", line, cpu, count });
        return;
      }
      case "malformed": {
        const { line, harmless, expected } = record;
        if (harmless) return;
        gap(translation, line - 1, line, { kind: "unread_line", line, expected });
        return;
      }
      default:
        taskRecord(record);
        translation.cpus[record.cpu] = record.line;
    }
  };

  return {
    notes: translation.notes,
    completeness: () => completeness ??= completenessOf(translation, header),
    translate,
  };
}

/** Records between which a task is in user space. */
const outside: ReadonlySet<TaskRecord["kind"]> = new Set([
  "syscall-enter",
  "syscall-exit",
  "marker",
]);

function completenessOf(
  { seen, kernel, truncating }: Translation,
  { entries, format }: TraceHeader,
): Completeness {
  return {
    // Pages of the ring buffer say what was lost, and no line can be taken out of them.
    counted: entries !== undefined || format === "trace.dat" || format === "trace_pipe_raw",
    faults: seen.has("page_fault_user") ||
      (seen.has("dax_pte_fault_done") && seen.has("dax_pmd_fault_done")),
    unmaps: seen.has("sys_munmap") || seen.has("sys_mmap"),
    removals: seen.has("sys_fallocate") || seen.has("sys_ftruncate"),
    truncatesOn: truncating,
    ...kernel,
  };
}
