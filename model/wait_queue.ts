/**
 * Wait queues of DAX entries, in worlds that have them: a sleeper is keyed by the head index of the
 * entry that it found locked, waits exclusively, and runs again only when it is woken.
 *
 * Elsewhere a task that finds an entry locked just does not run, which is the same as long as nobody
 * is forgotten.
 *
 * @module
 */
import type { State } from "./state.ts";

/** Puts the task to sleep on the entry with this head index. */
export function sleepOn(state: State, task: number, head: number): void {
  if (task < state.waits.length) state.waits[task] = head + 1;
}

/** Wakes one sleeper, if there is any: the first by number. */
export function wakeNext(state: State, head: number): void {
  const task = state.waits.indexOf(head + 1);
  if (task >= 0) state.waits[task] = 0;
}

/** Wakes every sleeper. */
export function wakeAll(state: State, head: number): void {
  for (let task = 0; task < state.waits.length; task++) {
    if (state.waits[task] === head + 1) state.waits[task] = 0;
  }
}

/** Number of tasks that sleep on the entry with this head index. */
export function sleepers(state: State, head: number): number {
  let count = 0;
  for (const on of state.waits) if (on === head + 1) count++;
  return count;
}

/** True while the task sleeps. */
export function isAsleep(state: State, task: number): boolean {
  return (state.waits[task] ?? 0) !== 0;
}
