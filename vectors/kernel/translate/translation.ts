/**
 * What the translation of one trace has met so far: shared by its parts.
 *
 * @module
 */
import { FewMap } from "../../../model/few_map.ts";
import { pageSize } from "../../../model/page_size.ts";
import { mappingId } from "../../../model/check/mapping_id.ts";
import type {
  FileId,
  MappingId,
  Moment,
  Observation,
  Role,
  Visit,
  Where,
} from "../../../model/check/observation.ts";
import { fileKey } from "../../../model/check/observation.ts";
import type { EventLoss, Half } from "../../../model/check/why.ts";
import type { RecordHead, TraceHeader } from "../record.ts";
import type { KernelTraits } from "../kernel_traits.ts";
import { createTask, type Mappings, type TaskState } from "../task.ts";

/** What a report must tell of a translation. */
export interface TranslationNotes {
  /** Fault results that the text does not show (`trace-cmd report`). */
  unknownResults: number;
  /** Faults of which the text shows the beginning alone, because ends are not recorded. */
  endlessFaults: number;
  /** Marked stores that could not be tied to one file and mapping, and the line of the first. */
  untiedStores: number;
  untiedStore: number | undefined;
  /** Returns of probed functions that were read with what their entries print: lines of kprobes. */
  joinedReturns: number;
}

/** What a trace has of a probed function. */
export interface ProbedFunction {
  /** An entry was seen. */
  enters: boolean;
  /** A return was seen. */
  returns: boolean;
  /**
   * Line of the task before the first return, if that came before any entry: whether entries are recorded
   * is not known yet.
   */
  orphan: number | undefined;
}

/** A translation in progress. */
export interface Translation {
  readonly header: TraceHeader;
  readonly emit: (observation: Observation) => void;
  readonly tasks: Map<number, TaskState>;
  /** The task of the last line: lines of one task come in runs. */
  latest: TaskState | undefined;
  /** How many tasks there may be before idle ones are forgotten. */
  crowd: number;
  /** What the threads of a group have mapped. */
  readonly groups: Map<number, Mappings>;
  /** Tracepoints met: what is absent was probably not recorded. */
  readonly seen: Set<string>;
  /** System calls, by name, whose entries were met, and those whose returns were. */
  readonly entered: Set<string>;
  readonly left: Set<string>;
  /** Line of each CPU's last record. */
  readonly cpus: number[];
  /** `struct address_space *` as probes print it, to the file that it was seen with. */
  readonly pointers: Map<string, FileId>;
  /** Tasks that run a writeback pass. */
  readonly passing: Set<TaskState>;
  readonly notes: TranslationNotes;
  /** File systems, by device, on which every truncate shows. */
  readonly truncating: Set<string>;
  /** The file that the markers of a thread group have named last. */
  readonly declared: Map<number, FileId>;
  /** Probed functions, and which of their lines were seen. */
  readonly probed: Map<string, ProbedFunction>;
  /** False once a return has printed its function's arguments: then entries are not kept for them. */
  bareReturns: boolean;
  /** Calls numbered so far. */
  calls: number;
  /** Line of the last gap: what was begun before it is not known. */
  gapLine: number;
  /** Which probe on mkclean has fired in a pass, if any: it shows VMAs, or addresses. */
  visitsRecorded: Visit["kind"] | undefined;
  /** Replaced once the text proves more of its kernel. */
  kernel: KernelTraits;
}

/** Tasks that are remembered before those that are in the middle of nothing are forgotten. */
const manyTasks = 20_000;

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
    latest: undefined,
    crowd: manyTasks,
    groups: new Map(),
    seen: new Set(),
    entered: new Set(),
    left: new Set(),
    cpus: [],
    pointers: new Map(),
    passing: new Set(),
    notes: {
      unknownResults: 0,
      endlessFaults: 0,
      untiedStores: 0,
      untiedStore: undefined,
      joinedReturns: 0,
    },
    truncating: new Set(),
    declared: new Map(),
    probed: new Map(),
    bareReturns: true,
    calls: 0,
    gapLine: 0,
    visitsRecorded: undefined,
    kernel,
  };
}

/** The task's state, made on first sight. */
export function taskOf(translation: Translation, pid: number): TaskState {
  const { tasks, latest } = translation;
  if (latest?.pid === pid) return latest;
  const known = tasks.get(pid);
  if (known !== undefined) return translation.latest = known;
  if (tasks.size >= translation.crowd) {
    forgetIdle(tasks);
    // Where few were idle, looking again soon would look at all the others each time.
    translation.crowd = Math.max(manyTasks, 2 * tasks.size);
  }
  const task = createTask(pid);
  tasks.set(pid, task);
  return translation.latest = task;
}

