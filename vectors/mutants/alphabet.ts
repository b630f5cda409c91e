/**
 * What the designs of the catalogue say: which kinds of event, with which values in which fields.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import type { Event, EventKind } from "../../model/event.ts";
import type { Bounds } from "../../model/state.ts";

/** A field of an event, and its value. */
export type EventField = readonly [name: string, value: unknown];

/** By kind and field: every value that is said, in the order in which designs say them. */
export type Alphabet = ReadonlyMap<EventKind, ReadonlyMap<string, readonly unknown[]>>;

/** The fields of an event, its kind left out. */
export function fieldsOf(event: Event): readonly EventField[] {
  return Object.entries(event).filter(([name]) => name !== "kind");
}

/** Collects the alphabet of these designs. */
export function alphabetOf(designs: readonly Design[]): Alphabet {
  const alphabet = new Map<EventKind, Map<string, unknown[]>>();
  for (const event of designs.flatMap(eventsOf)) {
    const fields = alphabet.get(event.kind) ?? new Map<string, unknown[]>();
    alphabet.set(event.kind, fields);
    for (const [name, value] of fieldsOf(event)) {
      const values = fields.get(name) ?? [];
      fields.set(name, values);
      if (!values.includes(value)) values.push(value);
    }
  }
  return alphabet;
}

/**
 * The event with another value in a field: the next of `values` after its own that exists in a world
 * of these bounds, or the event itself where there is none.
 */
export function withNext(
  event: Event,
  name: string,
  values: readonly unknown[],
  bounds: Bounds,
): Event {
  const own = fieldsOf(event).find(([each]) => each === name)?.[1];
  const at = values.indexOf(own);
  const others = [...values.slice(at + 1), ...values.slice(0, Math.max(at, 0))];
  const next = others.find((value) => typeof value !== "number" || value < limitOf(name, bounds));
  return next === undefined ? event : JSON.parse(JSON.stringify({ ...event, [name]: next }));
}

/** How many values of a numeric field there are in a world; `Infinity` for one that is no index. */
export function limitOf(
  name: string,
  { pages, tasks, mappings, locks = 0, files = 1 }: Bounds,
): number {
  const limits = new Map([
    ["page", pages],
    ["from", pages],
    ["to", pages + 1],
    ["task", tasks],
    ["mapping", mappings],
    ["lock", locks],
    ["file", files],
  ]);
  return limits.get(name) ?? Infinity;
}

function eventsOf({ actors }: Design): readonly Event[] {
  return actors.flatMap(({ program }) =>
    program.flatMap(({ branches }) => branches.flatMap(({ events }) => events))
  );
}
