/**
 * One recorded trace, from its records to verdicts.
 *
 * @module
 */
import { awaitsTask } from "../../model/check.ts";
import type { Trace } from "./ftrace_text.ts";
import { backwardsOf, createClockOrder, lateLinesOf, noteTime } from "./clock_order.ts";
import type { TraceRecord } from "./record.ts";
import { headOf } from "./record_head.ts";
import { tracepointsOf } from "./line_classes.ts";
import { between } from "./selection.ts";
import {
  type CheckOptions,
  createTraceJudge,
  type Onlooker,
  type TraceJudge,
  type TraceResult,
} from "./trace_judge.ts";
import { createTranslator } from "./translate.ts";

export { overall } from "./trace_judge.ts";
export type {
  CheckOptions,
  Onlooker,
  TraceNote,
  TraceResult,
  TraceVerdict,
} from "./trace_judge.ts";

/**
 * Of the counting clocks `uptime` alone counts so slowly that two CPUs' events often have one count. A
 * share of them that is larger than this tells.
 */
const oftenTied = 0.01;
/** Malformed lines that are named one by one. */
const namedLines = 20;

/**
 * Judges a trace by every invariant that lines can show: `violated` with what led to each breach, `holds`,
 * `undecided` or `unexercised`, each with its reason (`spec/traces.md`). It reads the trace to its end, once;
 * memory grows with the files and pages that are touched, not with the length. A line that cannot be
 * read is named in the result, and counts as events that were lost.
 */
export async function checkTrace(trace: Trace, options: CheckOptions): Promise<TraceResult> {
  return await watchTrace(trace, options, undefined);
}

/** {@linkcode checkTrace}, with somebody who sees it go by; without one it costs nothing. */
export async function watchTrace(
  whole: Trace,
  options: CheckOptions,
  onlooker: Onlooker | undefined,
): Promise<TraceResult> {
  const { selection } = options;
  const isCut = selection?.since !== undefined || selection?.until !== undefined;
  const trace = isCut ? between(whole, selection) : whole;
  const { header } = trace;
  const skipped: { line: number; expected: string }[] = [];
  let unread = 0;
  let events = 0;
  let lost = 0;
  const translator = createTranslator(
    header,
    { version: options.kernel ?? header.kernel },
    (seen) => judge.observe(seen),
  );
  const judge: TraceJudge = createTraceJudge(header, translator.completeness(), options, onlooker);
  const { check } = judge;
  const order = createClockOrder(header.clock);
  const take = (record: TraceRecord): void => {
    onlooker?.record(check, record);
    switch (record.kind) {
      case "lost":
        lost += record.count ?? 1;
        translator.lose(record);
        break;
      case "malformed":
        if (!record.harmless) unread++;
        if (skipped.length < namedLines) {
          skipped.push({ line: record.line, expected: record.expected });
        }
        translator.lose(record);
        break;
      default: {
        const head = headOf(record);
        noteTime(order, head);
        if (awaitsTask(check.dax, head.pid)) judge.notice(head);
        translator.translate(record, head);
      }
    }
    check.dax.completeness = translator.completeness();
  };

  // Functions of their own: one that waits in between does not stay as fast.
  const takeAll = (batch: readonly TraceRecord[]): void => {
    for (const record of batch) take(record);
  };

  for await (const batch of trace.batches) {
    takeAll(batch);
    events += batch.length;
    options.progress?.(events, judge.soFar);
  }
  const counts = trace.counts();
  const counted = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return judge.end({
    time: order.time,
    events: counted,
    lost,
    unread,
    skipped,
    backwards: backwardsOf(order),
    coarseClock: header.clock === "count" && order.ties > oftenTied * counted,
    dax: [...counts.keys()].some((name) => name.startsWith("dax_")),
    cleanings: counts.has("dax_writeback_one"),
    passes: tracepointsOf("passes").some((name) => counts.has(name)),
    everybody: translator.everybody(),
    notes: translator.notes,
  }, lateLinesOf(order));
}
