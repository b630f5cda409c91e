/**
 * What happens to locks with modes (`events/lock.ts`). A lock that a task takes again while it holds
 * it keeps both modes, the outer one in the upper half of its byte.
 *
 * @module
 */
import type { LockEvent } from "../events/lock.ts";
import { lockable, lockModes } from "../mode_lock.ts";
import { reopen } from "./direct_io.ts";
import type { State } from "../state.ts";

/** Applies an event of a lock in place. */
export function lockStep(state: State, event: LockEvent): void {
  const index = event.lock * state.bounds.tasks + event.task;
  const held = state.lock[index] ?? 0;
  switch (event.kind) {
    case "lock":
      state.lock[index] = (held << 4) | lockModes[event.mode];
      return;
    case "unlock":
      if ((held & 0x0f) === lockModes.BLOCK) reopen(state, event.task);
      state.lock[index] = held >> 4;
      return;
    case "contend":
      return;
    default:
      return event satisfies never;
  }
}

/** True if the event can happen at all in this state. */
export function lockEnabled(state: State, event: LockEvent): boolean {
  return event.kind !== "lock" || lockable(state, event);
}
