/**
 * Worlds that sync calls pass by. Of a page that was never seen to be written, say, nobody knows whether it
 * was DIRTY when the recording began. The first sync call of the file is judged by what comes later; one more
 * changes nothing of what is known. So calls begin in such a world only if something else happens to it while
 * they are in flight (`refresh`), and what a call costs does not grow with the pages that nothing happens to.
 *
 * @module
 */
import type { CandidateSet } from "./candidate_set.ts";
import { calmOf, calmSince } from "./drift.ts";
import { passesBy } from "./indifferent.ts";
import { hasHappened, Last } from "./moments.ts";
import type { Check, SmallWorld } from "./subject.ts";

/** True if sync calls may pass this world by from now on. */
export function maySettle(check: Check, world: SmallWorld): boolean {
  const { file, listed, settled, syncs, told, removals, crowd, seen } = world;
  if (listed < 0 || settled || syncs !== 0 || told.length > 0 || removals.length > 0) return false;
  if (crowd !== undefined || hasHappened(check, world, Last.dirtySince)) return false;
  return seen >= calmSince(check, file) && isIndifferent(check, world, world.set);
}

/** True if a sync call neither changes nor judges anything of a world that has this set. */
export function isIndifferent(
  check: Check,
  { watch, file }: SmallWorld,
  set: CandidateSet,
): boolean {
  const { automaton, completeness: { counted } } = check;
  const calm = calmOf(check, file)[watch];
  return set.indifferent[2 * calm.number + (counted ? 1 : 0)] ??= passesBy(
    automaton,
    watch,
    set,
    calm,
    counted,
  );
}
