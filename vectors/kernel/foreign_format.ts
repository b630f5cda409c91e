/**
 * Texts that show events, but not as they can be read here: what they are, and what to do.
 *
 * @module
 */
import { newColumns, readColumns } from "./columns.ts";
import { reportLatency } from "./dialects/report_latency.ts";
import { coded } from "./lines.ts";
import { shown } from "./malformed.ts";
import type { TraceUnreadable } from "./record.ts";
import { isProbed, rows } from "./rows.ts";

type Foreign = Omit<TraceUnreadable, "file">;

/** What can be recorded instead, of what is not a list of trace events. */
const EVENTS = "trace events: `trace-cmd record -e fs_dax -e ext4 ...`, or tracefs' trace";

/** Formats that a line betrays, in the order in which they are asked for. */
const FORMATS: readonly {
  readonly shows: RegExp;
  readonly found: string;
  readonly expected: string;
}[] = [
  {
    shows: /^# \S+ latency trace v/,
    found: "tracefs' latency format",
    expected: "the usual format: `echo nolatency-format > trace_options`, and read again",
  },
  {
    shows: /^# tracer: function_graph$|^ *\d+\) .*\| .*[;{}]$/,
    found: "the function_graph tracer's text, which has calls and no events",
    expected: "events: `echo nop > current_tracer`, and enable those of spec/traces.md",
  },
  {
    shows: /^ *\d+,\d+ +\d+ +\d+ +\d+\.\d{9} +\d+ +[A-Z]+ +[A-Z]+ /,
    found: "blkparse's text, which has requests and no page cache",
    expected: `${EVENTS}, with block events among them`,
  },
  {
    shows: /^(?:\[pid +)?\d+\]? +(?:\d+:\d+:\d+(?:\.\d+)? +)?\w+\(.*\) += /,
    found: "strace's text, which has system calls and nothing of the page cache",
    expected: EVENTS,
  },
  {
    shows: /^Attaching \d+ probes?\.\.\.$/,
    found: "bpftrace's output, whose lines mean what its script says",
    expected: EVENTS,
  },
];

/** The name of an event after its columns, and what it prints. */
const EVENT = /^ *\S.*?-\d+ +\[\d+\][^:]* \d+(?:\.\d+)?: +(\w+): +(.*)$/;

/** What `trace-cmd report -R` prints: numbers of the ring buffer, by their names. */
const RAW_FIELDS = /^\w+=\d+ \w+=0x/;

const tracepoints: ReadonlySet<string> = new Set(
  rows.filter((row) => !isProbed(row)).map(({ source }) => source),
);

/** True for an event that is read here and has raw fields. What a program or a printk says is free. */
function isRaw(line: string): boolean {
  const [, name = "", printed = ""] = EVENT.exec(line) ?? [];
  if (name.startsWith("sys_")) return /^__syscall_nr=\d/.test(printed);
  return name === "print"
    ? /^ip=\S+ buf=/.test(printed)
    : tracepoints.has(name) && RAW_FIELDS.test(printed);
}

/** `two:    python3-26885 [000] ...`: trace-cmd names the instance, or the file, in front of each event. */
const NAMED = /^ *(\S+):(?= +\S)/;

/** True for the columns of an event. */
function isEvent(line: string): boolean {
  return readColumns(coded(line), 0, line.length, newColumns()) || reportLatency.isIn([line]);
}

/** The name in front of an event; undefined of one that is not of a named instance or file. */
function nameBefore(line: string): string | undefined {
  const [before = "", name] = NAMED.exec(line) ?? [];
  return name === undefined || isEvent(line) || !isEvent(line.slice(before.length))
    ? undefined
    : name;
}

/** What the text is, if its first lines show a format that is none of ours; else undefined. */
export function foreignFormat(lines: readonly string[]): Foreign | undefined {
  const raw = lines.findIndex(isRaw);
  if (raw !== -1) {
    const found = `trace-cmd report -R's text, which has raw fields: ${
      JSON.stringify(shown(lines[raw] ?? ""))
    }`;
    return { at: { line: raw + 1 }, found, expected: "the report without -R, or better trace.dat" };
  }
  const named = lines.findIndex((line) => nameBefore(line) !== undefined);
  if (named !== -1) {
    const name = JSON.stringify(shown(nameBefore(lines[named] ?? "") ?? ""));
    const found = `trace-cmd report's text of several instances or files, here of ${name}`;
    return { at: { line: named + 1 }, found, expected: "trace.dat itself, with --instance NAME" };
  }
  for (const [index, line] of lines.entries()) {
    const format = FORMATS.find(({ shows }) => shows.test(line));
    if (format !== undefined) {
      const { found, expected } = format;
      return {
        at: { line: index + 1 },
        found: `${found}: ${JSON.stringify(shown(line))}`,
        expected,
      };
    }
    if (!line.startsWith("#") && line !== "") return undefined;
  }
  return undefined;
}
