/**
 * What `trace-cmd report -l` prints: the flags of the latency format stand after the CPU, which has no
 * brackets.
 *
 * @module
 */
import { asLine, ftraceLine, type Rewriting } from "./rewriting.ts";

/** Names are cut at 8 characters. A count of 13 digits or more leaves no blank behind five flags. */
const EVENT =
  /^\s*(\S.{0,7}?)-(\d+)\s+(\d+)(?:[.\w]{4,6}\s+|[.\w]{4}\.)(\d+(?:\.\d+)?):\s+(\w+: .*|\S.*)$/;

/** The text of `trace-cmd report -l`. */
export const reportLatency: Rewriting = {
  format: "trace-cmd report",
  isIn: (lines) => {
    const first = lines.find((line) => line !== "" && !/^(?:#|cpus=|version = |CPU)/.test(line));
    return first !== undefined && EVENT.test(first);
  },
  begin: () => (line) => {
    const [, task, pid, cpu, time, event] = EVENT.exec(line) ?? [];
    return task === undefined || pid === undefined || cpu === undefined || time === undefined ||
        event === undefined
      ? asLine(line)
      : asLine(ftraceLine(task, pid, cpu, time, event));
  },
};
