/**
 * Worlds of mappings by the page of user space that they watch, in any process. Mostly a page has one: the
 * first is in a map, and each leads to one that came before it.
 *
 * @module
 */
import { pageSize } from "../page_size.ts";
import type { SmallWorld } from "./subject.ts";

/** By the low 32 bits of a page's number, for an engine keeps small numbers apart: the one that came last. */
type MappedWorlds = Map<number, SmallWorld>;

/** The number of the page of user space that the world watches; NaN where it watches an entry. */
function userPageOf({ vma, pgoff }: SmallWorld): number {
  return vma === undefined ? NaN : Math.floor(vma.base / pageSize) + pgoff;
}

/** The world is found from now on. */
export function addMapped(mapped: MappedWorlds, world: SmallWorld): void {
  const key = userPageOf(world) | 0;
  world.before = mapped.get(key);
  mapped.set(key, world);
}

/** The world is no longer found. */
export function dropMapped(mapped: MappedWorlds, world: SmallWorld): void {
  const key = userPageOf(world) | 0;
  const { before } = world;
  world.before = undefined;
  let after = mapped.get(key);
  if (after === world) {
    if (before === undefined) mapped.delete(key);
    else mapped.set(key, before);
    return;
  }
  while (after !== undefined && after.before !== world) after = after.before;
  if (after !== undefined) after.before = before;
}

/** Worlds at user addresses [start, end), whichever way of finding them is shorter. */
export function* mappedBetween(
  mapped: MappedWorlds,
  start: number,
  end: number,
): Generator<SmallWorld> {
  const from = Math.ceil(start / pageSize);
  const to = Math.ceil(end / pageSize);
  if (to - from > mapped.size) {
    for (const last of mapped.values()) yield* among(last, from, to);
    return;
  }
  for (let page = from; page < to; page++) yield* among(mapped.get(page | 0), page, page + 1);
}

/** Worlds at pages [from, to), in the order in which they came. */
function among(last: SmallWorld | undefined, from: number, to: number): readonly SmallWorld[] {
  const found: SmallWorld[] = [];
  for (let world = last; world !== undefined; world = world.before) {
    const page = userPageOf(world);
    if (page >= from && page < to) found.push(world);
  }
  return found.length > 1 ? found.reverse() : found;
}
