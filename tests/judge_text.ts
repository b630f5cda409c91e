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

/** A verdict, and how often there was an occasion for it. */
type Judged = Pick<TraceResult["invariants"][number], "id" | "verdict" | "judged">;

/** The verdicts on all invariants, and how often each was judged. */
export async function judgedIn(
  lines: readonly string[],
  kernel: string,
): Promise<readonly Judged[]> {
  const result = await judgeLines(lines, kernel);
  assert(result !== undefined);
  return result.invariants.map(({ id, verdict, judged }) => ({ id, verdict, judged }));
}

/** The verdict on one invariant. */
export function verdictOn(result: TraceResult | undefined, id: string): Verdict {
  const found = result?.invariants.find((each) => each.id === id);
  assert(found !== undefined, `no verdict on ${id}`);
  return found.verdict;
}

/** The lines with a header, if they have one, that counts them. */
export function recounted(lines: readonly string[]): readonly string[] {
  const events = lines.filter((line) => !line.startsWith("#")).length;
  return lines.map((line) => line.replace(/(entries-written: )\d+\/\d+/, `$1${events}/${events}`));
}

function strip(lines: readonly string[], taken: RegExp): readonly string[] {
  return recounted(lines.filter((line) => line.startsWith("#") || !taken.test(line)));
}

/** Traces as they are where markers, probes, or both were not recorded. */
export const stripped = {
  "as it is": (lines: readonly string[]) => lines,
  "without markers": (lines: readonly string[]) => strip(lines, / (tracing_mark_write|print):/),
  "without probes": (lines: readonly string[]) => strip(lines, / k[pr]_\w+:/),
  "without either": (lines: readonly string[]) =>
    strip(lines, / (tracing_mark_write|print|k[pr]_\w+):/),
} as const;
