/**
 * What `perf script` prints: `comm pid [cpu] time: group:event: fields`, each event followed by its call
 * chain if one was recorded (tools/perf/builtin-script.c).
 *
 * Fields are printed by libtraceevent, as trace-cmd's are: results of faults are numbers.
 *
 * @module
 */
import { asLine, ftraceLine, type Rewriting, type Rewritten } from "./rewriting.ts";

/** A pid may be `pid/tid`, a time may carry nanoseconds, and a period may stand before the event. */
const EVENT =
  /^\s*(\S.*?)\s+(?:\d+\/)?(\d+)\s+\[(\d+)\]\s+(?:[\w.]{1,8}\s+)?(\d+\.\d+):\s+(?:\d+\s+)?([\w-]+):(\w+):(?: |$)(.*)$/;
/** What `--show-lost-events` and its like print of records that are no samples. */
const OTHER = /^\s*(?:\S.*?)\s+-?\d+\s+\[(\d+)\]\s+\d+\.\d+:\s+PERF_RECORD_(\w+)(?: lost (\d+))?/;
/** `ffffffff9aca933a __add_to_page_cache_locked+0x2aa ([kernel.kallsyms])` */
const CHAIN = /^\s+[0-9a-f]+ .*\(.*\)$/;

/** The text of `perf script`, with call chains or without. */
export const perfScript: Rewriting = {
  format: "perf script",
  isIn: (lines) => {
    const first = lines.find((line) =>
      line !== "" && !line.startsWith("#") && !CHAIN.test(line) && !OTHER.test(line)
    );
    return first !== undefined && EVENT.test(first);
  },
  begin: () => (line) => {
    const [, task, pid, cpu, time, group, name, fields = ""] = EVENT.exec(line) ?? [];
    if (task === undefined || pid === undefined || cpu === undefined || time === undefined) {
      return line === "" || CHAIN.test(line) ? { kind: "skipped" } : other(line);
    }
    // `probe` is perf's own group, `kprobes` tracefs'; either is told by its function in parentheses.
    const event = group === "ftrace" && name === "print"
      ? `tracing_mark_write: ${fields.replace(/^\S+: /, "")}`
      : `${name}: ${fields}`;
    return asLine(ftraceLine(task, pid, cpu, time, event));
  },
};

/** A line that is no event. perf stops taking samples where it is throttled, and does not say how many it left out. */
function other(line: string): Rewritten {
  const [, cpu, name, count] = OTHER.exec(line) ?? [];
  if (cpu === undefined || name === undefined) return asLine(line);
  if (/^LOST(?:_SAMPLES)?$/.test(name)) {
    return asLine(`CPU:${Number(cpu)} [LOST ${count === undefined ? "" : `${count} `}EVENTS]`);
  }
  return name === "THROTTLE" ? asLine(`CPU:${Number(cpu)} [LOST EVENTS]`) : { kind: "skipped" };
}
