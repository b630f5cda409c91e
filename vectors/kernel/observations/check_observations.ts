/**
 * A file of observations, from its lines to verdicts.
 *
 * @module
 */
import type { TraceUnreadable } from "../record.ts";
import {
  type CheckOptions,
  createTraceJudge,
  type Onlooker,
  type TraceEnd,
  type TraceResult,
} from "../trace_judge.ts";
import type { EndLine } from "./line.ts";
import { placeOf } from "./line.ts";
import { completenessOf, type Observations } from "./read_observations.ts";

/** Checks observations to their end, seen by an onlooker; or says what is wrong with the file. */
export async function watchObservations(
  { header, batches, counts }: Observations,
  options: CheckOptions,
  onlooker: Onlooker | undefined,
): Promise<TraceResult | TraceUnreadable> {
  const { selection } = options;
  if (selection?.since !== undefined || selection?.until !== undefined) {
    const expected = "a trace: observations are judged whole";
    return { file: options.path, at: undefined, found: "observations, with a time", expected };
  }
  const told = options.kernel;
  const judge = createTraceJudge(
    header,
    completenessOf(undefined, told, header),
    options,
    onlooker,
  );
  const { check } = judge;
  let line = 0;
  let time = 0;
  let events = 0;
  let end: EndLine | undefined;
  const reached = (seen: Parameters<typeof placeOf>[0]): void => {
    const where = placeOf(seen);
    if (where === undefined || where.line <= line) return;
    line = where.line;
    time = Math.max(time, where.time);
    onlooker?.record(check, { kind: "observed", ...where });
  };
  for await (const batch of batches) {
    for (const each of batch) {
      switch (each.of) {
        case "observation":
          reached(each.seen);
          judge.observe(each.seen);
          break;
        case "contains":
          check.dax.completeness = completenessOf(each.contains, told, header);
          break;
        case "unreadable":
          return each.reason;
        case "end":
          end = each.end;
          break;
        default:
          each satisfies never;
      }
    }
    options.progress?.(events += batch.length, judge.soFar);
  }
  return judge.end(endOf(end ?? { kind: "end" }, { time, counts: counts() }));
}

/** The end of the file, with what its reader left out. */
function endOf(
  { kind: _, ...end }: EndLine,
  { time, counts }: { readonly time: number; readonly counts: ReadonlyMap<string, number> },
): TraceEnd {
  const has = (...kinds: readonly string[]) => kinds.some((kind) => counts.has(kind));
  return {
    time,
    events: counts.values().reduce((sum, count) => sum + count, 0),
    lost: 0,
    unread: 0,
    skipped: [],
    backwards: undefined,
    coarseClock: false,
    dax: has("fault", "fault_begin", "hole", "cleaned", "pass"),
    cleanings: has("cleaned"),
    passes: has("pass", "pass_begin"),
    everybody: false,
    ...end,
    notes: {
      unknownResults: 0,
      endlessFaults: 0,
      untiedStores: 0,
      untiedStore: undefined,
      joinedReturns: 0,
      ...end.notes,
    },
  };
}
