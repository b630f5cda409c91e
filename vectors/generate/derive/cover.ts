/**
 * Chooses few out of many so that together they cover all that can be covered.
 *
 * @module
 */

/** An item that was taken, and what it was the first to cover. */
interface Choice<T> {
  readonly item: T;
  readonly gains: readonly string[];
}

/**
 * A greedy cover: as long as something is not covered, takes whatever covers most of it, the earlier
 * one where two cover equally much. Greedy is within a logarithm of the best, and finding the best is
 * not worth its time.
 *
 * @param covers what each item covers
 * @param known what is covered already; what gets covered is added
 */
export function cover<T>(
  items: readonly T[],
  covers: (item: T) => readonly string[],
  known: Set<string>,
): readonly Choice<T>[] {
  const open = items.map((item) => ({ item, gains: new Set(covers(item)).difference(known) }));
  const taken: Choice<T>[] = [];
  for (;;) {
    let best: { readonly item: T; readonly gains: Set<string> } | undefined;
    for (const each of open) {
      each.gains = each.gains.difference(known);
      if (each.gains.size > (best?.gains.size ?? 0)) best = each;
    }
    if (best === undefined) return taken;
    const gains = [...best.gains];
    taken.push({ item: best.item, gains });
    for (const gain of gains) known.add(gain);
  }
}
