/**
 * Lines of a trace that are no events: losses, comments, stack frames, and everything unreadable.
 *
 * @module
 */

import { beginsTrace, isHeaderLine } from "./header.ts";
import { harmlessLine, malformed } from "./malformed.ts";
import type { LostRecord, MalformedRecord, TraceHeader } from "./record.ts";

/**
 * `CPU:0 [LOST 57 EVENTS]` and `CPU:0 [LOST EVENTS]` of the kernel (`print_trace_line`,
 * kernel/trace/trace.c), `CPU:0 [57 EVENTS DROPPED]` and `CPU:0 [EVENTS DROPPED]` of trace-cmd
 * (`trace_show_data`, tracecmd/trace-read.c).
 */
const LOST = /^\s*(?:CPU:(\d+) )?\[(?:LOST (?:(\d+) )?EVENTS|(?:(\d+) )?EVENTS DROPPED)\]\s*$/;

/**
 * The kernel prints this before the first event of each CPU but the first, and only if the buffer of
 * some CPU was overwritten (`test_cpu_buff_start`; `TRACE_FILE_ANNOTATE` is set by `__tracing_open`
 * where there were overruns). So events of this CPU may be missing from here back to the beginning.
 */
const STARTED = /^#+ CPU (\d+) buffer started #+$/;

/** Reads a line that does not begin with a task; undefined for one that needs no record. */
export function readBanner(
  line: string,
  number: number,
  entries: TraceHeader["entries"],
): LostRecord | MalformedRecord | undefined {
  const lost = LOST.exec(line);
  if (lost !== null) {
    const [, cpu, kernelCount, traceCmdCount] = lost;
    const count = kernelCount ?? traceCmdCount;
    return {
      kind: "lost",
      line: number,
      cpu: cpu === undefined ? undefined : Number(cpu),
      count: count === undefined ? undefined : Number(count),
    };
  }
  const [, started] = STARTED.exec(line) ?? [];
  if (started !== undefined) {
    if (entries !== undefined && entries.inBuffer === entries.written) {
      return harmlessLine(number, line, "no banner: this trace says that nothing was overwritten");
    }
    return { kind: "lost", line: number, cpu: Number(started), count: undefined };
  }
  // Frames of a stack trace: they belong to the event before them.
  // `trace-cmd report -N` indents them by tabs.
  if (/^(?: |\t+)?=> /.test(line)) return undefined;
  if (beginsTrace(line)) {
    return malformed(number, line, "one trace in a text: here a second one begins");
  }
  if (/^CPU:\d+ \[SUBBUFFER START\]/.test(line) || isHeaderLine(line) || line.trim() === "") {
    return harmlessLine(number, line, "an event");
  }
  return malformed(number, line, "`TASK-PID [CPU] flags TIME: event`");
}
