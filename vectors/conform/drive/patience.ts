/**
 * How long a process of a vector is waited for.
 *
 * @module
 */

/** The least milliseconds without progress that are too long: inside an operation, and before one. */
const least = { inside: 10_000, before: 60_000 } as const;

/** What a process does in one call takes no longer than so many processes take to begin and end. */
const lives = 20;

/**
 * True if nothing has moved for too long. An emulated processor, or a busy one, is waited for in
 * proportion to its speed.
 *
 * @param still milliseconds without progress
 * @param life milliseconds that a process needs now to begin and to end
 */
export function isTooLong(still: number, life: number, place: keyof typeof least): boolean {
  return still >= Math.max(least[place], lives * life);
}
