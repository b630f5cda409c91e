/**
 * Brings the events of all CPUs into one order, by time; of equal times the lower CPU comes first, as
 * in the kernel's own text (`__find_next_entry`, kernel/trace/trace.c).
 *
 * @module
 */
import type { CpuEvents } from "./sub_buffer.ts";

/**
 * Calls `take` for each event, with its CPU's reader at that event. The readers are a heap by time
 * and CPU: many CPUs cost a logarithm.
 *
 * Yields after each `batch` events, so that a caller can hand them on.
 */
export function* mergeByTime(
  cpus: readonly CpuEvents[],
  take: (events: CpuEvents) => void,
  batch: number,
): Generator<void, void> {
  const heap = cpus.filter((each) => each.advance());
  for (let at = heap.length - 1; at >= 0; at--) sift(heap, at);
  let count = 0;
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    take(top);
    if (!top.advance()) {
      const last = heap.pop();
      if (last !== undefined && last !== top) heap[0] = last;
    }
    sift(heap, 0);
    if (++count % batch === 0) yield;
  }
  yield;
}

function before(one: CpuEvents, other: CpuEvents): boolean {
  return one.time < other.time || (one.time === other.time && one.cpu < other.cpu);
}

/** Lets the reader at `at` sink to its place. */
function sift(heap: CpuEvents[], at: number): void {
  const moving = heap[at];
  if (moving === undefined) return;
  for (;;) {
    const left = heap[2 * at + 1];
    if (left === undefined) break;
    const right = heap[2 * at + 2];
    const child = right !== undefined && before(right, left) ? 2 * at + 2 : 2 * at + 1;
    const smaller = heap[child];
    if (smaller === undefined || !before(smaller, moving)) break;
    heap[at] = smaller;
    at = child;
  }
  heap[at] = moving;
}
