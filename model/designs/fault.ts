/**
 * What the faults of all versions have in common: whose they are, and how they begin and end.
 *
 * @module
 */
import type { Event } from "../event.ts";
import type { Bounds } from "../state.ts";

/** A fault on a page: whose, where, and for what. */
export interface Fault {
  readonly bounds: Bounds;
  readonly task: number;
  readonly mapping: number;
  readonly page: number;
  readonly access: "read" | "write";
}

/** The pages of the PMD range that holds `page`. */
export function pmdRange({ pmdPages }: Bounds, page: number): readonly number[] {
  const start = page - page % pmdPages;
  return Array.from({ length: pmdPages }, (_, index) => start + index);
}

/** Whether removals exclude faults in this world: then faults take invalidate_lock. */
export function hasInvalidateLock({ rwsems = 0 }: Bounds): boolean {
  return rwsems > 0;
}

/** Whether the mapping is private: what is stored through it stays in anonymous copies. */
export function isPrivate({ bounds: { privateFrom }, mapping }: Fault): boolean {
  return privateFrom !== undefined && mapping >= privateFrom;
}

/** A call for these pages enters the file system. */
export function enter(task: number, pages: readonly number[]): readonly Event[] {
  return pages.map((page) => ({ kind: "call_begin", task, page }));
}

/** A fault on these pages returns; its entry is unlocked by then. */
export function leave(
  bounds: Bounds,
  task: number,
  pages: readonly number[],
): readonly Event[] {
  const ends = pages.map((page): Event => ({ kind: "call_end", task, page }));
  if (!hasInvalidateLock(bounds)) return ends;
  return [{ kind: "release", task, lock: "invalidate_lock" }, ...ends];
}
