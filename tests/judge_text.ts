/**
 * Judges traces that tests make or change: text in, verdicts out.
 *
 * @module
 */
import { assert } from "@std/assert";
import type { Verdict } from "../model/check/verdict.ts";
import { createAutomaton } from "../model/check.ts";
import { checkTrace, type TraceResult } from "../vectors/kernel/check_trace.ts";
import { readTrace } from "../vectors/kernel/ftrace_text.ts";

/** One for all tests of a file, as `check` has one for all files of a run. */
const automaton = createAutomaton();

/** Judges the lines of a trace; undefined if nothing in them looks like a trace any more. */
export async function judgeLines(
  lines: readonly string[],
  kernel?: string,
): Promise<TraceResult | undefined> {
  const stream = new Blob([`${lines.join("\n")}\n`]).stream();
  const trace = await readTrace(stream, { name: "a test" });
  if (trace.kind === "unreadable") return undefined;
  return await checkTrace(trace, { path: "a test", kernel, automaton });
}

/** Ids that are violated. */
export function violated(result: TraceResult | undefined): readonly string[] {
  return (result?.invariants ?? []).filter(({ verdict }) => verdict === "violated")
    .map(({ id }) => id);
}

/** The verdict on one invariant. */
export function verdictOn(result: TraceResult | undefined, id: string): Verdict {
  const found = result?.invariants.find((each) => each.id === id);
  assert(found !== undefined, `no verdict on ${id}`);
  return found.verdict;
}

/** Lines without markers, without probes, or without both. */
export const stripped = {
  "as it is": (lines: readonly string[]) => lines,
  "without markers": (lines: readonly string[]) =>
    lines.filter((line) => !/ (tracing_mark_write|print):/.test(line)),
  "without probes": (lines: readonly string[]) => lines.filter((line) => !/ k[pr]_\w+:/.test(line)),
  "without either": (lines: readonly string[]) =>
    lines.filter((line) => !/ (tracing_mark_write|print|k[pr]_\w+):/.test(line)),
} as const;
