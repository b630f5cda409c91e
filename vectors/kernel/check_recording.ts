/**
 * A trace, or observations of one, from what was opened to verdicts.
 *
 * @module
 */
import { type CheckOptions, type Onlooker, type TraceResult, watchTrace } from "./check_trace.ts";
import type { Trace } from "./ftrace_text.ts";
import { watchObservations } from "./observations/check_observations.ts";
import type { Observations } from "./observations/read_observations.ts";
import type { TraceUnreadable } from "./record.ts";

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
