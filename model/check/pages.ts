/**
 * Pages and their worlds, made on first sight, and which of them an observation reaches.
 *
 * @module
 */
import type { MappingId } from "./observation.ts";
import { refresh } from "./observe.ts";
import { concernRemovals } from "./removals.ts";
import {
  type Check,
  createPage,
  type FileUnderCheck,
  pagesOfPmd,
  type PageUnderCheck,
  pmdOf,
  rangeOf,
} from "./subject.ts";
import type { Order } from "../xarray.ts";
import { createMappingWorld, remember, type World } from "./world.ts";

/** The page's record, made on first sight; removals in flight may still reach it. */
export function pageOf(check: Check, file: FileUnderCheck, pgoff: number): PageUnderCheck {
  const known = file.pages.get(pgoff);
  if (known !== undefined) return known;
  const page = createPage(file, pgoff, check.gaps);
  const { fault } = rangeOf(file, pgoff);
  if (fault !== undefined) remember(page.entry, fault);
  noteSize(check, page);
  concernRemovals(check, page);
  return page;
}

/** The world of a mapping's PTE of the page, made on first sight. */
export function worldOf(check: Check, page: PageUnderCheck, mapping: MappingId): World {
  const known = page.mappings.get(mapping);
  if (known !== undefined) return known;
  refresh(check, page.entry);
  const world = createMappingWorld(page.entry, mapping);
  page.mappings.set(mapping, world);
  page.worlds.push(world);
  concernRemovals(check, page);
  return world;
}

/** Notes whether the page's entry may be a PMD entry. Called after whatever may have changed it. */
export function noteSize(check: Check, page: PageUnderCheck): void {
  const { huge } = rangeOf(page.file, page.pgoff);
  if (!page.entry.set.mayBeHuge) huge.delete(page);
  else if (!huge.has(page)) {
    huge.add(page);
    concernRemovals(check, page);
  }
}

/** Pages that a fault of this order reaches: its own, and those that may share a PMD entry with it. */
export function reachedPages(
  file: FileUnderCheck,
  pgoff: number,
  order: Order,
): readonly PageUnderCheck[] {
  if (order === "pmd") return pagesOfPmd(file, pgoff);
  const own = file.pages.get(pgoff);
  const huge = file.ranges.get(pmdOf(pgoff))?.huge;
  const others = huge === undefined ? [] : [...huge].filter((page) => page !== own);
  return own === undefined ? others : [own, ...others];
}
