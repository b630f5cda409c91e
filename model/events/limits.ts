/**
 * What an event may speak of in a world of given bounds.
 *
 * @module
 */
import type { Event, EventKind } from "../event.ts";
import type { Bounds } from "../state.ts";
import { type FieldShape, fieldsOf, type Numbered } from "./fields.ts";

/** How large a world is, whoever runs in it. */
type WorldBounds = Omit<Bounds, "locals">;

/** How many values a field has in a world; `Infinity` where its values are words. */
export function limitOf(kind: EventKind, name: string, bounds: WorldBounds): number {
  const field: FieldShape | undefined = fieldsOf(kind)[name];
  return field?.shape.kind === "number" ? countOf(field.shape.of, bounds) : Infinity;
}

/** How many there are of what a number counts. */
function countOf(
  of: Numbered,
  { pages, tasks, mappings, locks = 0, files = 1 }: WorldBounds,
): number {
  const counts: Readonly<Record<Numbered, number>> = {
    page: pages,
    end: pages + 1,
    task: tasks,
    mapping: mappings,
    lock: locks,
    file: files,
    bits: 256,
    small: 256,
  };
  return counts[of];
}

/** True if all that the event speaks of is there. */
export function existsIn(bounds: WorldBounds, event: Event): boolean {
  return Object.entries(event).every(([name, value]) =>
    typeof value !== "number" || value < limitOf(event.kind, name, bounds)
  );
}
