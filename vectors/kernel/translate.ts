/**
 * From records of a kernel trace to observations of the model, by the table of `spec/traces.md`.
 *
 * Streaming: what it keeps is a few words a task, and what it says of a record never waits for a
 * later one, but for a store without a `done` marker, which ends with the task's next action.
 *
 * @module
 */
import { match } from "ts-pattern";
import type { Completeness, Observation } from "../../model/check/observation.ts";
import type { TaskRecord, TraceHeader, TracepointRecord, TraceRecord } from "./record.ts";
import type { TaskState } from "./task.ts";
import { kernelTraits, oldTraits } from "./kernel_traits.ts";
import { readTracepoint } from "./tracepoints.ts";
import { callEntered, callReturned, unknownRemoval } from "./translate/calls.ts";
import { faultBegins, faultEnds, holeLoaded, syncMapped, userFault } from "./translate/faults.ts";
import { pairEntry, pairExit, pairPassEnd } from "./translate/pairs.ts";
import { closeStore, marker } from "./translate/markers.ts";
import {
  createTranslation,
  endOpenFault,
  gap,
  taskOf,
  type Translation,
  type TranslationNotes,
  whereOf,
} from "./translate/translation.ts";
import { entryCleaned, nameCall, passBegins, probed } from "./translate/writeback.ts";

/** What is known of the kernel that made the trace. */
export interface KernelKnown {
  /** `5.10.262`, from `--kernel` or a card; undefined if nobody said. */
  readonly version: string | undefined;
}

/** A translator of one trace. */
export interface Translator {
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
    const task = taskOf(translation, record.pid);
    match(record)
      .with({ kind: "tracepoint" }, (each) => {
        tracepoint(translation, task, each);
        see(each.name);
      })
      .with({ kind: "probe" }, (each) => probed(translation, task, each))
      .with({ kind: "syscall-enter" }, (each) => {
        if (each.bareHexadecimal && !told && translation.kernel !== oldTraits) {
          translation.kernel = oldTraits;
          completeness = undefined;
        }
        endOpenFault(translation, task, each, `calls ${each.syscall}`);
        pairEntry(translation, task, each);
        closeStore(translation, task, each);
        callEntered(translation, task, each);
        see(`sys_${each.syscall}`);
      })
      .with({ kind: "syscall-exit" }, (each) => {
        pairExit(translation, task, each);
        callReturned(translation, task, each);
      })
      .with({ kind: "marker" }, (each) => marker(translation, task, each))
      .exhaustive();
    if (outside.has(record.kind)) task.seenOutside = true;
    task.lastLine = record.line;
    translation.lastOfCpu.set(record.cpu, record.line);
  };

  return {
    notes: translation.notes,
    completeness: () => completeness ??= completenessOf(translation),
    translate: (record) => {
      match(record)
        .with({ kind: "lost" }, ({ line, count, cpu }) => {
          const many = count === undefined ? "events" : `${count} events`;
          const on = cpu === undefined ? "" : ` on CPU ${cpu}`;
          const since = lastLine(translation, cpu);
          gap(translation, line, `${many} were lost${on} before line ${line}`, since);
        })
        .with({ kind: "malformed" }, ({ line, harmless, expected }) => {
          if (harmless) return;
          gap(translation, line, `line ${line} cannot be read (expected ${expected})`);
        })
        .with(
          { kind: "tracepoint" },
          { kind: "probe" },
          { kind: "syscall-enter" },
          { kind: "syscall-exit" },
          { kind: "marker" },
          taskRecord,
        )
        .exhaustive();
    },
  };
}

/** Last line behind which events of this CPU, or of any if it is not told, may be missing. */
function lastLine({ lastOfCpu }: Translation, cpu: number | undefined): number {
  if (cpu !== undefined) return lastOfCpu.get(cpu) ?? 0;
  return lastOfCpu.size === 0 ? 0 : Math.min(...lastOfCpu.values());
}

/** Records between which a task is in user space. */
const outside: ReadonlySet<TaskRecord["kind"]> = new Set([
  "syscall-enter",
  "syscall-exit",
  "marker",
]);

function tracepoint(translation: Translation, task: TaskState, record: TracepointRecord): void {
  const event = readTracepoint(record, translation.header.format);
  if (event === undefined) return;
  match(event)
    .with({ kind: "user_fault" }, (fault) => userFault(translation, task, record, fault))
    .with({ kind: "fault_begin" }, (begin) => faultBegins(translation, task, record, begin))
    .with({ kind: "fault_end" }, (end) => faultEnds(translation, task, record, end))
    .with({ kind: "hole" }, (hole) => holeLoaded(translation, task, record, hole))
    .with({ kind: "sync_mapped" }, (mapped) => syncMapped(translation, task, record, mapped))
    .with({ kind: "writeback_begin" }, (begin) => passBegins(translation, task, record, begin))
    .with({ kind: "writeback_end" }, () => pairPassEnd(translation, task, record))
    .with({ kind: "cleaned" }, (cleaned) => entryCleaned(translation, task, record, cleaned))
    .with({ kind: "names_file" }, ({ file, text }) => {
      const where = whereOf(record, text);
      const truncates = record.name === "ext4_truncate_enter" && task.call?.kind !== "removal";
      if (truncates) unknownRemoval(translation, file, where);
      else nameCall(translation, task, file, where);
    })
    .with({ kind: "unreadable" }, () => {
      const reason = `line ${record.line}: the fields of ${record.name} cannot be read`;
      gap(translation, record.line, reason);
    })
    .exhaustive();
}

function completenessOf({ seen, kernel }: Translation): Completeness {
  return {
    faults: seen.has("page_fault_user") ||
      (seen.has("dax_pte_fault_done") && seen.has("dax_pmd_fault_done")),
    unmaps: seen.has("sys_munmap") || seen.has("sys_mmap"),
    ...kernel,
  };
}
