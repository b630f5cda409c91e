/**
 * Takes a world over a step, or several at once, and notes what they have judged.
 *
 * @module
 */
import { invariants } from "../invariants/catalogue.ts";
import type { CandidateSet, Leap, SetStep } from "./candidate_set.ts";
import { stepsOf } from "./history.ts";
import { pmdOf } from "../page_size.ts";
import { clearLast, hasHappened, Last, lastLine, setLast } from "./moments.ts";
import type { Where } from "./observation.ts";
import { addViolation, note, oneMore, tick } from "./findings.ts";
import { addKept } from "./kept.ts";
import type { Check, SmallWorld } from "./subject.ts";
import { aftermathLength, listDirty, listOpen, noOccasions } from "./world.ts";
import type { Occasion } from "./violation.ts";

/** Takes a step: `at` is where what it broke happened, `where` what showed it. */
export function take(
  check: Check,
  world: SmallWorld,
  step: SetStep,
  at: Where,
  where: Where,
): void {
  const before = world.set;
  if (step.next !== undefined) world.set = step.next;
  if (!step.uneventful) report(check, world, step, at, where);
  if (world.set === before) return;
  listOpen(world);
  if (!world.set.surelyDirty) clearLast(check, world, Last.dirtySince);
  else if (!hasHappened(check, world, Last.dirtySince)) {
    setLast(check, world, Last.dirtySince, where);
  }
  listDirty(world, world.set.mayBeDirty);
}

/** Takes several steps at once, of which the last alone may have something to tell. */
export function takeLeap(
  check: Check,
  world: SmallWorld,
  leap: Leap,
  at: Where,
  where: Where,
): void {
  const { next, last } = leap;
  if (next === undefined || last === undefined) return;
  world.set = next;
  if (!last.uneventful) report(check, world, last, at, where);
  if (leap.moves) move(check, world, leap, next, where);
}

/** Notes of a world whose set is another now what follows from that. */
function move(check: Check, world: SmallWorld, leap: Leap, next: CandidateSet, where: Where): void {
  listOpen(world);
  if (!next.surelyDirty) clearLast(check, world, Last.dirtySince);
  else if (!leap.surelyDirty || !hasHappened(check, world, Last.dirtySince)) {
    setLast(check, world, Last.dirtySince, where);
  }
  if (!leap.mayBeDirty) listDirty(world, false);
  listDirty(world, next.mayBeDirty);
}

/** Takes a world over a leap that only keeps invariants; whoever asks for that counts them (`kept.ts`). */
export function takeKeeping(check: Check, world: SmallWorld, leap: Leap, where: Where): void {
  const { next } = leap;
  if (next === undefined || !leap.moves) return;
  world.set = next;
  move(check, world, leap, next, where);
}

/** Notes what a step has judged, begun or ended. */
function report(check: Check, world: SmallWorld, step: SetStep, at: Where, where: Where): void {
  const { findings } = check;
  if (step.held.length > 0) addKept(findings.judged, step.held, 1, tellsOfHoles(world) ? 1 : 0);
  if (step.reorders) resolve(check, world, step, at, where);
  if (step.departed) note(findings.departed, world.watch, where);
  if (step.silent && world.watch === "entry") findings.silent = oneMore(findings.silent, where);
}

/** False of a mapping that was never seen to map a hole: none could be left over. */
export function tellsOfHoles({ watch, mappedHole }: SmallWorld): boolean {
  return mappedHole || watch === "entry";
}

/** Occasions began, or came to their end. */
function resolve(check: Check, world: SmallWorld, step: SetStep, at: Where, where: Where): void {
  const before = world.occasions;
  const { open, lapsed, proven } = step;
  if (lapsed.length + proven.length > 0) end(check, world, step, at, where);
  if (open.length === 0) {
    world.occasions = noOccasions;
    return;
  }
  let began: Occasion | undefined;
  world.occasions = open.map((place) => before[place] ?? (began ??= beginning(check, world, at)));
}

/** Occasions have lapsed, or are proven to be breaches. */
function end(
  check: Check,
  world: SmallWorld,
  { all, lapsed, proven }: SetStep,
  at: Where,
  where: Where,
): void {
  const before = world.occasions;
  const began = beginning(check, world, at);
  for (const place of lapsed) {
    const { id } = all[place] ?? {};
    const occasion = before[place] ?? began;
    if (id === undefined) continue;
    if (isHarmless(world, occasion)) tick(check.findings.harmless, id);
    else note(check.findings.lapsed, id, occasion.where);
  }
  for (const place of proven) {
    const { id } = all[place] ?? {};
    if (id !== undefined) prove(check, world, id, before[place] ?? began, where);
  }
}

/** An occasion that begins now. */
function beginning(check: Check, world: SmallWorld, where: Where): Occasion {
  return {
    where,
    from: lastLine(check, world, Last.dirtied),
    unmarked: !hasHappened(check, world, Last.allocated) &&
      world.file.ranges.get(pmdOf(world.pgoff))?.fault === undefined,
  };
}

/** A program that marks its stores made none after this: whatever mkclean missed lost nothing. */
export function isHarmless({ untold, vma }: SmallWorld, { where }: Occasion): boolean {
  if (vma?.stores !== true) return false;
  return untold === undefined || untold < where.line;
}

const judgedAtSync: ReadonlySet<string> = new Set(
  invariants.filter(({ on }) => on.includes("sync_end")).map(({ id }) => id),
);

const judgedAtRemoval: ReadonlySet<string> = new Set(
  invariants.filter(({ on }) => on.includes("remove_entry")).map(({ id }) => id),
);

/** What led to a violation, where it happened, and what has proven it: each step once. */
function storyOf(past: readonly Where[], at: Where, proof: Where): Where[] {
  const story = [...past];
  for (const step of [at, proof]) {
    if (!story.some(({ line, text }) => line === step.line && text === step.text)) story.push(step);
  }
  return story;
}

function prove(
  check: Check,
  world: SmallWorld,
  id: string,
  occasion: Occasion,
  where: Where,
): void {
  const { file, pgoff, mapping } = world;
  // No write fault that was recorded has marked the entry: one may be missing, of a task or a CPU that
  // was not recorded, after the sync call as well as before it.
  if (occasion.unmarked && judgedAtSync.has(id)) {
    note(check.findings.withdrawn, id, occasion.where);
    return;
  }
  const violation = {
    id,
    at: occasion.where,
    proof: where,
    because: storyOf(stepsOf(check.pasts, world.row), occasion.where, where),
    aftermath: aftermathLength,
  };
  const proven = addViolation(
    check.findings,
    { file: file.id, pgoffs: [pgoff], mapping, violation },
    occasion.from,
    // That the entry was not written back before it was removed is known by no line.
    check.completeness.counted || !judgedAtRemoval.has(id),
  );
  if (!proven || violation.aftermath === 0) return;
  world.told = [...world.told, violation].slice(-2);
  (file.telling ??= new Set()).add(world);
}
