/**
 * What there is in a world of given bounds, and what an event may speak of.
 *
 * @module
 */
import type { Event } from "../../model/event.ts";
import type { WorldBounds } from "./event_vector.ts";

/** How many values of a numeric field there are in a world; `Infinity` for one that is no index. */
export function limitOf(
  name: string,
  { pages, tasks, mappings, locks = 0, files = 1 }: WorldBounds,
): number {
  const limits = new Map([
    ["page", pages],
    ["from", pages + 1],
    ["to", pages + 1],
    ["task", tasks],
    ["mapping", mappings],
    ["lock", locks],
    ["file", files],
  ]);
  return limits.get(name) ?? Infinity;
}

/** True if all that the event speaks of is there. */
export function existsIn(bounds: WorldBounds, event: Event): boolean {
  return Object.entries(event).every(([name, value]) =>
    typeof value !== "number" || value < limitOf(name, bounds)
  );
}
