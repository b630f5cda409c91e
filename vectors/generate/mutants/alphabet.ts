/**
 * What is said in sequences of events: which kinds, with which values in which fields.
 *
 * @module
 */
import type { Event, EventKind } from "../../../model/event.ts";
import type { Sequence, WorldBounds } from "../../format/event_vector.ts";
import { limitOf } from "../../../model/events/limits.ts";

/**
 * By kind and field: every value that is said, sorted by its text; undefined where the field may be
 * absent. Fields that can have no other value in any of the worlds are left out.
 */
export type Alphabet = ReadonlyMap<EventKind, ReadonlyMap<string, readonly unknown[]>>;

/** Collects the alphabet of these sequences. */
export function alphabetOf(sequences: readonly Sequence[]): Alphabet {
  const said = sequences.flatMap(({ bounds, events }) =>
    events.map((event) => ({ event, bounds }))
  );
  const byKind = Map.groupBy(said, ({ event }) => event.kind);
  return new Map([...byKind].map(([kind, each]) => [kind, fieldsOf(each)] as const));
}

interface Said {
  readonly event: Event;
  readonly bounds: WorldBounds;
}

function fieldsOf(said: readonly Said[]): ReadonlyMap<string, readonly unknown[]> {
  const names = new Set(said.flatMap(({ event }) => Object.keys(event)));
  names.delete("kind");
  const fields = [...names].sort().map((name) => {
    const values = new Set(said.map(({ event }) => valueOf(event, name)));
    return [name, [...values].sort(byText)] as const;
  });
  return new Map(
    fields.filter(([name, values]) =>
      said.some(({ event, bounds }) => withNext(event, name, values, bounds) !== event)
    ),
  );
}

function valueOf(event: Event, name: string): unknown {
  return Object.entries(event).find(([each]) => each === name)?.[1];
}

function byText(one: unknown, other: unknown): number {
  return `${one}` < `${other}` ? -1 : 1;
}

/**
 * The event with another value in a field: the next of `values` after its own that exists in a world
 * of these bounds, or the event itself where there is none.
 */
export function withNext(
  event: Event,
  name: string,
  values: readonly unknown[],
  bounds: WorldBounds,
): Event {
  const at = values.indexOf(valueOf(event, name));
  const others = [...values.slice(at + 1), ...values.slice(0, Math.max(at, 0))];
  const limit = limitOf(event.kind, name, bounds);
  const next = others.findIndex((value) => typeof value !== "number" || value < limit);
  if (next < 0) return event;
  return { ...event, [name]: others[next] };
}
