/**
 * How many events a trace should have, by what counted them when it was recorded, and how many it has.
 *
 * @module
 */
import type { Check } from "../../model/check.ts";
import type { EventLoss } from "../../model/check/why.ts";
import type { TraceHeader } from "./record.ts";

/** What is known to be missing, where `found` events are in the trace. */
export function lossesOf(
  { entries, promised }: TraceHeader,
  { findings: { gaps, gapCount } }: Check,
  found: number,
): readonly EventLoss[] {
  const losses: EventLoss[] = [...gaps];
  if (gapCount > gaps.length) losses.push({ kind: "more_gaps", count: gapCount - gaps.length });
  if (promised !== undefined && found < promised) {
    losses.push({ kind: "taken_out", promised, found });
  }
  if (entries === undefined) return losses;
  const { inBuffer, written } = entries;
  if (written > inBuffer) losses.push({ kind: "overwritten", count: written - inBuffer });
  if (inBuffer !== found) losses.push({ kind: "taken_out", promised: inBuffer, found });
  return losses;
}

/** True if lines were taken out: what is absent then proves nothing, and most breaches rest on an absence. */
export function isThinnedOut({ entries, promised }: TraceHeader, found: number): boolean {
  return entries !== undefined && entries.inBuffer !== found ||
    promised !== undefined && found < promised;
}

/** True if the header counts as many events as the text has, and as were written. */
export function isWhole({ entries }: TraceHeader, found: number): boolean {
  return entries !== undefined && entries.inBuffer === found && entries.written === found;
}
