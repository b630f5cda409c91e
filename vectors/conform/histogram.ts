/**
 * Observations, counted.
 *
 * @module
 */
import { type Observation, observationKey } from "../../model/operation/observation.ts";
import type { CountedObservation } from "./protocol.ts";

/** How often each observation was made, in the order of their texts. */
export function histogram(observed: readonly Observation[]): readonly CountedObservation[] {
  const counts = new Map<string, { observation: Observation; count: number }>();
  for (const observation of observed) {
    const key = observationKey(observation);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { observation, count: 1 });
    else known.count++;
  }
  return [...counts].sort(([a], [b]) => a < b ? -1 : 1).map(([, each]) => each);
}
