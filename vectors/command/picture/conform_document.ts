/**
 * The document that the page of `conform` draws: what came of each vector, histograms, and of a failed
 * vector its program and the schedule that yields what was observed.
 *
 * @module
 */
import deno from "../../../deno.json" with { type: "json" };
import { observationKey } from "../../../model/operation/observation.ts";
import type { Conformance, VectorResult } from "../../conform/result.ts";
import { happeningLines } from "../../conform/vector_text.ts";
import type { AnyVector } from "../../format/any_vector.ts";
import type { ConformDocument, ObservedLine, RunVector } from "../../page/document.ts";
import { footerLine, headerLines } from "../report/conform_text.ts";
import { invariantTexts } from "./invariant_text.ts";
import { schedulePicture } from "./schedule_picture.ts";

/** The document for a run of these vectors. */
export function conformDocument(
  conformance: Conformance,
  vectors: readonly AnyVector[],
): ConformDocument {
  const byId = new Map(vectors.map((vector) => [vector.id, vector]));
  const run = conformance.results.flatMap((result) => {
    const vector = byId.get(result.id);
    return vector === undefined ? [] : [runVector(vector, result)];
  });
  const broken = conformance.results.flatMap(({ verdict, invariants }) =>
    verdict === "passed" ? [] : invariants
  );
  return {
    made: `pagespec ${deno.version}`,
    facts: headerLines(conformance),
    // Nobody reads what came to nothing.
    counts: footerLine(conformance).replaceAll(/, 0 [a-z ]+/g, ""),
    complaints: conformance.complaints,
    vectors: run,
    invariants: invariantTexts(broken),
  };
}

function runVector(vector: AnyVector, result: VectorResult): RunVector {
  const passed = result.verdict === "passed" || result.verdict === "skipped";
  return {
    handle: vector.handle,
    verdict: result.verdict,
    says: vector.says,
    why: result.why ?? "",
    exercises: vector.invariants,
    capabilities: vector.capabilities,
    observed: observedLines(result),
    program: passed ? [] : happeningLines(vector),
    ...(passed ? {} : drawn(vector, result)),
  };
}

function observedLines({ observed, unseen }: VectorResult): readonly ObservedLine[] {
  return [
    ...observed.map((each) => ({
      text: each.text || "all succeed",
      count: each.count,
      breaks: each.kind === "forbidden" ? each.invariants : [],
    })),
    ...unseen.map((text) => ({ text: text || "all succeed", count: 0, breaks: [] })),
  ];
}

/** The first schedule that is known to end in what must not be observed. */
function drawn(
  vector: AnyVector,
  { observed, invariants }: VectorResult,
): Pick<RunVector, "picture" | "scheduleOf"> {
  if (vector.kind === "event") return {};
  const breaks = invariants.join(" or ");
  for (const each of observed) {
    if (each.kind !== "forbidden") continue;
    if (each.steps !== undefined) {
      const picture = schedulePicture(vector.processes, each.steps, each.text, breaks);
      return { picture, scheduleOf: "the forced schedule of the driver that ended in it" };
    }
    const known = vector.forbidden.find(({ observation }) =>
      observationKey(observation) === each.text
    );
    const [schedule] = known?.schedules ?? [];
    if (schedule === undefined) continue;
    const picture = schedulePicture(vector.processes, schedule, each.text, breaks);
    return { picture, scheduleOf: "a schedule of the model with a bug that ends in it" };
  }
  return {};
}
