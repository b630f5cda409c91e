/**
 * Takes a world past what was seen of it.
 *
 * @module
 */
import type { Assumption, Ended } from "./automaton.ts";
import { stepOut } from "./bystanders.ts";
import type { CandidateSet, Input, SetStep } from "./candidate_set.ts";
import { calmSince, driftOf } from "./drift.ts";
import { isIndifferent } from "./settled.ts";
import type { SeenProjection } from "./projection.ts";
import type { Where } from "./observation.ts";
import { doubt, note } from "./findings.ts";
import type { Check, SmallWorld } from "./subject.ts";
import { take, takeLeap } from "./take.ts";
import { giveSlot, isFor } from "./sync_slots.ts";
import { forget, noRemovals, unsettle } from "./world.ts";

/**
 * Takes the world past one observation. `elsewhere` is what it would be in another kernel, for the
 * report, if nothing explains it in this one.
 *
 * @returns true if it was explained; false if nothing fitted and the world began anew
 */
export function observe(
  check: Check,
  world: SmallWorld,
  seen: SeenProjection,
  where: Where,
  elsewhere?: () => SeenProjection,
): boolean {
  const { automaton } = check;
  const input = automaton.judged(world.watch, seen);
  if (leap(check, world, input, where, where)) return true;
  catchUp(check, world, where);
  let step = automaton.step(world.set, input);
  const explained = step.next !== undefined;
  if (!explained) {
    if (!fitsElsewhere(check, world, where, elsewhere)) {
      note(check.findings.unexplained, world.watch, where);
    }
    doubt(check.findings, world.seen, where.line);
    forget(check, world);
    step = automaton.step(world.set, automaton.shaped(world.watch, seen));
  }
  take(check, world, step, where, where);
  world.seen = where.line;
  return explained;
}

/** Notes that the observation fits in another kernel, and what it would break there. */
function fitsElsewhere(
  { automaton, findings }: Check,
  { watch, set }: SmallWorld,
  where: Where,
  elsewhere: (() => SeenProjection) | undefined,
): boolean {
  if (elsewhere === undefined) return false;
  const step = automaton.step(set, automaton.judged(watch, elsewhere()));
  if (step.next === undefined) return false;
  note(findings.marking, watch, where);
  for (const { id } of step.all.slice(set.occasions.length)) note(findings.strayed, id, where);
  return true;
}

/** Takes the world past what only shapes the set: nothing is judged by it. */
export function reshape(
  check: Check,
  world: SmallWorld,
  seen: SeenProjection,
  where: Where,
): void {
  const { automaton } = check;
  const input = automaton.shaped(world.watch, seen);
  if (leap(check, world, input, where, where)) return;
  catchUp(check, world, where);
  const step = automaton.step(world.set, input);
  if (step.next !== undefined) take(check, world, step, where, where);
  world.seen = where.line;
}

/**
 * Catches up with what may have happened, and takes the step of what was observed, all at once.
 *
 * @returns false if the steps must be taken one by one
 */
function leap(check: Check, world: SmallWorld, input: Input, at: Where, where: Where): boolean {
  refresh(check, world);
  const { automaton } = check;
  let course = driftOf(check, world);
  const { removals } = world;
  for (let slot = 0; slot < removals.length; slot++) {
    const seen = removals[slot];
    if (seen === undefined || world.file.removals[slot] === undefined) continue;
    course = automaton.after(course, automaton.fire(world.watch, slot, seen, "begun"));
  }
  const leap = automaton.leap(world.set, automaton.after(course, input));
  if (leap.next === undefined) return false;
  takeLeap(check, world, leap, at, where);
  world.seen = where.line;
  return true;
}

/** Takes what may have happened since the world was last observed, step by step. */
function catchUp(check: Check, world: SmallWorld, where: Where): void {
  refresh(check, world);
  const { file } = world;
  const { automaton } = check;
  const breaker = file.breaker ?? check.breaker ?? where;
  for (const drift of driftOf(check, world).inputs) {
    take(check, world, automaton.step(world.set, drift), breaker, where);
  }
  if (world.removals.length === 0) return;
  for (let slot = 0; slot < world.removals.length; slot++) {
    const seen = world.removals[slot];
    const removal = file.removals[slot];
    if (seen === undefined || removal === undefined) continue;
    const step = automaton.step(world.set, automaton.fire(world.watch, slot, seen, "begun"));
    if (step.next !== undefined) take(check, world, step, removal.begin.where, where);
  }
}

/**
 * A PMD maps 2 MiB of blocks in one piece. So no removal in flight has taken a part of them yet, but
 * for one that zeroes, which may have met an extent that was unwritten as a whole. Where no block was, a
 * removal took none, and a PMD fault may have made them all since.
 */
export function keepWhole(check: Check, world: SmallWorld, where: Where): void {
  catchUp(check, world, where);
  let cut = 0;
  for (const [slot, seen] of world.removals.entries()) {
    const removal = seen?.projection;
    if (removal?.kind !== "removal" || removal.why === "zero_range") continue;
    if (removal.relation !== "inside") cut |= 1 << slot;
  }
  if (cut === 0) return;
  const step = check.automaton.step(world.set, check.automaton.keepWhole(cut));
  if (step.next !== undefined) take(check, world, step, where, where);
}

