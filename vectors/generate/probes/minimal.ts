/**
 * Makes a sequence shorter as long as it stays what it is.
 *
 * @module
 */

/**
 * Leaves out items, longest stretches first, as long as the rest still holds. What is returned holds,
 * and no single item of it can be left out.
 *
 * @param holds true of `items`
 */
export function minimal<T>(
  items: readonly T[],
  holds: (items: readonly T[]) => boolean,
): readonly T[] {
  let rest = items;
  for (let length = Math.max(1, items.length >> 1);; length = Math.max(1, length >> 1)) {
    const before = rest;
    for (let from = 0; from < rest.length;) {
      const shorter = [...rest.slice(0, from), ...rest.slice(from + length)];
      if (holds(shorter)) rest = shorter;
      else from += length;
    }
    if (length === 1 && rest.length === before.length) return rest;
  }
}
