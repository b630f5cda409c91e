/**
 * Records of files, pages and VMAs, made on first sight.
 *
 * @module
 */
import { FewMap } from "../few_map.ts";
import { pmdOf } from "../page_size.ts";
import { baseOf } from "./mapping_id.ts";
import { type FileId, fileKey, type MappingId } from "./observation.ts";
import type {
  Check,
  FileUnderCheck,
  MappingUnderCheck,
  PageUnderCheck,
  PmdRange,
  SmallWorld,
} from "./subject.ts";
import { DirtyWorlds } from "./rolls.ts";
import { createEntryWorld } from "./world.ts";

/** The file's record, if it has one. Readers give a file the same object most times. */
export function knownFile(check: Check, id: FileId): FileUnderCheck | undefined {
  if (check.lastFile?.id === id) return check.lastFile;
  const file = check.files.get(fileKey(id));
  if (file !== undefined) check.lastFile = file;
  return file;
}

/** The file's record, made on first sight. */
export function fileOf(check: Check, id: FileId): FileUnderCheck {
  let file = knownFile(check, id);
  if (file === undefined) {
    file = {
      id,
      pages: new FewMap(),
      ranges: new FewMap(),
      mappings: new FewMap(),
      dirty: new DirtyWorlds(),
      settled: undefined,
      settledIn: undefined,
      passedBy: undefined,
      open: undefined,
      passes: [],
      faulting: undefined,
      faulted: 0,
      size: undefined,
      telling: undefined,
      syncs: [],
      removals: [],
      guesses: undefined,
      breaking: 0,
      breaker: undefined,
      broken: 0,
      hidden: 0,
      hiddenFrom: Infinity,
      calm: undefined,
    };
    check.files.set(fileKey(id), file);
  }
  return file;
}

/** The VMA's record, made on first sight. */
export function mappingOf(file: FileUnderCheck, id: MappingId): MappingUnderCheck {
  let mapping = file.mappings.get(id);
  if (mapping === undefined) {
    file.mappings.set(id, mapping = { id, base: baseOf(id), stores: false });
  }
  return mapping;
}

/** The PMD range's record, made on first sight. */
export function rangeOf(file: FileUnderCheck, pgoff: number): PmdRange {
  const number = pmdOf(pgoff);
  let range = file.ranges.get(number);
  if (range === undefined) {
    range = { pages: [], bystanders: undefined, fault: undefined, cleaned: undefined };
    file.ranges.set(number, range);
  }
  return range;
}

/** A page's record, with the world of its entry. */
export function createPage(check: Check, file: FileUnderCheck, pgoff: number): PageUnderCheck {
  const entry = createEntryWorld(check, file, pgoff);
  const range = rangeOf(file, pgoff);
  const nth = range.pages.length;
  const page: PageUnderCheck = {
    pgoff,
    nth,
    file,
    range,
    entry,
    huge: -1,
    byMapping: undefined,
    worlds: [entry],
  };
  file.pages.set(pgoff, page);
  // Most ranges of small files have one.
  if (nth === 0) range.pages = [page];
  else range.pages.push(page);
  return page;
}

/** Worlds of a page among which one is found by looking at each. */
const fewWorlds = 4;

/** The world of a mapping's PTE of the page, if it has one. */
export function knownWorld(
  { worlds, byMapping }: PageUnderCheck,
  mapping: MappingId,
): SmallWorld | undefined {
  if (byMapping !== undefined) return byMapping.get(mapping);
  for (const world of worlds) if (world.mapping === mapping) return world;
  return undefined;
}

/** Another mapping's world comes to the page. */
export function addWorld(page: PageUnderCheck, mapping: MappingId, world: SmallWorld): void {
  const { worlds } = page;
  // Most pages have two: an array that has grown would keep room for many more.
  if (worlds.length === 1) page.worlds = [page.entry, world];
  else worlds.push(world);
  if (page.byMapping !== undefined) page.byMapping.set(mapping, world);
  else if (worlds.length > fewWorlds) {
    page.byMapping = new Map(
      worlds.flatMap((each) => each.mapping === undefined ? [] : [[each.mapping, each]]),
    );
  }
}

/** Pages of the range that a PMD entry may cover. */
export function hugePages({ pages, bystanders }: PmdRange): readonly PageUnderCheck[] {
  if (bystanders !== undefined) return bystanders.huge.members();
  const [only] = pages;
  return only !== undefined && only.huge >= 0 ? [only] : [];
}

/** Pages under judgement in the PMD range of `pgoff`. */
export function pagesOfPmd(file: FileUnderCheck, pgoff: number): readonly PageUnderCheck[] {
  return file.ranges.get(pmdOf(pgoff))?.pages ?? [];
}

/** The file's dirty worlds of pages [from, to), whichever way of finding them is shorter. */
export function dirtyWorlds(file: FileUnderCheck, from: number, to: number): SmallWorld[] {
  if (from === 0 && to === Infinity) return file.dirty.members();
  if (to - from > file.dirty.size) {
    return file.dirty.members().filter(({ pgoff }) => pgoff >= from && pgoff < to);
  }
  const found: SmallWorld[] = [];
  for (let pgoff = from; pgoff < to; pgoff++) {
    for (const world of file.pages.get(pgoff)?.worlds ?? []) {
      if (world.listed >= 0 && !world.settled) found.push(world);
    }
  }
  return found;
}
