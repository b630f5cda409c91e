/**
 * Worlds of any make in any state, and events in them: for properties that must hold of all.
 *
 * @module
 */
import fc from "fast-check";
import type { Event, EventKind } from "../model/event.ts";
import { type FieldShape, fieldsOf } from "../model/events/fields.ts";
import { limitOf } from "../model/events/limits.ts";
import { eventRows } from "../model/semantics.ts";
import { type Bounds, createState, type State, viewNames } from "../model/state.ts";

const small = (max: number) => fc.nat({ max });

/** Worlds of every make, small. */
export const anyBounds: fc.Arbitrary<Bounds> = fc.record({
  files: fc.constantFrom(1, 2),
  perFile: fc.constantFrom(1, 2),
  huge: fc.boolean(),
  mappings: fc.integer({ min: 1, max: 2 }),
  tasks: fc.integer({ min: 1, max: 3 }),
  rwsems: fc.constantFrom(0, 3),
  privateFrom: fc.option(small(2), { nil: undefined }),
  syncBelow: fc.option(small(2), { nil: undefined }),
  flags: fc.record({
    waitQueues: fc.boolean(),
    tlbs: fc.boolean(),
    subpage: fc.boolean(),
    contents: fc.boolean(),
    durable: fc.boolean(),
    stableWrites: fc.boolean(),
  }),
  cached: fc.boolean(),
  blocks: fc.boolean(),
  locks: fc.boolean(),
}).map(
  ({ files, perFile, huge, privateFrom, syncBelow, flags, cached, blocks, locks, ...rest }) => {
    const pages = files * perFile;
    return {
      ...rest,
      pages,
      files,
      pmdPages: huge ? pages : 1,
      locals: 0,
      ...(privateFrom === undefined ? {} : { privateFrom }),
      ...(syncBelow === undefined ? {} : { syncBelow }),
      ...flags,
      durable: flags.durable && blocks,
      ...(cached ? { folios: pages + rest.tasks + rest.mappings } : {}),
      ...(blocks ? { blocks: 2 } : {}),
      ...(locks ? { locks: 2 } : {}),
    };
  },
);

/** Bytes that a view may hold in some world. */
function legal(name: string, bounds: Bounds): readonly number[] {
  const upTo = (max = 0) => Array.from({ length: max + 1 }, (_, value) => value);
  const { folios, blocks, pages, tasks } = bounds;
  switch (name) {
    case "extent":
    case "diskExtent":
      return upTo(3);
    case "entry":
      return [0, 1, 2, 3, ...(bounds.pmdPages > 1 ? [5, 6, 7] : [])];
    case "pte":
    case "tlb":
      return [0, 1, 2, 3, 8, ...(bounds.pmdPages > 1 ? [5, 6, 7] : [])];
    case "slot":
    case "pfn":
    case "hand":
    case "pinned":
      return upTo(folios);
    case "block":
    case "backing":
    case "diskBlock":
      return upTo(blocks);
    case "owner":
      return upTo(pages);
    case "holder":
    case "locked":
      return upTo(tasks);
    case "pinnedBlock":
      return [...upTo(blocks), 128];
    case "rwsem":
      return [0, 1, 2, ...upTo(tasks - 1).map((task) => 128 + task)];
    case "lock":
      return [0, 1, 2, 3, 4, 5, 0x45, 0x44, 0x54];
    case "iomap":
      return upTo(3 + 4 * (blocks ?? 0));
    case "direct":
      return [0, 1, 2, 0x11, 0x22, 0x31, 0x41, 0x71];
    case "crashed":
      return [0, 0, 0, 0, 0, 0, 0, 0, 1];
    case "waits":
      return upTo(pages);
    case "content":
      return upTo(2);
    default:
      return [0, 1, 2, 3, 4, 7, 128, 129];
  }
}

/** An own random sequence: fast-check's is too slow for thousands of bytes. */
export function* chance(seed: number): Generator<number, never> {
  for (let state = seed >>> 0 || 1;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield (state >>> 0) / 2 ** 32;
  }
}

function pick<T>(from: Generator<number, never>, values: readonly T[]): T {
  const value = values[Math.floor(from.next().value * values.length)];
  if (value === undefined) throw new RangeError("nothing to pick from");
  return value;
}

function valueFor(
  kind: EventKind,
  name: string,
  { shape, optional }: FieldShape,
  bounds: Bounds,
  from: Generator<number, never>,
): unknown {
  if (optional && from.next().value < 0.5) return undefined;
  if (shape.kind === "word") return pick(from, shape.words);
  if (shape.kind === "text") return "lock";
  const values = shape.of === "small" ? 3 : limitOf(kind, name, bounds);
  return Math.floor(from.next().value * values);
}

/** An event of this kind that speaks of what the world has. */
export function eventOf(kind: EventKind, bounds: Bounds, from: Generator<number, never>): Event {
  const said = Object.entries(fieldsOf(kind)).map(([name, shape]) => [
    name,
    valueFor(kind, name, shape, bounds, from),
  ]);
  return JSON.parse(JSON.stringify({ kind, ...Object.fromEntries(said) }));
}

/** True if the world has all that the event is about. */
export function fits(kind: EventKind, bounds: Bounds): boolean {
  const { world = [] } = eventRows[kind];
  return world.every((part) => Boolean(bounds[part]));
}

/** A world in some state: every byte is one that its view may hold, four in ten are 0. */
export function worldOf(bounds: Bounds, from: Generator<number, never>): State {
  const state = createState(bounds);
  for (const name of viewNames) {
    const values = legal(name, bounds);
    for (let place = 0; place < state[name].length; place++) {
      state[name][place] = from.next().value < 0.4 ? 0 : pick(from, values);
    }
  }
  return state;
}

/** True if some folio is nobody's. */
export function hasFreeFolio({ folio, slot, hand, pinned, pfn }: State): boolean {
  return folio.some((_, number) =>
    ![slot, hand, pinned, pfn].some((view) => view.includes(number + 1))
  );
}

/** The views that are not all 0. */
export function startText(state: State): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    viewNames.filter((name) => state[name].some((byte) => byte !== 0))
      .map((name) => [name, [...state[name]]]),
  );
}
