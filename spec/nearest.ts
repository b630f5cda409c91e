/**
 * "Did you mean": the known words nearest to one that is not known.
 *
 * @module
 */

/**
 * The words that `word` could be a slip of, nearest first and at most `limit`: those that it begins,
 * and those that differ from it by an insertion, deletion or replacement in every third letter at
 * most. Case does not count. Empty when nothing is near.
 */
export function nearest(word: string, known: Iterable<string>, limit = 3): readonly string[] {
  const sought = word.toLowerCase();
  return [...known]
    .map((candidate) => ({ candidate, distance: slips(sought, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= Math.ceil(sought.length / 3))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

function slips(sought: string, candidate: string): number {
  return sought !== "" && candidate.startsWith(sought) ? 0 : editDistance(sought, candidate);
}

/** Levenshtein's distance, one row of his table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    let left = index + 1;
    const next = [left];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (letter === to[column - 1] ? 0 : 1);
      left = Math.min(replaced, left + 1, (row[column] ?? 0) + 1);
      next.push(left);
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
