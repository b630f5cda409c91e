/**
 * The last steps of a world's past, for reports.
 *
 * @module
 */
import type { Where } from "./observation.ts";

/** How many steps a report shows. */
const shown = 24;
/** Places of the ring: a power of two. */
const places = 32;

/** A ring: what is added last takes the place of the oldest. */
export interface History {
  readonly ring: Where[];
  /** Steps that were added so far. */
  added: number;
}

/** A past that begins as another did. */
export function createHistory(like?: History): History {
  return like === undefined ? { ring: [], added: 0 } : { ring: [...like.ring], added: like.added };
}

/** Adds a step; false if it was the last one already. */
export function addStep(history: History, where: Where): boolean {
  const { ring, added } = history;
  if (added > 0 && ring[(added - 1) & (places - 1)] === where) return false;
  ring[added & (places - 1)] = where;
  history.added = added + 1;
  return true;
}

/** The steps, oldest first. */
export function stepsOf({ ring, added }: History): Where[] {
  const oldest = added & (places - 1);
  const all = added <= places ? ring : [...ring.slice(oldest), ...ring.slice(0, oldest)];
  return all.slice(-shown);
}
