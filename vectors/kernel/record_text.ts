/**
 * A record as a line of text, for a trace that has none of its own (trace.dat).
 *
 * @module
 */
import { match } from "../../model/match.ts";
import type { TaskRecord, TraceRecord } from "./record.ts";
import type { ObservedAt } from "./trace_judge.ts";

/** `procA-165 [000] 13.673969: dax_pmd_fault: dev ...`, as tracefs prints it, without latency columns. */
export function recordText(record: TraceRecord | ObservedAt): string {
  if (record.kind === "malformed") return record.text;
  if (record.kind === "lost") {
    return `CPU:${record.cpu ?? "?"} [LOST ${record.count ?? "SOME"} EVENTS]`;
  }
  const { task, pid, cpu, time } = record;
  const head = `${task}-${pid} [${String(cpu).padStart(3, "0")}] ${(time / 1e9).toFixed(6)}:`;
  return `${head} ${record.kind === "observed" ? record.text : bodyOf(record)}`;
}

function bodyOf(record: TaskRecord): string {
  return match(record)
    .with({ kind: "tracepoint" }, ({ name, body }) => `${name}: ${body}`)
    .with({ kind: "probe" }, (probe) => `${probe.name}: (${probe.function}) ${pairs(probe.args)}`)
    .with({ kind: "syscall-enter" }, ({ syscall, args }) => `sys_${syscall}(${pairs(args)})`)
    .with({ kind: "syscall-exit" }, ({ syscall, result }) => `sys_${syscall} -> ${result}`)
    .with({ kind: "marker" }, ({ text }) => `tracing_mark_write: ${text}`)
    .exhaustive();
}

function pairs(args: Readonly<Record<string, string | number>>): string {
  return Object.entries(args)
    .map(([name, value]) => `${name}=${typeof value === "number" ? value.toString(16) : value}`)
    .join(" ");
}
