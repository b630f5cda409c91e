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
import type { Counted } from "./protocol.ts";

/** One observation with its judgement. */
export type Judged =
  | { readonly kind: "allowed"; readonly text: string; readonly count: number }
  | {
    readonly kind: "forbidden";
    readonly text: string;
    readonly count: number;
    /** What is broken: one of these, the likeliest first. */
    readonly invariants: readonly string[];
  };

/** What all observations of a vector come to. */
interface Judgement {
  readonly observed: readonly Judged[];
  /** Allowed observations that were not seen: a note, never a failure. */
  readonly unseen: readonly string[];
}

/** Judges a histogram of observations. */
export function judgeObservations(
  vector: OperationVector,
  observations: readonly Counted[],
): Judgement {
  const allowed = vector.allowed.map(({ observation }) => observationKey(observation));
  const known = new Set(allowed);
  const counts = new Map<string, number>();
  for (const { observation, count } of observations) {
    const key = observationKey(withoutSuccesses(vector, observation));
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
  const observed = [...counts].sort(([a], [b]) => a < b ? -1 : 1).map(([key, count]): Judged => {
    const text = key === "" ? "all succeed" : key;
    if (known.has(key)) return { kind: "allowed", text, count };
    return { kind: "forbidden", text, count, invariants: brokenBy(vector, key) };
  });
  return { observed, unseen: allowed.filter((key) => !counts.has(key)) };
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
 * reads stay. What names no operation of the vector stays too, and so is allowed by nothing.
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
