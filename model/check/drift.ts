/**
 * What may have happened to a world unseen, since it was last observed.
 *
 * @module
 */
import type { Course } from "./candidate_set.ts";
import type { Calm, Check, FileUnderCheck, SmallWorld } from "./subject.ts";

/** What may have happened unseen since the world was last observed, at line `seen`. */
export function driftOf(check: Check, world: SmallWorld, seen = world.seen): Course {
  const { file } = world;
  if (seen >= calmSince(check, file)) return calmOf(check, file)[world.watch];
  const { removals, removesElsewhere, truncatesOn } = check.completeness;
  const broken = file.breaking > 0 || file.broken > seen || check.broken > seen;
  const hidden = file.hidden > seen && world.pgoff >= file.hiddenFrom;
  const removes = !removals || hidden || check.hidden > seen;
  return check.automaton.drift(
    world.watch,
    !broken ? "nothing" : removesElsewhere ? "entries" : "mappings",
    removes,
    hidden || !truncatesOn.has(file.id.dev),
  );
}

/**
 * The first line since when no call is known to have broken the layout, and no removal is missing;
 * Infinity while such a call is in flight.
 */
export function calmSince(check: Check, file: FileUnderCheck): number {
  if (file.breaking !== 0) return Infinity;
  return Math.max(file.broken, file.hidden, check.broken, check.hidden);
}

/** What may then have happened all the same: it is the same for all worlds of the file. */
export function calmOf(check: Check, file: FileUnderCheck): Calm {
  const { calm } = file;
  const { completeness, automaton } = check;
  const { removals, truncatesOn } = completeness;
  if (calm?.of === completeness && calm.devices === truncatesOn.size) return calm;
  const truncates = !truncatesOn.has(file.id.dev);
  return file.calm = {
    of: completeness,
    devices: truncatesOn.size,
    entry: automaton.drift("entry", "nothing", !removals, truncates),
    mapping: automaton.drift("mapping", "nothing", !removals, truncates),
  };
}
