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

/** Lines that may follow the last event of a batch before it waits no longer for its rest. */
const mostWaiting = 100;

/**
 * Batches with their lines rewritten. A line that goes into another leaves its place empty; since the
 * rest of an event may come in the next batch, the last event of each waits for that.
 */
async function* rewritten(
  { begin }: Rewriting,
  batches: AsyncGenerator<LineBatch>,
): AsyncGenerator<LineBatch> {
  const rewriter = begin();
  let lines: string[] = [];
  let skipped: number[] = [];
  let last = -1;
  for await (const batch of batches) {
    for (const line of batch.text.split("\n").slice(0, -1)) {
      const taken = line.length > LONGEST_LINE ? asLine(line) : rewriter(line);
      if (taken.kind === "line") last = lines.push(taken.text) - 1;
      else {
        const before = lines[last];
        const goesOn = taken.kind === "joins" && before !== undefined;
        // An event that is too long already can only be refused.
        if (goesOn && before.length <= LONGEST_LINE) lines[last] = `${before}${taken.text}`;
        skipped.push(lines.push("") - 1);
      }
    }
    const waits = batch.end === undefined && last !== -1 && lines.length - last <= mostWaiting;
    const ready = waits ? last : lines.length;
    const text = lines.slice(0, ready).map((line) => `${line}\n`).join("");
    const empty = new Set(skipped.filter((at) => at < ready));
    yield { ...coded(text), skipped: empty, end: batch.end };
    lines = lines.slice(ready);
    skipped = skipped.filter((at) => at >= ready).map((at) => at - ready);
    last = waits ? 0 : -1;
  }
}
