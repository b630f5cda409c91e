/**
 * What the translation of one trace has met so far: shared by its parts.
 *
 * @module
 */
import type { FileId, Observation, Where } from "../../../model/check/observation.ts";
import { fileKey } from "../../../model/check/observation.ts";
import type { RecordHead, TraceHeader } from "../record.ts";
import type { KernelTraits } from "../kernel_traits.ts";
import { createTask, type TaskState } from "../task.ts";

/** What a report must tell of a translation. */
export interface TranslationNotes {
  /** Removals whose file no event named, by tasks that have a DAX mapping. */
  readonly namelessRemovals: Where[];
  /** Fault results that the text does not show (`trace-cmd report`). */
  unknownResults: number;
  /** Marked stores that could not be tied to one file and mapping. */
  untiedStores: number;
}

/** A translation in progress. */
export interface Translation {
  readonly header: TraceHeader;
  readonly emit: (observation: Observation) => void;
  readonly tasks: Map<number, TaskState>;
  /** Tracepoints met, and system calls as `sys_NAME`: what is absent was probably not recorded. */
  readonly seen: Set<string>;
  /** `struct address_space *` as probes print it, to the file that it was seen with. */
  readonly pointers: Map<string, FileId>;
  readonly notes: TranslationNotes;
  /** Line of the last record of each CPU. */
  readonly lastOfCpu: Map<number, number>;
  /** The file that markers speak of. */
  declared: FileId | undefined;
  /** Calls numbered so far. */
  calls: number;
  /** True once a probe on mkclean has fired. */
  visitsRecorded: boolean;
  /** Replaced once the text proves more of its kernel. */
  kernel: KernelTraits;
}

/** A translation that has met nothing. */
export function createTranslation(
  header: TraceHeader,
  kernel: KernelTraits,
  emit: (observation: Observation) => void,
): Translation {
  return {
    header,
    emit,
    tasks: new Map(),
    seen: new Set(),
    pointers: new Map(),
    notes: { namelessRemovals: [], unknownResults: 0, untiedStores: 0 },
    lastOfCpu: new Map(),
    declared: undefined,
    calls: 0,
    visitsRecorded: false,
    kernel,
  };
}

/** The task's state, made on first sight. */
export function taskOf({ tasks }: Translation, pid: number): TaskState {
  let task = tasks.get(pid);
  if (task === undefined) tasks.set(pid, task = createTask(pid));
  return task;
}

/** A record's place in the trace, with the words that a diagram uses for it. */
export function whereOf({ line, time, cpu, task, pid }: RecordHead, text: string): Where {
  return { line, time, cpu, task, pid, text };
}

/** Events are missing from this line on: nobody is known to be in the middle of anything. */
export function gap(
  translation: Translation,
  line: number,
  reason: string,
  since = line - 1,
): void {
  for (const task of translation.tasks.values()) {
    task.fault = undefined;
    task.faultSince = undefined;
    task.faultFound = undefined;
    task.call = undefined;
    task.pass = undefined;
    task.store = undefined;
    task.syncFaultOrder = undefined;
    task.hole = false;
    task.announced = undefined;
    task.seenOutside = false;
    task.inside.clear();
  }
  translation.emit({ kind: "gap", line, since, reason });
}

/** Line before which the CPU cannot have taken the task's present fault. */
export function faultSince(task: TaskState): number {
  return task.faultSince ?? task.lastLine;
}

/** Ends what a fault was doing: a fault that began must end before its task does anything else. */
export function endOpenFault(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
  does: string,
): void {
  const open = task.fault;
  task.faultSince = undefined;
  task.faultFound = undefined;
  if (open === undefined) return;
  task.fault = undefined;
  if (!translation.seen.has(`${open.name}_done`)) return;
  gap(
    translation,
    record.line,
    `${open.name} at line ${open.line} has no ${open.name}_done before ${task.pid} ${does} ` +
      `at line ${record.line}: an event is missing`,
  );
}

/** Remembers that the task maps the file there. */
export function noteMapping(task: TaskState, file: FileId, mapping: string): void {
  const key = fileKey(file);
  const known = task.mappings.get(key);
  if (known === undefined) task.mappings.set(key, { file, ids: new Set([mapping]) });
  else known.ids.add(mapping);
}
