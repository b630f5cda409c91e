/**
 * Takes a world over a step, or several at once, and notes what they have judged.
 *
 * @module
 */
import { invariants } from "../invariants/catalogue.ts";
import type { Leap, SetStep } from "./candidate_set.ts";
import { stepsOf } from "./history.ts";
import { pmdOf } from "../page_size.ts";
import { clearLast, hasHappened, Last, lastLine, setLast } from "./moments.ts";
import type { Where } from "./observation.ts";
import { addViolation, note, oneMore, tick, tickBy } from "./findings.ts";
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
  { next, last, moves, surelyDirty, mayBeDirty }: Leap,
  at: Where,
  where: Where,
): void {
  if (next === undefined || last === undefined) return;
  world.set = next;
  if (!last.uneventful) report(check, world, last, at, where);
  if (!moves) return;
  listOpen(world);
  if (!next.surelyDirty) clearLast(check, world, Last.dirtySince);
  else if (!surelyDirty || !hasHappened(check, world, Last.dirtySince)) {
    setLast(check, world, Last.dirtySince, where);
  }
  if (!mayBeDirty) listDirty(world, false);
  listDirty(world, next.mayBeDirty);
}

/** Notes what a step has judged, begun or ended. */
function report(check: Check, world: SmallWorld, step: SetStep, at: Where, where: Where): void {
  const { findings } = check;
  for (const id of step.held) if (isWorthCounting(world, id)) tick(findings.judged, id);
  if (step.reorders) resolve(check, world, step, at, where);
  if (step.departed) note(findings.departed, world.watch, where);
  if (step.silent && world.watch === "entry") findings.silent = oneMore(findings.silent, where);
}

/** Nothing is to be noted of its last step but what it has kept. */
export function onlyKeeps({ last }: Leap): boolean {
  return last !== undefined && !last.reorders && !last.departed && !last.silent;
}

/** Notes what as many worlds have kept that took one leap; of so many of them it counts that a hole is gone. */
export function keptBy(check: Check, leap: Leap | undefined, count: number, holes: number): void {
  if (count === 0) return;
  for (const id of leap?.last?.held ?? []) {
    const worth = needsHoles.has(id) ? holes : count;
    if (worth > 0) tickBy(check.findings.judged, id, worth);
  }
}

/** Where no hole was ever mapped, none could be left over. */
export function isWorthCounting(world: SmallWorld, id: string): boolean {
  return tellsOfHoles(world) || !needsHoles.has(id);
}

/** False of a mapping that was never seen to map a hole. */
export function tellsOfHoles({ watch, mappedHole }: SmallWorld): boolean {
  return mappedHole || watch === "entry";
}

const needsHoles: ReadonlySet<string> = new Set(
  invariants.filter(({ needs }) => needs.includes("holes")).map(({ id }) => id),
);

/** Occasions began, or came to their end. */
function resolve(check: Check, world: SmallWorld, step: SetStep, at: Where, where: Where): void {
  const before = world.occasions;
  const { open, lapsed, proven } = step;
  if (lapsed.length + proven.length > 0) end(check, world, step, at, where);
  if (open.length === 0) {
    world.occasions = noOccasions;
    return;
  }
  const after: Occasion[] = [];
  let began: Occasion | undefined;
  for (const place of open) {
    after.push(before[place] ?? (began ??= beginning(check, world, at)));
  }
  world.occasions = after;
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
export function isHarmless({ untold, mapping, file }: SmallWorld, { where }: Occasion): boolean {
  if (mapping === undefined || file.mappings.get(mapping)?.stores !== true) return false;
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
    because: storyOf(stepsOf(check.pasts, world.history), occasion.where, where),
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
