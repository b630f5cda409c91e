/**
 * Ways to take evidence from a recording.
 *
 * @module
 */
import {
  eventName,
  type TaskRecord,
  type TraceHeader,
  type TraceRecord,
} from "../../vectors/kernel/record.ts";
import type { Recording } from "./recordings.ts";

/** What is taken. */
export type EvidenceRemoval =
  | { readonly kind: "line"; readonly at: number }
  | { readonly kind: "gap"; readonly from: number; readonly to: number }
  | { readonly kind: "task"; readonly pid: number }
  /** All tasks but one, as `set_event_pid` leaves them. */
  | { readonly kind: "other_tasks"; readonly pid: number }
  | { readonly kind: "cpu"; readonly cpu: number }
  | { readonly kind: "other_cpus"; readonly cpu: number }
  /** The lines of a task, or of a CPU, among some that follow each other: a lost sub-buffer has one CPU's. */
  | {
    readonly kind: "gap_of_task";
    readonly pid: number;
    readonly from: number;
    readonly to: number;
  }
  | {
    readonly kind: "gap_of_cpu";
    readonly cpu: number;
    readonly from: number;
    readonly to: number;
  }
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "head"; readonly to: number }
  | { readonly kind: "tail"; readonly from: number };

/**
 * What the header says of it afterwards. `a loss`: it says nothing, and a line tells that the CPU has lost
 * events, before the CPU's next one.
 */
export type HeaderSays = "the truth" | "what was there" | "nothing" | "a loss";

/** True for a record that is an event of a task. */
export function isTaskRecord(record: TraceRecord): record is TaskRecord {
  return record.kind !== "lost" && record.kind !== "malformed";
}

/** The recording without what is taken. */
export function without(
  recording: Recording,
  removal: EvidenceRemoval,
  says: HeaderSays,
): Recording {
  const left = recording.records.filter((record, at) => !isTaken(record, at, removal));
  const taken = recording.records.length - left.length;
  const records = says === "a loss" && removal.kind === "gap_of_cpu"
    ? withLoss(recording, left, removal)
    : left;
  return { ...recording, header: headerAfter(recording.header, taken, says), records };
}

/** The loss of a CPU is told before its next event; after its last, nothing tells. */
function withLoss(
  recording: Recording,
  left: readonly TraceRecord[],
  { cpu, to }: Extract<EvidenceRemoval, { kind: "gap_of_cpu" }>,
): readonly TraceRecord[] {
  const next = recording.records.find((record, at) =>
    at >= to && isTaskRecord(record) && record.cpu === cpu
  );
  if (next === undefined) return left;
  const at = left.indexOf(next);
  return left.toSpliced(at, 0, { kind: "lost", line: next.line, cpu, count: undefined });
}

function headerAfter(header: TraceHeader, taken: number, says: HeaderSays): TraceHeader {
  if (header.entries === undefined || says === "what was there") return header;
  if (says === "nothing" || says === "a loss") return { ...header, entries: undefined };
  const { inBuffer, written } = header.entries;
  return { ...header, entries: { inBuffer: inBuffer - taken, written: written - taken } };
}

function isTaken(record: TraceRecord, at: number, removal: EvidenceRemoval): boolean {
  switch (removal.kind) {
    case "line":
      return at === removal.at;
    case "gap":
      return at >= removal.from && at < removal.to;
    case "head":
      return at < removal.to;
    case "tail":
      return at >= removal.from;
    case "gap_of_task":
    case "gap_of_cpu": {
      if (!isTaskRecord(record) || at < removal.from || at >= removal.to) return false;
      return removal.kind === "gap_of_task"
        ? record.pid === removal.pid
        : record.cpu === removal.cpu;
    }
    default:
      return isTaskRecord(record) && isTakenOf(record, removal);
  }
}

function isTakenOf(
  record: TaskRecord,
  removal: Extract<
    EvidenceRemoval,
    { kind: "task" | "other_tasks" | "cpu" | "other_cpus" | "class" }
  >,
): boolean {
  switch (removal.kind) {
    case "task":
      return record.pid === removal.pid;
    case "other_tasks":
      return record.pid !== removal.pid;
    case "cpu":
      return record.cpu === removal.cpu;
    case "other_cpus":
      return record.cpu !== removal.cpu;
    case "class":
      return eventName(record) === removal.name;
    default:
      return removal satisfies never;
  }
}
