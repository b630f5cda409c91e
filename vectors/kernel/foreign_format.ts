/**
 * Texts that show events, but not as they can be read here: what they are, and what to do.
 *
 * @module
 */
import { shown } from "./malformed.ts";
import type { TraceUnreadable } from "./record.ts";

type Foreign = Omit<TraceUnreadable, "file">;

const LATENCY = /^# \S+ latency trace v/;
/** `comm  pid [cpu]  time: group:event: fields` */
const PERF = /^\s*\S.*\s\d+ +\[\d+\] +\d+\.\d+: +[\w-]+:\w+: /;

/** What the text is, if its first lines show a format that is none of ours; else undefined. */
export function foreignFormat(lines: readonly string[]): Foreign | undefined {
  for (const [index, line] of lines.entries()) {
    const at = { line: index + 1 };
    if (LATENCY.test(line)) {
      const expected = "the usual format: `echo nolatency-format > trace_options`, and read again";
      return { at, found: "tracefs' latency format", expected };
    }
    if (line.startsWith("#") || line === "") continue;
    if (!PERF.test(line)) return undefined;
    const found = `perf script's text, ${JSON.stringify(shown(line))}`;
    const expected =
      "text from tracefs' trace or trace_pipe, or from `trace-cmd record` and `report`";
    return { at, found, expected };
  }
  return undefined;
}
