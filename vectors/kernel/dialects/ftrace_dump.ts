/**
 * The ring buffer that a kernel prints to its log when it dies (`ftrace_dump_on_oops`, or sysrq-z):
 * `comm-pid cpu flags microseconds us : event`, between two lines of dashes (`ftrace_dump_one()`,
 * kernel/trace/trace.c). Names of tasks are cut at 8 characters.
 *
 * @module
 */
import { asLine, ftraceLine, type Rewriting } from "./rewriting.ts";

/** The log's own time, `[   12.345678]`, and a syslog's words before it. */
const LOG = /^(?:.*?\bkernel: )?(?:<\d+>)?\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?/;
const EVENT = /^\s*(\S.*?)-(\d+)\s+(\d+)[.\w]{4,5}\s+(\d+)us[!+#* ]?: (.*)$/;
const LOST = /^CPU:\d+ \[LOST (?:\d+ )?EVENTS\]$/;
const BEGINS = /Dumping ftrace buffer:/;

/** The dump of a ring buffer in a kernel log. */
export const ftraceDump: Rewriting = {
  format: "ftrace",
  isIn: (lines) => {
    if (lines.some((line) => BEGINS.test(line))) return true;
    const first = lines.find((line) => line !== "" && !line.startsWith("#"));
    return first !== undefined && LOG.test(first) && EVENT.test(first.replace(LOG, ""));
  },
  begin: () => (line) => {
    const text = line.replace(LOG, "");
    if (LOST.test(text)) return asLine(text);
    const [, task, pid, cpu, microseconds, event] = EVENT.exec(text) ?? [];
    if (
      task === undefined || pid === undefined || cpu === undefined || event === undefined ||
      microseconds === undefined
    ) {
      // A log has much else; what an event was cut from is between the others, and looks like one.
      return /-\d+\s+\d+[.\w]{4,5}\s+\d+us/.test(text) ? asLine(text) : { kind: "skipped" };
    }
    const digits = microseconds.padStart(7, "0");
    const time = `${digits.slice(0, -6)}.${digits.slice(-6)}`;
    return asLine(ftraceLine(task, pid, cpu, time, event));
  },
};
