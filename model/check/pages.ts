/**
 * Pages and their worlds, made on first sight, and which of them an observation reaches.
 *
 * @module
 */
import type { MappingId } from "./observation.ts";
import { Last, setLast } from "./moments.ts";
import { refresh } from "./observe.ts";
import { isHarmless } from "./take.ts";
import type { Order } from "../xarray.ts";
import { note, tick } from "./findings.ts";
import { concernRemovals } from "./removals.ts";
import type {
  Check,
  FileUnderCheck,
  MappingUnderCheck,
  PageUnderCheck,
  SmallWorld,
} from "./subject.ts";
import { dropPast } from "./history.ts";
import { comeAfter, comePage, createBystanders, leaveRange, seenOf } from "./bystanders.ts";
import {
  addWorld,
  createPage,
  hugePages,
  knownWorld,
  mappingOf,
  pagesOfPmd,
  rangeOf,
} from "./files.ts";
import { addMapped, dropMapped } from "./mapped_worlds.ts";
import { createMappingWorld, listDirty, remember } from "./world.ts";

/** The page's record, made on first sight; removals in flight may still reach it. */
export function pageOf(check: Check, file: FileUnderCheck, pgoff: number): PageUnderCheck {
  const known = file.pages.get(pgoff);
  if (known !== undefined) return known;
  const page = createPage(check, file, pgoff);
  const { fault, cleaned } = page.range;
  if (fault !== undefined) remember(check, page.entry, fault);
  if (cleaned !== undefined) setLast(check, page.entry, Last.cleaned, cleaned);
  const [first, second] = page.range.pages;
  // The first page of a range was its only one until now.
  if (second === page && first !== undefined && first.huge >= 0) comeUnderPmd(first);
  noteSize(check, page);
  concernRemovals(check, page);
  return page;
}

/** The world of a mapping's PTE of the page, made on first sight as its VMA's record is. */
export function worldOf(check: Check, page: PageUnderCheck, mapping: MappingId): SmallWorld {
  const known = knownWorld(page, mapping);
  if (known !== undefined) return known;
  const vma = mappingOf(page.file, mapping);
  makeRoom(check, page, vma);
  refresh(check, page.entry);
  const world = createMappingWorld(check, page.entry, vma);
  const { bystanders } = page.range;
  if (bystanders !== undefined && page.huge >= 0) {
    comeAfter(bystanders, page.worlds.at(-1) ?? page.entry, world);
  }
  addWorld(page, mapping, world);
  addMapped(check.mapped, world);
  concernRemovals(check, page);
  return world;
}

/** Mappings of a page at one address that are followed at a time. */
const followedAtOne = 8;
/** Mappings of a page that are followed at a time, whatever their addresses. */
const followed = 64;

/**
 * Tasks that share an address may be a hundred threads of one process, or a hundred processes one after
 * the other; and a program may map one page at a thousand addresses. The mapping that was seen last longest
 * ago gives way.
 */
function makeRoom(check: Check, page: PageUnderCheck, { base }: MappingUnderCheck): void {
  if (page.worlds.length <= followedAtOne) return;
  const mappings = page.worlds.filter((world) => world.mapping !== undefined);
  const there = mappings.filter(({ vma }) => vma?.base === base);
  if (there.length >= followedAtOne) leaveOldest(check, page, there);
  else if (mappings.length >= followed) leaveOldest(check, page, mappings);
}

function leaveOldest(
  check: Check,
  page: PageUnderCheck,
  among: readonly SmallWorld[],
): void {
  const [first] = among;
  if (first === undefined) return;
  const world = among.reduce((one, other) => seenOf(other) < seenOf(one) ? other : one, first);
  if (world.mapping !== undefined) page.byMapping?.delete(world.mapping);
  page.worlds.splice(page.worlds.indexOf(world), 1);
  leaveWorld(check, world);
}

/** Nobody follows this world any more; what it has left open never will be decided. */
function leaveWorld(check: Check, world: SmallWorld): void {
  const { file, pgoff, mapping, set, occasions } = world;
  if (world.gaps === check.gaps) {
    set.occasions.forEach(({ id, counted }, place) => {
      const occasion = occasions[place];
      if (!counted || occasion === undefined) return;
      if (isHarmless(world, occasion)) tick(check.findings.harmless, id);
      else note(check.findings.lapsed, id, occasion.where);
    });
  }
  const { bystanders } = rangeOf(file, pgoff);
  if (bystanders !== undefined) leaveRange(check, bystanders, world);
  listDirty(world, false);
  dropPast(check.pasts, world.row);
  file.telling?.delete(world);
  if (mapping !== undefined) dropMapped(check.mapped, world);
  world.syncs = 0;
  for (const removal of file.removals) removal?.worlds.delete(world);
  for (const guessed of file.guesses?.values() ?? []) guessed.delete(world);
  for (const waiting of check.waiting.values()) waiting.delete(world);
}

/** Notes whether the page's entry may be a PMD entry. Called after whatever may have changed it. */
export function noteSize(check: Check, page: PageUnderCheck): void {
  const { range } = page;
  const { bystanders } = range;
  if (page.entry.set.mayBeHuge === page.huge >= 0) return;
  if (page.entry.set.mayBeHuge) {
    if (range.pages.length > 1) comeUnderPmd(page);
    else page.huge = 0;
    concernRemovals(check, page);
  } else if (bystanders === undefined) page.huge = -1;
  else {
    bystanders.huge.delete(page);
    for (const world of page.worlds) leaveRange(check, bystanders, world);
    if (bystanders.huge.size === 0) range.bystanders = undefined;
  }
}

/** A PMD entry may cover the page, which is not the only one of its range: it sees what happens to others. */
function comeUnderPmd(page: PageUnderCheck): void {
  const of = page.range.bystanders ??= createBystanders();
  of.huge.add(page);
  comePage(of, page.worlds);
}

/** Pages that a fault of this order reaches: its own, and those that may share a PMD entry with it. */
export function reachedPages(
  file: FileUnderCheck,
  pgoff: number,
  order: Order,
): readonly PageUnderCheck[] {
  const covered = coveredPages(file, pgoff, order);
  if (order === "pmd") return covered;
  const others = hugePages(rangeOf(file, pgoff)).filter((page) => page.pgoff !== pgoff);
  return [...covered, ...others];
}

/** Pages that a fault of this order is on. */
function coveredPages(
  file: FileUnderCheck,
  pgoff: number,
  order: Order,
): readonly PageUnderCheck[] {
  if (order === "pmd") return pagesOfPmd(file, pgoff);
  const own = file.pages.get(pgoff);
  return own === undefined ? [] : [own];
}
