/**
 * Breaches of the page cache as they are found. A recording may have no end: of each invariant so many are
 * kept, and the others are counted.
 *
 * @module
 */
import type { BreachFound } from "../breaches.ts";
import { fileKey } from "../observation.ts";

/** What has been collected. */
export interface Collected<T> {
  /** What is kept, in the order in which it came. */
  readonly kept: readonly T[];
  /** Adds one, or counts it. */
  readonly push: (each: T) => void;
  /** Calls in which the invariant was broken, and of which nothing is kept. */
  readonly beyond: (id: string) => number;
  /** Calls in which the invariant was broken. */
  readonly found: (id: string) => number;
}

/** Calls of an invariant whose breaches are kept: as many as of DAX. */
const mostCalls = 1000;
/** Folios whose breaches are kept: one call may concern all of a large file. */
const mostFolios = 20_000;

/** How far the breaches of one invariant have come. */
interface Count {
  calls: number;
  beyond: number;
  last: string;
}

/** What makes two breaches one: the call, and where one is concerned the mapping. */
export function callKey({ file, mapping, violation: { at } }: BreachFound): string {
  return `${fileKey(file)} ${at.line} ${mapping ?? ""}`;
}

/** Nothing collected yet; `breachOf` gives the breach of what is. */
export function collect<T>(breachOf: (each: T) => BreachFound): Collected<T> {
  const kept: T[] = [];
  const counts = new Map<string, Count>();
  return {
    kept,
    push(each) {
      const breach = breachOf(each);
      const { id } = breach.violation;
      const key = callKey(breach);
      const count = counts.get(id) ?? { calls: 0, beyond: 0, last: "" };
      counts.set(id, count);
      const isNew = count.last !== key;
      count.last = key;
      if (count.beyond === 0 && kept.length < mostFolios && (!isNew || count.calls < mostCalls)) {
        kept.push(each);
        if (isNew) count.calls++;
      } else if (isNew) count.beyond++;
    },
    beyond: (id) => counts.get(id)?.beyond ?? 0,
    found: (id) => (counts.get(id)?.calls ?? 0) + (counts.get(id)?.beyond ?? 0),
  };
}
