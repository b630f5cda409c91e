/**
 * From records of a kernel trace to observations of the model, by the table of `spec/traces.md`.
 *
 * Streaming: what it keeps is a few words a task, and what it says of a record never waits for a
 * later one, but for a store without a `done` marker, which ends with the task's next action.
 *
 * @module
 */
import type { Completeness } from "../../model/check/completeness.ts";
import type { AnyObservation } from "../../model/check/recording.ts";
import type {
  LostRecord,
  MalformedRecord,
  MarkerRecord,
  ProbeRecord,
  SyscallEnterRecord,
  SyscallExitRecord,
  TaskRecord,
  TraceHeader,
} from "./record.ts";
import type { KindedHead } from "./record_head.ts";
import { bareTraits, kernelTraits } from "./kernel_traits.ts";
import { syscallEntered, syscallLeft } from "./page_cache/calls.ts";
import { cacheMarker, isPrivate } from "./page_cache/markers.ts";
import {
  cacheGap,
  cacheLine,
  probeSeen,
  recordBegins,
  recordEnds,
} from "./page_cache/translate.ts";
import {
  createPageCacheTranslation,
  showsEverybody,
  taskOf as cacheTaskOf,
} from "./page_cache/translation.ts";
import { type Reader, readerOfProbe, readerOfTracepoint } from "./rows.ts";
import type { DaxReading } from "./rows/dax_reading.ts";
import type { LineOutcome } from "./rows/row.ts";
import type { TaskState } from "./task.ts";
import { callEntered, callReturned } from "./translate/calls.ts";
import { daxLine } from "./translate/dax_line.ts";
import { closeStore, marker } from "./translate/markers.ts";
import { endUnbidden, meetPointer } from "./translate/naming.ts";
import { callerOf } from "./translate/interrupts.ts";
import { pairEntry, pairExit, pairProbe, writes } from "./translate/pairs.ts";
import { isForeign, keepEntry, returningFrom } from "./translate/returning.ts";
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
  /** True if lines of every CPU were read, and of a task that makes no system call: so all tasks were. */
  everybody(): boolean;
  /**
   * Takes one record, whose columns are in `head`; hands observations on in the order in which they hold.
   */
  translate(record: TaskRecord, head: KindedHead): void;
  /** Takes what stands for lines that are missing, or that cannot be read. */
  lose(record: LostRecord | MalformedRecord): void;
}

