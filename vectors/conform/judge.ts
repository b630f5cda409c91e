/**
 * Judges what a driver observed against what a vector allows.
 *
 * @module
 */
import {
  isFullSuccess,
  type Observation,
  observationKey,
} from "../../model/operation/observation.ts";
import type { OperationBody, OperationVector } from "../format/operation_vector.ts";
import type { Envelope } from "../format/vector.ts";
import type { JudgedObservation, SeenInSchedule, VectorJudgement } from "./result.ts";

/** What is counted of one observation. */
interface Counting {
  readonly count: number;
  /** The steps of the first schedule that was forced and ended in it. */
  readonly steps?: readonly string[];
}

/** Judges all observations of a vector. */
export function judgeObservations(
  vector: OperationVector,
  seen: readonly SeenInSchedule[],
): VectorJudgement {
  const allowed = vector.allowed.map(({ observation }) => observationKey(observation));
  const known = new Set(allowed);
  const counts = countByKey(vector, seen);
  const observed = [...counts].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([key, { count, steps }]): JudgedObservation => {
      const text = key === "" ? "all succeed" : key;
      if (known.has(key)) return { kind: "allowed", text, count };
      const forced = steps === undefined ? {} : { steps };
      return { kind: "forbidden", text, count, invariants: brokenBy(vector, key), ...forced };
    });
  const unseen = allowed.filter((key) => !counts.has(key));
  const broken = observed.flatMap((each) => each.kind === "forbidden" ? [each] : []);
  if (broken.length === 0) return { verdict: "passed", observed, unseen };
  return {
    verdict: "failed",
    why: `observed ${broken.map(({ text }) => text).join(" | ")}`,
    invariants: [...new Set(broken.flatMap((each) => each.invariants))],
    observed,
    unseen,
  };
}

function countByKey(
  vector: OperationVector,
  seen: readonly SeenInSchedule[],
): ReadonlyMap<string, Counting> {
  const counts = new Map<string, Counting>();
  for (const { schedule, observations } of seen) {
    const forced = schedule?.kind === "forced" ? { steps: schedule.steps } : {};
    for (const { observation, count } of observations) {
      const key = observationKey(withoutSuccesses(vector, observation));
      const before = counts.get(key);
      counts.set(key, { ...forced, ...before, count: (before?.count ?? 0) + count });
    }
  }
  return counts;
}

/** Invariants that a forbidden observation breaks; what the vector exercises if none is named. */
function brokenBy(vector: OperationVector, key: string): readonly string[] {
  const named = vector.forbidden.find(({ observation }) => observationKey(observation) === key);
  return named?.invariants ?? aboutFirst(vector);
}

/** What a vector exercises, the invariant in its handle first. */
export function aboutFirst({ handle, invariants }: Envelope): readonly string[] {
  const [about] = handle.split("/");
  return [
    ...invariants.filter((each) => each === about),
    ...invariants.filter((each) => each !== about),
  ];
}

/**
 * The observation in the form of the suite: operations that succeeded in full are left out, loads and
 * reads stay.
 */
function withoutSuccesses(vector: OperationBody, observation: Observation): Observation {
  const operations = new Map(
    vector.processes.flatMap(({ operations }) => operations).map((each) => [each.id, each]),
  );
  const kept = Object.entries(observation).filter(([id, result]) => {
    const operation = operations.get(id);
    return operation === undefined || !isFullSuccess(operation, result);
  });
  return Object.fromEntries(kept);
}