function forgetIdle(tasks: Map<number, TaskState>): void {
  for (const [pid, { call, fault, pass, store, mappings }] of tasks) {
    const idle = call === undefined && fault === undefined && pass === undefined;
    if (idle && store === undefined && mappings.size === 0) tasks.delete(pid);
  }
}

/** A record's place in the trace, with the words that a diagram uses for it. */
export function whereOf(
  { line, time, cpu, task, pid }: RecordHead,
  text: string,
  role: Role = "other",
): Where {
  return { line, time, cpu, task, pid, text, role };
}

/** A record's place in the trace. */
export function momentOf({ line, time, cpu }: RecordHead): Moment {
  return { line, time, cpu };
}

/**
 * Events between two lines are missing: from the second on, nobody is known to be in the middle of
 * anything.
 */
export function gap(translation: Translation, since: number, line: number, loss: EventLoss): void {
  for (const task of translation.tasks.values()) {
    task.fault = undefined;
    task.faultSince = undefined;
    task.faultFound = undefined;
    task.untoldFault = undefined;
    task.unbidden = undefined;
    task.call = undefined;
    task.pass = undefined;
    task.store = undefined;
    task.announced = undefined;
    task.syncFaultOrder = undefined;
    task.hole = false;
    task.seenOutside = false;
    task.inside?.clear();
    task.entered?.clear();
  }
  translation.passing.clear();
  translation.gapLine = line;
  translation.emit({ kind: "gap", since, line, loss });
}

/** One half of a pair is there without the other: a line between `since` and the record is missing. */
export function half(
  translation: Translation,
  since: number,
  { line }: RecordHead,
  of: string,
  lacks: Half["lacks"],
  begun?: number,
): void {
  gap(translation, since, line, { kind: "half", line, of, lacks, begun });
}

/** Point before which the CPU cannot have taken the task's present fault. */
export function faultSince(task: TaskState): Moment {
  return task.faultSince ?? task.edge;
}

/** Ends what a fault was doing: a fault that began must end before its task does anything else. */
export function endOpenFault(
  translation: Translation,
  task: TaskState,
  record: RecordHead,
): void {
  const { fault: open } = task;
  const since = faultSince(task);
  task.faultSince = undefined;
  task.faultFound = undefined;
  if (open === undefined) return;
  task.fault = undefined;
  if (translation.seen.has(`${open.name}_done`)) {
    half(translation, open.begun.line, record, open.name, "end", open.begun.line);
    return;
  }
  translation.notes.endlessFaults++;
  const { file, pgoff, order, write, address, shared } = open;
  const mapping = mappingAt(task, address, pgoff);
  noteMapping(translation, task, file, mapping, shared);
  if (!shared) return;
  translation.emit({
    kind: "fault",
    where: whereOf(
      record,
      `${open.name} at line ${open.begun.line} is over`,
      write ? "dirties" : "other",
    ),
    since,
    file,
    pgoff,
    order,
    write,
    mapping,
    outcome: "unknown",
    found: undefined,
    holeVisible: false,
    allocated: undefined,
  });
}

/** The task's VMA in which an address shows this page of the file. */
export function mappingAt(task: TaskState, address: number, pgoff: number): MappingId {
  const { pid, group } = task;
  const names = task.names ??= new Map<number, MappingId>();
  const base = address - pgoff * pageSize;
  if (task.named !== group) {
    task.named = group;
    names.clear();
  }
  let name = names.get(base);
  if (name === undefined) {
    if (names.size >= mostNames) names.clear();
    names.set(base, name = mappingId(base, group === undefined ? { task: pid } : { group }));
  }
  return name;
}

/** Names of VMAs that are remembered of a task: a name that comes again is the same string. */
const mostNames = 64;

/** Mappings that the task has faulted through, or any of its thread group. */
export function mappingsOf({ groups }: Translation, { group, mappings }: TaskState): Mappings {
  return group === undefined ? mappings : groups.get(group) ?? mappings;
}

/** Remembers that the task maps the file there, and how. */
export function noteMapping(
  { groups }: Translation,
  { group, mappings: own }: TaskState,
  file: FileId,
  mapping: MappingId,
  shared: boolean,
): void {
  let mappings = own;
  if (group !== undefined) {
    mappings = groups.get(group) ?? new Map();
    groups.set(group, mappings);
  }
  const key = fileKey(file);
  let known = mappings.get(key);
  if (known === undefined) mappings.set(key, known = { file, shared: new FewMap() });
  known.shared.set(mapping, shared);
}

/** write(2) has written pages of a DAX file. */
export function pagesWritten(
  { emit }: Translation,
  record: RecordHead,
  { file, from, to }: { readonly file: FileId; readonly from: number; readonly to: number },
): void {
  const where = whereOf(record, `write(2) 0x${from.toString(16)}-0x${(to - 1).toString(16)}`);
  emit({ kind: "written", where, file, from, to });
}