/** Makes a translator that hands its observations to `emit`. */
export function createTranslator(
  header: TraceHeader,
  kernel: KernelKnown,
  emit: (seen: AnyObservation) => void,
): Translator {
  const translation = createTranslation(header, kernelTraits(kernel.version, header), emit);
  const folios = createPageCacheTranslation(emit);
  const versionKnown = kernel.version !== undefined;
  let completeness: Completeness | undefined;
  const see = (names: Set<string>, name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    completeness = undefined;
  };

  const metBy = ({ pid, tgid }: KindedHead): TaskState => {
    const task = taskOf(translation, pid);
    if (tgid !== undefined) task.group = tgid;
    return task;
  };

  /** What a line says of DAX files. */
  const ofDax = (
    record: TaskRecord,
    head: KindedHead,
    event: string,
    reading: LineOutcome<DaxReading>,
  ): void => {
    const task = metBy(head);
    const { line } = head;
    if (reading === undefined) {
      gap(translation, line - 1, line, { kind: "unread_fields", line, event });
    } else if (reading !== "nothing") daxLine(translation, task, record, reading);
    see(translation.seen, event);
    task.lastLine = line;
  };

  /** Takes a line that has a row: it is read once, whomever it concerns. */
  const told = <Line extends TaskRecord>(
    record: Line,
    head: KindedHead,
    reader: Reader<Line>,
  ): void => {
    const { source } = reader;
    switch (reader.tells) {
      case "dax":
        return ofDax(record, head, source, reader.read(record, header.format));
      case "cache":
        return cacheLine(folios, head, source, reader.read(record, header.format));
      case "both": {
        const reading = reader.read(record, header.format);
        ofDax(record, head, source, reading);
        return cacheLine(folios, head, source, reading);
      }
      default:
        return reader satisfies never;
    }
  };

  const probe = (record: ProbeRecord, head: KindedHead): void => {
    const task = metBy(head);
    const caller = callerOf(translation, task, record);
    pairProbe(translation, caller, record);
    if (!record.returns) {
      meetPointer(translation, task, record);
      keepEntry(translation, caller, record);
    }
    const reader = readerOfProbe(record.function, record.returns);
    if (reader !== undefined) {
      const whole = record.returns ? returningFrom(translation, caller, record, reader) : record;
      if (reader.tells !== "dax" && !isForeign(reader, whole)) probeSeen(folios);
      if (whole !== undefined && !isForeign(reader, whole)) told(whole, head, reader);
    }
    task.lastLine = caller.lastLine = head.line;
  };

  /** A line of what a program does: its system calls and its markers. */
  const said = (record: SyscallEnterRecord | SyscallExitRecord | MarkerRecord): void => {
    const task = metBy(record);
    const cached = cacheTaskOf(folios, record);
    switch (record.kind) {
      case "syscall-enter":
        if (record.bareHexadecimal && !versionKnown && !translation.kernel.removesWholeEntries) {
          translation.kernel = bareTraits;
          completeness = undefined;
        }
        endOpenFault(translation, task, record);
        endUnbidden(translation, task, record);
        pairEntry(translation, task, record);
        if (!writes.has(record.syscall)) closeStore(translation, task, record);
        callEntered(translation, task, record);
        see(translation.entered, record.syscall);
        syscallEntered(folios, cached, record);
        break;
      case "syscall-exit":
        endUnbidden(translation, task, record);
        pairExit(translation, task, record);
        callReturned(translation, task, record);
        syscallLeft(folios, cached, record);
        break;
      case "marker":
        endUnbidden(translation, task, record);
        marker(translation, task, record, isPrivate(folios, cached, record));
        cacheMarker(folios, cached, record);
        break;
      default:
        record satisfies never;
    }
    if (task.entered !== undefined && task.entered.size > 0) task.entered.clear();
    task.seenOutside = true;
    task.said = task.edge = momentOf(record);
    task.lastLine = record.line;
  };

  const translate = (record: TaskRecord, head: KindedHead): void => {
    recordBegins(folios, head);
    if (record.kind === "tracepoint") {
      const reader = readerOfTracepoint(record.name);
      if (reader !== undefined) told(record, head, reader);
    } else if (record.kind === "probe") probe(record, head);
    else said(record);
    recordEnds(folios, head);
    translation.cpus[head.cpu] = head.line;
  };

  const lose = (record: LostRecord | MalformedRecord): void => {
    switch (record.kind) {
      case "lost": {
        const { line, count, cpu } = record;
        const since = cpu === undefined
          ? Math.min(...translation.cpus.filter((each) => each !== undefined), line)
          : translation.cpus[cpu] ?? 0;
        gap(translation, since, line, { kind: "lost", line, cpu, count });
        folios.marking.fill(undefined);
        return cacheGap(folios, line);
      }
      case "malformed": {
        const { line, harmless, expected } = record;
        folios.marking.fill(undefined);
        if (harmless) return;
        gap(translation, line - 1, line, { kind: "unread_line", line, expected });
        return cacheGap(folios, line);
      }
      default:
        record satisfies never;
    }
  };

  return {
    notes: translation.notes,
    completeness: () => completeness ??= completenessOf(translation, header),
    everybody: () => showsEverybody(folios, header.cpus),
    translate,
    lose,
  };
}

function completenessOf(
  { seen, entered, kernel, truncating }: Translation,
  { entries, format }: TraceHeader,
): Completeness {
  return {
    // Pages of the ring buffer say what was lost, and no line can be taken out of them.
    counted: entries !== undefined || format === "trace.dat" || format === "trace_pipe_raw",
    faults: seen.has("page_fault_user") ||
      (seen.has("dax_pte_fault_done") && seen.has("dax_pmd_fault_done")),
    unmaps: entered.has("munmap") || entered.has("mmap"),
    removals: entered.has("fallocate") || entered.has("ftruncate"),
    truncatesOn: truncating,
    ...kernel,
  };
}
