/**
 * One small world under judgement: the set of states that fit what was seen of one page (and one
 * mapping) so far, and what has happened to it that later observations are compared with.
 *
 * As long as one candidate has broken nothing, nothing is proven. What all candidates have broken is.
 *
 * @module
 */
import type { Sets } from "./candidates.ts";
import { addStep, createHistory, type Pasts } from "./history.ts";
import { baseOf } from "./mapping_id.ts";
import type { MappingId, Where } from "./observation.ts";
import type { FileUnderCheck, SmallWorld } from "./subject.ts";
import type { Occasion } from "./violation.ts";

/** How much of what follows the proof of a violation its report shows. */
export const aftermathLength = 3;
/** None. */
export const noOccasions: readonly Occasion[] = [];

/** The world of a page's entry, of which nothing is known. */
export function createEntryWorld(
  file: FileUnderCheck,
  pgoff: number,
  gaps: number,
  sets: Sets,
  pasts: Pasts,
): SmallWorld {
  return {
    watch: "entry",
    file,
    pgoff,
    mapping: undefined,
    base: Number.NaN,
    set: sets.unknown.entry,
    occasions: noOccasions,
    removals: [],
    syncs: 0,
    seen: 0,
    mappedHole: false,
    touched: undefined,
    writer: undefined,
    visitor: undefined,
    untold: undefined,
    cleaned: undefined,
    leftover: false,
    allocated: undefined,
    created: undefined,
    dirtied: undefined,
    dirtySince: undefined,
    told: [],
    history: createHistory(pasts),
    listed: false,
    crowd: undefined,
    turn: 0,
    gaps,
  };
}

/** The world of a mapping's PTE of a page: of the entry it knows what the entry's world knows. */
export function createMappingWorld(entry: SmallWorld, mapping: MappingId, sets: Sets): SmallWorld {
  return {
    ...entry,
    watch: "mapping",
    mapping,
    base: baseOf(mapping),
    set: sets.ofMapping(entry.set),
    occasions: noOccasions,
    removals: [...entry.removals],
    syncs: 0,
    dirtySince: undefined,
    touched: undefined,
    writer: undefined,
    visitor: undefined,
    untold: undefined,
    told: [],
    history: createHistory(entry.history.of, entry.history),
    listed: false,
    crowd: undefined,
    turn: 0,
  };
}

/** Nothing that was known before can be relied on. */
export function forget(world: SmallWorld, { unknown }: Sets): void {
  world.set = unknown[world.watch];
  world.occasions = noOccasions;
  world.syncs = 0;
  world.leftover = false;
  world.dirtySince = undefined;
  listDirty(world, false);
  world.file.open.delete(world);
}

/** Notes whether its entry may be DIRTY, as far as is known. */
export function listDirty(world: SmallWorld, mayBe: boolean): void {
  if (world.listed === mayBe) return;
  world.listed = mayBe;
  if (mayBe) world.file.dirty.add(world);
  else world.file.dirty.delete(world);
}

/** Remembers an observation for reports: as the world's past, and as what followed a violation. */
export function remember(world: SmallWorld, where: Where): void {
  if (addStep(world.history, where) && world.told.length > 0) goOn(world, where);
}

/** The story of a violation goes on. */
function goOn(world: SmallWorld, where: Where): void {
  for (const violation of world.told) {
    if (violation.aftermath === 0) continue;
    violation.because.push(where);
    violation.aftermath--;
  }
  world.told = world.told.filter(({ aftermath }) => aftermath > 0);
  if (world.told.length === 0) world.file.telling.delete(world);
}
