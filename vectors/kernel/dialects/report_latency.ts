/**
 * What `trace-cmd report -l` prints: the flags of the latency format stand after the CPU, which has no
 * brackets.
 *
 * @module
 */
import { asLine, ftraceLine, type Rewriting } from "./rewriting.ts";

const EVENT = /^\s*(\S.*?)-(\d+)\s+(\d+)[.\w]{4,6}\s+(\d+\.\d+):\s+(\w+: .*|\S.*)$/;

/** The text of `trace-cmd report -l`. */
export const reportLatency: Rewriting = {
  format: "trace-cmd report",
  isIn: (lines) => {
    const first = lines.find((line) => line !== "" && !/^(?:#|cpus=|version = )/.test(line));
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
