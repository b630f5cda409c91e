/**
 * Event vectors: a small world, what happens in it, and whether that was right.
 *
 * They test whatever judges or produces events: another checker, another model, a simulator. A judge
 * is given world and events and must come to the verdict; a simulator must be able to produce every
 * accepted sequence that its design covers, and must never produce a rejected one.
 *
 * @module
 */
import type { Event } from "../../model/event.ts";
import { type Bounds, createState, type Field, type State } from "../../model/state.ts";
import type { Vector } from "./vector.ts";

/** How large the world is; counters of programs are no part of it. */
export type WorldBounds = Omit<Bounds, "locals" | "variables">;

/**
 * Views of the state that are not all zero at the start, by name (`model/state.ts` says what each
 * byte means). What is absent is zero: nothing cached, mapped, dirty, held or allocated.
 */
export type Start = { readonly [F in Field]?: readonly number[] };

/** An invariant and the index of the event that breaks it, counting from 0. */
export interface Breach {
  /** Id of the invariant. */
  readonly invariant: string;
  /** Index of the event. */
  readonly at: number;
}

/** What is right to say of the events. */
export type EventVerdict =
  /** No event breaks anything. */
  | { readonly kind: "accepted" }
  /**
   * One fault: this event is the first that breaks anything, and it breaks this invariant. What the
   * invariant implies may break with it or behind it; nothing else does. A judge that stops at the
   * first breach has said enough; one that goes on must find these and no others.
   */
  | {
    readonly kind: "rejected";
    readonly invariant: string;
    readonly at: number;
    readonly implied: readonly Breach[];
  };

/** World and events without a verdict: what a judge is given. */
export interface Sequence {
  /** How large the world is. */
  readonly bounds: WorldBounds;
  /** What it holds at the start. */
  readonly start: Start;
  /**
   * Ids of invariants that a judge leaves out, sorted: those that do not speak of this world (where
   * there is no entry lock, nothing is said of what must be done under it), and those that would see
   * the one fault a second time.
   */
  readonly exempt: readonly string[];
  /** What happens. Every event can happen where it stands: see `enabled` of the model. */
  readonly events: readonly Event[];
}

/** The body of an event vector. */
export interface EventBody extends Sequence {
  readonly kind: "event";
  readonly verdict: EventVerdict;
}

/** A whole event vector. */
export type EventVector = Vector<EventBody>;

/**
 * The state in which a sequence begins.
 *
 * @throws {RangeError} if a view of the start is not as long as the bounds say
 */
export function startState({ bounds, start }: Pick<Sequence, "bounds" | "start">): State {
  const state = createState(boundsOf(bounds));
  for (const field of viewsOf(start)) {
    const values = start[field] ?? [];
    if (values.length !== state[field].length) {
      throw new RangeError(`${field}: ${values.length} bytes where ${state[field].length} are`);
    }
    state[field].set(values);
  }
  return state;
}

const known = new WeakMap<WorldBounds, Bounds>();

/** One object a world: where the views of its states lie is worked out once for each. */
function boundsOf(world: WorldBounds): Bounds {
  const bounds = known.get(world) ?? { ...world, locals: 0 };
  known.set(world, bounds);
  return bounds;
}

/** What of a state is not zero: the inverse of {@link startState}, locals of programs left out. */
export function startFrom(state: State): Start {
  const start: { [F in Field]?: readonly number[] } = {};
  for (const field of viewsOf(state)) {
    if (field !== "local" && state[field].some((byte) => byte !== 0)) {
      start[field] = [...state[field]];
    }
  }
  return start;
}

/** The bounds of a world without the counters of programs. */
export function worldBounds(
  { locals: _, variables: __, ...bounds }: Bounds,
): WorldBounds {
  return bounds;
}

/** Names of the views that are given, in their order. */
export function viewsOf(views: Start | State): readonly Field[] {
  return Object.keys(views).filter(isField);
}

function isField(name: string): name is Field {
  return name !== "bounds" && name !== "bytes";
}
