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
  switch (name) {
    case "page":
      return pages;
    case "from":
    case "to":
      return pages + 1;
    case "task":
      return tasks;
    case "mapping":
      return mappings;
    case "lock":
      return locks;
    case "file":
      return files;
    default:
      return Infinity;
  }
}

/** True if all that the event speaks of is there. */
export function existsIn(bounds: WorldBounds, event: Event): boolean {
  return Object.entries(event).every(([name, value]) =>
    typeof value !== "number" || value < limitOf(name, bounds)
  );
}
