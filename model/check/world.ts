/**
 * One small world under judgement: the set of states that fit what was seen of one page (and one
 * mapping) so far, and what has happened to it that later observations are compared with.
 *
 * As long as one candidate has broken nothing, nothing is proven. What all candidates have broken is.
 *
 * @module
 */
import { addStep, createPast } from "./history.ts";
import { clearLast, clearRow, copyLast, Last } from "./moments.ts";
import type { Where } from "./observation.ts";
import { pmdOf } from "../page_size.ts";
import { DirtyWorlds } from "./rolls.ts";
import type { Check, FileUnderCheck, MappingUnderCheck, SmallWorld } from "./subject.ts";
import type { Occasion, Violation } from "./violation.ts";

/** How much of what follows the proof of a violation its report shows. */
export const aftermathLength = 3;
/** None. */
export const noOccasions: readonly Occasion[] = [];
const noViolations: readonly Violation[] = [];
/** None in flight. Nearly all worlds have these, so they are one array. */
export const noRemovals: SmallWorld["removals"] = [];

/** The world of a page's entry, of which nothing is known. */
export function createEntryWorld(check: Check, file: FileUnderCheck, pgoff: number): SmallWorld {
  return createWorld(check, file, pgoff, undefined, undefined);
}

/** The world of a mapping's PTE of a page: of the entry it knows what the entry's world knows. */
export function createMappingWorld(
  check: Check,
  entry: SmallWorld,
  vma: MappingUnderCheck,
): SmallWorld {
  const world = createWorld(check, entry.file, entry.pgoff, vma, entry);
  for (const last of [Last.cleaned, Last.allocated, Last.dirtied]) {
    copyLast(check, world, entry, last);
  }
  return world;
}

/** One literal for both, so that the engine has one shape for them. What is asked most comes first. */
function createWorld(
  { automaton: { sets }, pasts, moments, gaps }: Check,
  file: FileUnderCheck,
  pgoff: number,
  vma: MappingUnderCheck | undefined,
  entry: SmallWorld | undefined,
): SmallWorld {
  const row = createPast(pasts, entry?.row);
  clearRow(moments, row);
  return {
    watch: vma === undefined ? "entry" : "mapping",
    set: entry === undefined ? sets.unknown.entry : sets.ofMapping(entry.set),
    seen: entry?.seen ?? 0,
    gaps: entry?.gaps ?? gaps,
    crowd: undefined,
    stands: -1,
    removals: entry?.removals ?? noRemovals,
    file,
    pgoff,
    row,
    listed: -1,
    settled: false,
    open: false,
    syncs: 0,
    occasions: noOccasions,
    told: noViolations,
    mapping: vma?.id,
    vma,
    before: undefined,
    mappedHole: entry?.mappedHole ?? false,
    writer: undefined,
    visitor: undefined,
    untold: undefined,
    leftover: entry?.leftover ?? false,
    created: entry?.created ?? 0,
    turn: 0,
  };
}

/** Nothing that was known before can be relied on. */
export function forget(check: Check, world: SmallWorld): void {
  world.set = check.automaton.sets.unknown[world.watch];
  world.occasions = noOccasions;
  world.syncs = 0;
  world.leftover = false;
  clearLast(check, world, Last.dirtySince);
  listDirty(world, false);
  listOpen(world);
}

/** Notes whether its entry may be DIRTY, as far as is known. */
export function listDirty(world: SmallWorld, mayBe: boolean): void {
  if ((world.listed >= 0) === mayBe) return;
  if (world.settled) unsettle(world);
  if (mayBe) world.file.dirty.add(world);
  else world.file.dirty.delete(world);
}

/** Sync calls pass it by, until something else happens to it (`settled.ts`). */
export function settle(world: SmallWorld): void {
  world.settled = true;
  world.file.dirty.delete(world);
  (world.file.settled ??= new DirtyWorlds()).add(world);
}

/** Sync calls no longer pass it by. */
export function unsettle(world: SmallWorld): void {
  world.settled = false;
  world.file.settled?.delete(world);
  world.file.dirty.add(world);
}

/** Sync calls pass by none of the file's worlds any more. */
export function unsettleAll({ settled }: FileUnderCheck): void {
  for (const world of settled?.members() ?? []) unsettle(world);
}

/** Notes whether an occasion is open that may rest on its page having been truncated and written again. */
export function listOpen(world: SmallWorld): void {
  if (world.watch === "mapping") return;
  const open = world.occasions.length > 0 && world.set.mayBeRewritten;
  if (world.open === open) return;
  world.open = open;
  const { file, pgoff } = world;
  const range = pmdOf(pgoff);
  const known = file.open?.get(range);
  if (!open) known?.delete(world);
  else if (known !== undefined) known.add(world);
  else (file.open ??= new Map()).set(range, new Set([world]));
}

/** Remembers an observation for reports: as the world's past, and as what followed a violation. */
export function remember({ pasts }: Check, world: SmallWorld, where: Where): void {
  if (addStep(pasts, world.row, where) && world.told.length > 0) goOn(world, where);
}

/** The story of a violation goes on. */
function goOn(world: SmallWorld, where: Where): void {
  for (const violation of world.told) {
    if (violation.aftermath === 0) continue;
    violation.because.push(where);
    violation.aftermath--;
  }
  world.told = world.told.filter(({ aftermath }) => aftermath > 0);
  if (world.told.length === 0) world.file.telling?.delete(world);
}
