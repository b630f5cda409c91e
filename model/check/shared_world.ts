/**
 * Mappings of one page that know the same share a world, which stands for theirs: what happens to all of
 * them is one step, so a fault costs no more on a page that a hundred processes map than on one that ten
 * do. What singles a mapping out gives it its own world back.
 *
 * @module
 */
import type { CandidateSet } from "./candidate_set.ts";
import { copyPast, dropPast, isSamePast } from "./history.ts";
import { copyLast, isSameLast, Last } from "./moments.ts";
import type { Check, PageUnderCheck, SmallWorld } from "./subject.ts";
import type { Occasion } from "./violation.ts";
import { createSharedWorld, listDirty } from "./world.ts";

/** What happens to all mappings of a page alike. */
const common = [Last.cleaned, Last.allocated, Last.dirtied, Last.dirtySince] as const;

/** The world has its own again, with all that the shared one knows. */
export function part(check: Check, world: SmallWorld): void {
  const { within: shared, file, pgoff } = world;
  if (shared?.members === undefined) return;
  world.within = undefined;
  shared.members.delete(world);
  copyKnown(check, world, shared);
  world.syncs = shared.syncs;
  // After a gap nobody is in a sync call any more that was entered before it.
  const calls = shared.gaps === check.gaps ? world.syncs : 0;
  for (let slot = 1; calls >> slot !== 0; slot++) {
    if ((calls & (1 << slot)) !== 0) file.syncs[slot]?.worlds.push(world);
  }
  listDirty(world, shared.listed);
  const worlds = file.pages.get(pgoff)?.worlds;
  worlds?.push(world);
  if (shared.members.size > 0) return;
  worlds?.splice(worlds.indexOf(shared), 1);
  shared.syncs = 0;
  listDirty(shared, false);
  dropPast(check.pasts, shared.row);
}

/** All worlds that this one stands for have their own again. */
export function partFrom(check: Check, { members }: SmallWorld): readonly SmallWorld[] {
  const worlds = [...members ?? []];
  for (const world of worlds) part(check, world);
  return worlds;
}

/** Every mapping of the page has its own world again. */
export function partAll(check: Check, { worlds, byMapping }: PageUnderCheck): void {
  if (byMapping === undefined) return;
  for (const { members } of [...worlds]) {
    if (members !== undefined) { for (const world of [...members]) part(check, world); }
  }
}

/** How many worlds more than were left last time a page may have before those are looked for that know the same. */
const more = 8;

/** Worlds of the page that know the same are given up for one that stands for them. */
export function share(check: Check, page: PageUnderCheck): void {
  if (page.worlds.length < page.most) return;
  const left: SmallWorld[] = [];
  const places = new Map<CandidateSet, number>();
  for (const world of page.worlds) {
    const place = places.get(world.set) ?? left.length;
    const like = left[place];
    if (like !== undefined && mayShare(world) && isKnownAlike(check, like, world)) {
      left[place] = together(check, like, world);
      continue;
    }
    if (like === undefined && mayShare(world)) places.set(world.set, place);
    left.push(world);
  }
  page.worlds = left;
  page.most = left.length + more;
}

/** The world that stands for both. */
function together(check: Check, one: SmallWorld, other: SmallWorld): SmallWorld {
  const shared = one.members !== undefined
    ? one
    : other.members !== undefined
    ? other
    : createShared(check, one);
  if (one !== shared) giveUp(check, one, shared);
  if (other !== shared) giveUp(check, other, shared);
  return shared;
}

function createShared(check: Check, like: SmallWorld): SmallWorld {
  const shared = createSharedWorld(check, like);
  copyKnown(check, shared, like);
  shared.mappedHole = like.mappedHole;
  listDirty(shared, like.listed);
  return shared;
}

function giveUp(check: Check, world: SmallWorld, shared: SmallWorld): void {
  listDirty(world, false);
  for (const each of world.members ?? [world]) {
    each.within = shared;
    shared.members?.add(each);
  }
  if (world.members !== undefined) dropPast(check.pasts, world.row);
}

function copyKnown(check: Check, to: SmallWorld, from: SmallWorld): void {
  to.set = from.set;
  to.occasions = from.occasions;
  to.seen = from.seen;
  to.gaps = from.gaps;
  to.leftover = from.leftover;
  copyPast(check.pasts, to.row, from.row);
  for (const last of common) copyLast(check, to, from, last);
}

/** Nothing is under way that has to do with this world alone. */
function mayShare({ watch, set, crowd, removals, syncs, told, untold }: SmallWorld): boolean {
  return watch === "mapping" && crowd === undefined && !set.mayBeHuge && removals.length === 0 &&
    syncs === 0 && told.length === 0 && untold === undefined;
}

function isKnownAlike(check: Check, one: SmallWorld, other: SmallWorld): boolean {
  if (one.set !== other.set || one.seen !== other.seen || one.gaps !== other.gaps) return false;
  if (one.leftover !== other.leftover || one.mappedHole !== other.mappedHole) return false;
  return mayShare(one) && common.every((last) => isSameLast(check, one, other, last)) &&
    one.occasions.every((occasion, at) => isSameOccasion(occasion, other.occasions[at])) &&
    isSamePast(check.pasts, one.row, other.row);
}

function isSameOccasion(one: Occasion, other: Occasion | undefined): boolean {
  return one === other || (one.where === other?.where && one.from === other.from &&
    one.unmarked === other.unmarked);
}
