/**
 * The worlds that an event vector goes through, for whoever looks for the step at which another judge
 * goes another way.
 *
 * @module
 */
import type { Event } from "../../model/event.ts";
import { step } from "../../model/step.ts";
import { type EventVector, type Start, startFrom, startState } from "./event_vector.ts";

/** A world on the way, as the views that are not all 0. */
interface World {
  readonly id: string;
  readonly handle: string;
  /** Index of the event that led here, and the event; absent at the start. */
  readonly at?: number;
  readonly event?: Event;
  readonly world: Start;
}

/** The world at the start and after each event. */
export function worldsOf({ id, handle, events, ...sequence }: EventVector): readonly World[] {
  const state = startState(sequence);
  const worlds: World[] = [{ id, handle, world: startFrom(state) }];
  for (const [at, event] of events.entries()) {
    step(state, event);
    worlds.push({ id, handle, at, event, world: startFrom(state) });
  }
  return worlds;
}
