/**
 * A fault below a PMD, as pages see it that it is not on: they may share a PMD entry with it.
 *
 * @module
 */
import type { Leap } from "./candidate_set.ts";
import { disperse, join, stepOutLate } from "./bystanders.ts";
import { isSame } from "./mapping_id.ts";
import { hasHappened, Last, lastBefore } from "./moments.ts";
import type { MappingId, Moment, Where } from "./observation.ts";
import { driftOf } from "./drift.ts";
import { addKept } from "./kept.ts";
import { tellsOfHoles } from "./take.ts";
import { noteSize } from "./pages.ts";
import type { SeenProjection } from "./projection.ts";
import type { Bystanders, Check, Crowd, PageUnderCheck, SmallWorld } from "./subject.ts";

/** A fault on one page. */
export interface Elsewhere {
  readonly seen: {
    readonly pgoff: number;
    readonly mapping: MappingId;
    readonly since: Moment;
    readonly where: Where;
  };
  readonly write: boolean;
  /** What it is to worlds to which nothing else has happened lately; `own` as `isOwn` tells it. */
  elsewhere(own: boolean | undefined): SeenProjection;
  /** Takes one world past it. */
  see(world: SmallWorld, own: boolean | undefined): void;
}

/** Whether the fault was in this mapping; undefined if it may have been. */
export function isOwn(
  { mapping }: { readonly mapping: MappingId },
  other: MappingId | undefined,
): boolean | undefined {
  return other === undefined ? false : isSame(mapping, other);
}

/** Takes the bystanders of the fault's PMD range past it. */
export function passBy(check: Check, { file, range }: PageUnderCheck, fault: Elsewhere): void {
  const { bystanders } = range;
  if (bystanders === undefined) return;
  const { seen } = fault;
  const together = bystanders.gaps === check.gaps && stepOutLate(check, bystanders, seen.since);
  const single = bystanders.alone.members().filter(({ pgoff }) => pgoff !== seen.pgoff);
  const { standing } = bystanders;
  for (let at = standing.length - 1; at >= 0; at--) {
    const crowd = standing[at];
    if (crowd === undefined) continue;
    if (crowd.worlds.size === 0) disperse(bystanders, crowd, at);
    else if (!together || !stepCrowd(check, crowd, fault)) {
      for (const world of crowd.worlds.members()) single.push(world);
    }
  }
  if (single.length > 1) single.sort((one, other) => one.turn - other.turn);
  for (const world of single) fault.see(world, isOwn(seen, world.mapping));
  bystanders.seen = seen.where.line;
  bystanders.gaps = check.gaps;
  if (fault.write) bystanders.write = seen.where;
  for (const world of single) {
    const page = file.pages.get(world.pgoff);
    if (world.watch === "entry" && page !== undefined) noteSize(check, page);
  }
  for (const world of single) {
    if (mayJoin(check, bystanders, world, fault)) join(check, bystanders, world);
  }
}

/** Takes a crowd past the fault; false if that changes what is known of it. */
function stepCrowd(check: Check, crowd: Crowd, fault: Elsewhere): boolean {
  const { set, mapping, of, worlds } = crowd;
  const { automaton, findings } = check;
  const one = worlds.last();
  if (one === undefined) return true;
  const input = automaton.judged(one.watch, fault.elsewhere(isOwn(fault.seen, mapping)));
  const leap = automaton.leap(set, automaton.after(driftOf(check, one, of.seen), input));
  if (leap.next !== set || !isQuiet(leap, set)) return false;
  const { size } = worlds;
  if (leap.last !== undefined) {
    addKept(findings.judged, leap.last.held, size, tellsOfHoles(one) ? size : 0);
  }
  return true;
}

/** Nothing is to be noted but what was kept, and DIRTY was not interrupted. */
function isQuiet(
  { onlyKeeps, moves, surelyDirty, mayBeDirty }: Leap,
  set: Crowd["set"],
): boolean {
  if (!onlyKeeps) return false;
  return !moves || (surelyDirty === set.surelyDirty && mayBeDirty === set.mayBeDirty);
}

function mayJoin(
  check: Check,
  { alone }: Bystanders,
  world: SmallWorld,
  { seen: { since, where } }: Elsewhere,
): boolean {
  const { set, removals } = world;
  if (!alone.has(world) || world.seen !== where.line) return false;
  if (hasHappened(check, world, Last.dirtySince) !== set.surelyDirty) return false;
  if ((world.listed >= 0) !== set.mayBeDirty) return false;
  if (removals.some((seen) => seen !== undefined)) return false;
  return lastBefore(check, world, Last.touched, since) &&
    lastBefore(check, world, Last.cleaned, since);
}
