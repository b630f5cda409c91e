/**
 * A trace, or observations of one, from what was opened to verdicts.
 *
 * @module
 */
import { type CheckOptions, type Onlooker, type TraceResult, watchTrace } from "./check_trace.ts";
import { createClockOrder, type LateLines, lateLinesOf, noteTime } from "./clock_order.ts";
import type { Trace } from "./ftrace_text.ts";
import { watchObservations } from "./observations/check_observations.ts";
import type { Observations } from "./observations/read_observations.ts";
import type { TraceHeader, TraceUnreadable } from "./record.ts";
import { headOf } from "./record_head.ts";
import type { TraceSource } from "./trace_source.ts";

/**
 * Checks it to its end, seen by an onlooker if there is one. Of observations, what is wrong with a line
 * is only found where it stands: then there is no verdict.
 */
export async function watchRecording(
  recording: Trace | Observations,
  options: CheckOptions,
  onlooker?: Onlooker,
): Promise<TraceResult | TraceUnreadable> {
  return recording.kind === "trace"
    ? await watchTrace(recording, options, onlooker)
    : await watchObservations(recording, options, onlooker);
}

/** A trace that was judged, and how it is to be read again. */
interface JudgedSource {
  readonly result: TraceResult;
  /** Events by their names. */
  readonly counts: ReadonlyMap<string, number>;
  readonly source: TraceSource;
}

/**
 * Checks a trace that may be opened again. Where its text has late lines, as `trace_pipe` gives them, it is
 * judged with each where its time is, and a note says so. An onlooker sees one check, to its end.
 */
export async function judgeSource(
  source: TraceSource,
  options: CheckOptions,
  onlookerOf?: (header: TraceHeader) => Onlooker,
): Promise<JudgedSource | TraceUnreadable> {
  if (onlookerOf !== undefined) {
    const late = await lateLinesIn(source);
    const byTime = late === undefined ? undefined : source.byTime?.();
    const placed = byTime !== undefined && await lateLinesIn(byTime) === undefined;
    const judged = await judgeOnce(placed ? byTime : source, options, onlookerOf);
    return placed ? noting(judged, late) : judged;
  }
  const judged = await judgeOnce(source, options);
  if ("found" in judged || judged.result.header.format !== "ftrace") return judged;
  const { late } = judged.result;
  const byTime = late === undefined ? undefined : source.byTime?.();
  if (byTime === undefined) return judged;
  const again = await judgeOnce(byTime, options);
  return "found" in again || again.result.late !== undefined ? judged : noting(again, late);
}

/** The result, with a note that late lines were judged where their times are. */
function noting(
  judged: JudgedSource | TraceUnreadable,
  late: LateLines | undefined,
): JudgedSource | TraceUnreadable {
  if ("found" in judged || late === undefined) return judged;
  const { result } = judged;
  const notes = [...result.notes, { kind: "late_lines", late } as const];
  return { ...judged, result: { ...result, notes } };
}

async function judgeOnce(
  source: TraceSource,
  options: CheckOptions,
  onlookerOf?: (header: TraceHeader) => Onlooker,
): Promise<JudgedSource | TraceUnreadable> {
  const recording = await source.open();
  if (recording.kind === "unreadable") return recording.reason;
  const result = await watchRecording(recording, options, onlookerOf?.(recording.header));
  return "found" in result ? result : { result, counts: recording.counts(), source };
}

/** Lines of a text that stand behind later ones of other CPUs; undefined too where it is read but once. */
async function lateLinesIn(source: TraceSource): Promise<LateLines | undefined> {
  if (source.byTime === undefined) return undefined;
  const recording = await source.open();
  if (recording.kind === "unreadable") return undefined;
  if (recording.kind === "observations") {
    await recording.batches.return(undefined);
    return undefined;
  }
  // All others are merged by time.
  if (recording.header.format !== "ftrace") {
    await recording.close();
    return undefined;
  }
  const order = createClockOrder(recording.header.clock);
  for await (const batch of recording.batches) {
    for (const record of batch) {
      if (record.kind !== "lost" && record.kind !== "malformed") noteTime(order, headOf(record));
    }
  }
  return lateLinesOf(order);
}
