/**
 * Locks whose holders share them in one mode at a time: bcachefs's two-state lock between additions
 * to the page cache and direct I/O, and gfs2's glocks, which hold in the whole cluster.
 *
 * Waiting is not being enabled. Neither lock is fair: any side may starve the other.
 *
 * Source: fs/bcachefs/two_state_shared_lock.h (6.12), fs/gfs2/glock.c.
 *
 * @module
 */
import type { State } from "./state.ts";

/** Modes by their numbers in `state.lock`; 0 is not held. A task holds a lock in one mode at a time. */
export const lockModes = { SHARED: 1, DEFERRED: 2, EXCLUSIVE: 3, ADD: 4, BLOCK: 5 } as const;

/** Name of a mode. */
export type LockMode = keyof typeof lockModes;

/** What a task asks of a lock. */
export interface LockRequest {
  readonly task: number;
  /** Number of the lock in the world. */
  readonly lock: number;
  readonly mode: LockMode;
  /** True if the task gets it although it holds the lock itself, in whatever mode. */
  readonly recursive?: true;
}

/** The mode in which a task holds a lock, as its number; 0 if it does not. */
export function heldMode(state: State, lock: number, task: number): number {
  return (state.lock[lock * state.bounds.tasks + task] ?? 0) & 0x0f;
}

/** True if no holder excludes the request: all hold that mode, and it is not `EXCLUSIVE`. */
export function lockable(state: State, { lock, task, mode, recursive }: LockRequest): boolean {
  const wanted = lockModes[mode];
  for (let other = 0; other < state.bounds.tasks; other++) {
    if (recursive && other === task) continue;
    const held = heldMode(state, lock, other);
    if (held !== 0 && (held !== wanted || held === lockModes.EXCLUSIVE)) return false;
  }
  return true;
}

/** Tasks that hold the lock. */
export function holdersOfLock(state: State, lock: number): readonly number[] {
  const tasks = Array.from({ length: state.bounds.tasks }, (_, task) => task);
  return tasks.filter((task) => heldMode(state, lock, task) !== 0);
}

/** True if some task holds the lock in this mode. */
export function isHeld(state: State, lock: number, mode: LockMode): boolean {
  for (let task = 0; task < state.bounds.tasks; task++) {
    if (heldMode(state, lock, task) === lockModes[mode]) return true;
  }
  return false;
}
