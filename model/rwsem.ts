/**
 * Reader-writer semaphores of one file.
 *
 * Waiting is not being enabled. Fairness between readers and writers is left out: it decides who
 * waits longer, never what may happen.
 *
 * @module
 */
import type { State } from "./state.ts";

/**
 * The semaphores by name, in the order of `state.rwsem`. `invalidate_lock` (v5.15) stands for its
 * forerunners too: ext2's dax_sem, ext4's i_mmap_sem, XFS's MMAPLOCK.
 */
export const rwsems = ["invalidate_lock", "i_rwsem", "i_mmap_rwsem"] as const;

/** Name of a semaphore. */
export type Rwsem = typeof rwsems[number];

/** What a task asks of a semaphore. */
export interface RwsemRequest {
  readonly task: number;
  readonly lock: Rwsem;
  readonly mode: "shared" | "exclusive";
}

/** Values of `state.rwsem`: 0 free, below `EXCLUSIVE` the number of readers, else plus the writer. */
export const Held = { EXCLUSIVE: 0x80 } as const;

/** True if no task excludes the request. */
export function acquirable(state: State, { lock, mode }: RwsemRequest): boolean {
  const held = state.rwsem[rwsems.indexOf(lock)] ?? 0;
  return mode === "exclusive" ? held === 0 : held < Held.EXCLUSIVE;
}

/** Takes the semaphore. */
export function acquire(state: State, { task, lock, mode }: RwsemRequest): void {
  const index = rwsems.indexOf(lock);
  state.rwsem[index] = mode === "exclusive" ? Held.EXCLUSIVE | task : (state.rwsem[index] ?? 0) + 1;
}

/** Gives a semaphore back, the way it is held. */
export function release(state: State, lock: Rwsem): void {
  const index = rwsems.indexOf(lock);
  const held = state.rwsem[index] ?? 0;
  state.rwsem[index] = held >= Held.EXCLUSIVE ? 0 : held - 1;
}

/** True if this task holds the semaphore exclusive. */
export function holdsExclusive(state: State, task: number, lock: Rwsem): boolean {
  return state.rwsem[rwsems.indexOf(lock)] === (Held.EXCLUSIVE | task);
}
