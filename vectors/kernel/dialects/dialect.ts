/**
 * Other texts of the same events: each is rewritten, line by line, into the text of tracefs, and the
 * one reader reads that.
 *
 * @module
 */
import { coded, type LineBatch, LONGEST_LINE } from "../lines.ts";
import type { TraceHeader } from "../record.ts";
import { ftraceDump } from "./ftrace_dump.ts";
import { mail } from "./mail.ts";
import { perfScript } from "./perf_script.ts";
import { reportLatency } from "./report_latency.ts";
import { asLine, type Rewriting } from "./rewriting.ts";

/** A text that is none of tracefs' or trace-cmd's, and how its lines become theirs. */
export interface Dialect {
  readonly format: TraceHeader["format"] | undefined;
  readonly rewrite: (batches: AsyncGenerator<LineBatch>) => AsyncGenerator<LineBatch>;
}

const rewritings: readonly Rewriting[] = [mail, perfScript, ftraceDump, reportLatency];

/** The dialect that the first lines of a text show; undefined for the text of tracefs or trace-cmd. */
export function dialectOf(lines: Iterable<string>): Dialect | undefined {
  const opening = [...lines];
  const rewriting = rewritings.find(({ isIn }) => isIn(opening));
  if (rewriting === undefined) return undefined;
  return { format: rewriting.format, rewrite: (batches) => rewritten(rewriting, batches) };
}

/** Batches with their lines rewritten. A line that goes into another leaves its place empty. */
async function* rewritten(
  { begin }: Rewriting,
  batches: AsyncGenerator<LineBatch>,
): AsyncGenerator<LineBatch> {
  const rewriter = begin();
  for await (const batch of batches) {
    const lines: string[] = [];
    const skipped = new Set<number>();
    for (const [index, line] of batch.text.split("\n").slice(0, -1).entries()) {
      const taken = line.length > LONGEST_LINE ? asLine(line) : rewriter(line);
      if (taken.kind === "line") lines.push(taken.text);
      else {
        lines.push("");
        skipped.add(index);
        const into = lines.findLastIndex((_, at) => at < index && !skipped.has(at));
        if (taken.kind === "joins" && into !== -1) lines[into] = `${lines[into]}${taken.text}`;
      }
    }
    const text = lines.map((line) => `${line}\n`).join("");
    yield { ...coded(text), skipped, end: batch.end };
  }
}
