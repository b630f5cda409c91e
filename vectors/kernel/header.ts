/**
 * What the first lines of a text say of it: who printed it, and in which shape.
 *
 * Only comments name the printer, and people cut comments away; so the shape of the events decides
 * where they are missing. trace-cmd fills every name up to 20 columns (`print_event_name`,
 * tracecmd/trace-read.c) and calls a marker `print:`; the kernel does neither.
 *
 * @module
 */

import { newColumns, readColumns } from "./columns.ts";
import { coded } from "./lines.ts";
import { readHeaderLines } from "./recording/header_lines.ts";
import type { TraceHeader } from "./record.ts";

/** What is known of a text before its first record. */
export interface Survey {
  readonly header: TraceHeader;
  /** True if a line of the text is an event, or a comment that only a trace has. */
  readonly isTrace: boolean;
  /** True if reading on cannot change the header. */
  readonly settled: boolean;
}

const NAME_WIDTH = 20;
/** Nanoseconds and cycles are beyond this some seconds after boot, `uptime` after three years. */
const leastTicks = 1e10;

/** True for the lines that stand before the first event and are no events. */
export function isHeaderLine(line: string): boolean {
  return line.startsWith("#") || line === "" ||
    /^(?:cpus=\d+|version = \d+|CPU \d+ is empty)$/.test(line);
}

/** True for a line that only the beginning of a trace has: seen later, a second trace begins. */
export function beginsTrace(line: string): boolean {
  return /^# tracer: |^# entries-in-buffer\/entries-written: |^cpus=\d+$/.test(line);
}

/** Reads what `lines`, the beginning of a text, tell of the whole. */
export function surveyLines(lines: Iterable<string>): Survey {
  const columns = newColumns();
  let format: TraceHeader["format"] | undefined;
  let entries: TraceHeader["entries"];
  let cpus: number | undefined;
  let announced = false;
  const comments: string[] = [];
  let first:
    | { readonly latencyColumns: number; readonly seconds: boolean; readonly time: number }
    | undefined;

  for (const line of lines) {
    if (first === undefined && isHeaderLine(line)) {
      if (beginsTrace(line)) {
        announced = true;
        format ??= line.startsWith("#") ? "ftrace" : "trace-cmd report";
      }
      entries ??= entriesOf(line);
      cpus ??= cpusOf(line);
      comments.push(line);
      continue;
    }
    if (!readColumns(coded(line), 0, line.length, columns)) continue;
    const { latencyColumns, seconds, time } = columns;
    first ??= { latencyColumns, seconds, time };
    format ??= formatOfEvent(line.slice(columns.event));
    if (format !== undefined) break;
  }

  const facts = readHeaderLines(comments);
  return {
    header: {
      ...(facts.kernel === undefined ? {} : { kernel: facts.kernel }),
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
      format: format ?? "ftrace",
      latencyColumns: first?.latencyColumns ?? 0,
      entries,
      ...cpus === undefined ? {} : { cpus },
      clock: first === undefined || first.seconds
        ? "seconds"
        : first.time < leastTicks
        ? "count"
        : "ticks",
    },
    isTrace: announced || first !== undefined,
    settled: first !== undefined && format !== undefined,
  };
}

function entriesOf(line: string): TraceHeader["entries"] {
  const [, inBuffer, written] =
    /^#\s*entries-in-buffer\/entries-written:\s*(\d+)\/(\d+)/.exec(line) ?? [];
  if (inBuffer === undefined || written === undefined) return undefined;
  return { inBuffer: Number(inBuffer), written: Number(written) };
}

function cpusOf(line: string): number | undefined {
  const [, cpus] = /^# entries-in-buffer\/entries-written: .*#P:(\d+)/.exec(line) ?? [];
  return cpus === undefined ? undefined : Number(cpus);
}

/** Which printer an event's text proves; undefined where both print it alike. */
function formatOfEvent(event: string): TraceHeader["format"] | undefined {
  if (/^(?:sys_\w+(?:\(| -> )|tracing_mark_write: )/.test(event)) return "ftrace";
  const [, name = "", spaces = ""] = /^(\w+):( *)/.exec(event) ?? [];
  if (name === "" || name.length >= NAME_WIDTH) return undefined;
  return spaces.length > NAME_WIDTH - name.length ? "trace-cmd report" : "ftrace";
}
