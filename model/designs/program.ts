/**
 * Words to write programs with.
 *
 * @module
 */
import type { Branch, Step } from "../design.ts";
import type { Event } from "../event.ts";
import type { State } from "../state.ts";

const always = (): boolean => true;

/** What a way of going may leave out. */
export interface Way {
  /** Printed behind the arrow; empty if absent. */
  readonly result?: string;
  /** Always, if absent. */
  readonly when?: (state: State) => boolean;
  /** What happens, in this order. */
  readonly events?: readonly Event[];
  /** What else changes in the state: an actor's own locals, say. */
  readonly then?: (state: State) => void;
  /** The next step, if absent. */
  readonly goto?: string;
}

/** A step that can go several ways. */
export function choice(label: string, name: string, ...ways: readonly Way[]): Step {
  return { label, name, branches: ways.map(branchOf) };
}

/** A step that goes one way. */
export function does(label: string, name: string, ...events: readonly Event[]): Step {
  return choice(label, name, { events });
}

function branchOf({ result = "", when = always, events = [], then, goto }: Way): Branch {
  return {
    result,
    when,
    events,
    ...(then === undefined ? {} : { then }),
    ...(goto === undefined ? {} : { goto }),
  };
}