/** The file cannot have been truncated below this page, but for having been written again, too. */
export function keepBlocks(check: Check, world: SmallWorld, where: Where): void {
  if (world.gaps !== check.gaps) refresh(check, world);
  if (!world.set.mayBeRewritten) return;
  if (world.settled && world.seen < calmSince(check, world.file)) refresh(check, world);
  else if (world.settled) comeUpToCalls(check, world);
  // What sync calls pass by as it was and as it is then, they go on to pass by.
  const { next = world.set } = rewrittenFrom(check, world.set);
  if (!world.settled || !isIndifferent(check, world, next)) refresh(check, world);
  const step = rewrittenFrom(check, world.set);
  if (step.next !== undefined) take(check, world, step, where, where);
}

function rewrittenFrom({ automaton }: Check, set: CandidateSet): SetStep {
  return set.rewritten ??= automaton.step(set, automaton.rewritten);
}

/**
 * Something happens to this world: it forgets what was known before a gap, no longer goes with a crowd, and
 * sync calls in flight no longer pass it by.
 */
export function refresh(check: Check, world: SmallWorld): void {
  stepOut(check, world);
  if (world.gaps !== check.gaps) {
    world.gaps = check.gaps;
    world.removals = noRemovals;
    forget(check, world);
  } else if (world.settled) {
    unsettle(world);
    comeUpToCalls(check, world);
    beginSyncs(check, world);
  }
}

/**
 * Calls that have passed the world by count as having seen it: if nothing fits it any more, an event is
 * missing since the last of them, and no earlier breach is in doubt.
 */
function comeUpToCalls(check: Check, world: SmallWorld): void {
  const { file, seen } = world;
  const { passedBy } = file;
  if (passedBy === undefined || passedBy.line <= seen) return;
  if (seen < calmSince(check, file)) catchUp(check, world, passedBy);
  world.seen = passedBy.line;
}

/** The calls begin in the world that have begun in others of its file, and are for its page. */
function beginSyncs(check: Check, world: SmallWorld): void {
  const { syncs } = world.file;
  for (let slot = 1; slot < syncs.length; slot++) {
    const inFlight = syncs[slot];
    if (inFlight?.entered !== true || !isFor(inFlight, world)) continue;
    if (!giveSlot(check, world, slot, inFlight)) continue;
    inFlight.worlds.push(world);
    observe(check, world, check.automaton.project({ kind: "sync_begin", slot }), inFlight.named);
  }
}

/** A removal returns: unless it failed, it has taken effect in every candidate. */
export function endRemoval(
  check: Check,
  world: SmallWorld,
  slot: number,
  ended: Exclude<Ended, "begun" | "now">,
  begin: Where,
  where: Where,
): void {
  const seen = world.removals[slot];
  if (seen === undefined) return;
  const { automaton } = check;
  const input = automaton.fire(world.watch, slot, seen, ended);
  const isOver = leap(check, world, input, begin, where);
  if (!isOver) catchUp(check, world, where);
  freeSlot(world, slot);
  if (isOver) return;
  const step = automaton.step(world.set, input);
  if (step.next !== undefined) take(check, world, step, begin, where);
  world.seen = where.line;
}

/**
 * A task of the watched mapping was seen, so that it cannot have exited, or a descriptor was named, so
 * that a removal has worked on this file: candidates that need the contrary are refuted.
 */
export function refute(
  check: Check,
  world: SmallWorld,
  assumption: Assumption,
  where: Where,
): void {
  refresh(check, world);
  const step = check.automaton.step(world.set, check.automaton.refuted[assumption]);
  if (step.next !== undefined) take(check, world, step, where, where);
}

function freeSlot(world: SmallWorld, slot: number): void {
  const left = world.removals.with(slot, undefined);
  const last = left.findLastIndex((seen) => seen !== undefined);
  world.removals = last < 0 ? noRemovals : left.slice(0, last + 1);
}

/** A removal was none: candidates in which it has taken effect are dropped. */
export function dropRemoval(check: Check, world: SmallWorld, slot: number, where: Where): void {
  if (world.removals[slot] === undefined) return;
  refresh(check, world);
  freeSlot(world, slot);
  const step = check.automaton.step(world.set, check.automaton.keep(1 << slot));
  if (step.next !== undefined) take(check, world, step, where, where);
}

/** A removal deletes the entry now: it was there, and has not been deleted before. */
export function deleteNow(
  check: Check,
  world: SmallWorld,
  slot: number,
  size: "pmd" | "any",
  begin: Where,
  where: Where,
): void {
  const seen = world.removals[slot];
  if (seen === undefined) return;
  catchUp(check, world, where);
  const { automaton } = check;
  const there = automaton.step(world.set, automaton.found[size]);
  if (there.next === undefined) return;
  take(check, world, there, where, where);
  const step = automaton.step(world.set, automaton.fire(world.watch, slot, seen, "now"));
  if (step.next !== undefined) take(check, world, step, begin, where);
  world.seen = where.line;
}
