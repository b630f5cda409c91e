/**
 * What is kept of a folio.
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import type { Where } from "../observation.ts";
import type { ByteRange } from "./byte_range.ts";
import { anyFolio } from "./folio_world.ts";
import { forgetBlocks } from "./folio_blocks.ts";
import { createFolioMarks, forgetMarks } from "./mark_world.ts";
import type { FolioSeen } from "./observation.ts";
import {
  type FolioUnderCheck,
  type PageCacheCheck,
  type PageCacheFile,
  pageCacheFile,
} from "./subject.ts";

/** The folio that begins at this page, made on first sight. */
export function folioOf(check: PageCacheCheck, seen: FolioSeen): FolioUnderCheck {
  return folioIn(check, pageCacheFile(check, seen.file), seen);
}

/** The folio of this file that begins at this page, made on first sight. */
export function folioIn(
  check: PageCacheCheck,
  file: PageCacheFile,
  seen: FolioSeen,
): FolioUnderCheck {
  let folio = file.folios.get(seen.index);
  if (folio === undefined) {
    folio = {
      file,
      index: seen.index,
      pages: seen.pages ?? 1,
      sized: seen.pages !== undefined,
      sizedAt: undefined,
      splitAt: undefined,
      dirty: undefined,
      markings: undefined,
      dirtiedBy: "other",
      marked: undefined,
      cleaned: undefined,
      writing: undefined,
      marks: createFolioMarks(),
      blocks: undefined,
      added: undefined,
      uptodate: undefined,
      reading: undefined,
      stale: undefined,
      cached: undefined,
      owed: [],
      world: anyFolio,
      mappings: undefined,
      writers: undefined,
      history: [],
    };
    file.folios.set(seen.index, folio);
    noteSize(folio);
    check.findings.numbers.folios++;
  } else if (seen.pages !== undefined && !folio.sized && seen.pages === folio.pages) {
    folio.sized = true;
  } else if (seen.pages !== undefined && seen.pages !== folio.pages) {
    // Split, collapsed, or another folio: what was believed of its mappings is void.
    folio.pages = seen.pages;
    folio.sized = true;
    noteSize(folio);
    forgetMappings(folio);
    forgetContent(folio);
  }
  return folio;
}

/** Nothing is known of the folio any more but what calls in flight want of it. */
export function forgetFolio(folio: FolioUnderCheck): void {
  folio.dirty = undefined;
  folio.markings = undefined;
  folio.marked = undefined;
  folio.cleaned = undefined;
  folio.writing = undefined;
  forgetMarks(folio.marks);
  folio.added = undefined;
  folio.uptodate = undefined;
  folio.reading = undefined;
  folio.stale = undefined;
  folio.cached = undefined;
  folio.file.unsafe.delete(folio);
  if (folio.owed.length > 0) folio.owed.length = 0;
  forgetMappings(folio);
}

/** Pages of the folio may be others by now: since when they hold what is not known. */
export function forgetContent(folio: FolioUnderCheck): void {
  folio.added = undefined;
  folio.markings = undefined;
  folio.uptodate = undefined;
}

/** Nothing is known of what may store to it. */
export function forgetMappings(folio: FolioUnderCheck): void {
  forgetBlocks(folio);
  folio.world = anyFolio;
  folio.mappings = undefined;
  folio.writers = undefined;
}

/** Folios that have bytes of the range. */
export function foliosIn(
  file: PageCacheFile,
  { from, to }: ByteRange,
): readonly FolioUnderCheck[] {
  const found: FolioUnderCheck[] = [];
  if ((to - from) / pageSize > file.folios.size) {
    for (const folio of file.folios.values()) {
      const { index, pages } = folio;
      if (index * pageSize < to && (index + pages) * pageSize > from) found.push(folio);
    }
    return found;
  }
  for (let page = Math.floor(from / pageSize); page * pageSize < to;) {
    const folio = folioAround(file, page);
    if (folio === undefined) page++;
    else {
      found.push(folio);
      page = folio.index + folio.pages;
    }
  }
  return found;
}

/** Pages of the largest folio that there can be: a PMD. */
const largestPossible = 512;

function noteSize({ file, pages }: FolioUnderCheck): void {
  while (file.largest < pages && file.largest < largestPossible) file.largest *= 2;
}

/** The folio that holds the page, if one was seen. Folios are naturally aligned powers of two. */
export function folioAround(
  { folios, largest }: PageCacheFile,
  pgoff: number,
): FolioUnderCheck | undefined {
  for (let pages = 1; pages <= largest; pages *= 2) {
    const folio = folios.get(pgoff - pgoff % pages);
    if (folio !== undefined && pgoff < folio.index + folio.pages) return folio;
  }
  return undefined;
}

/** How much of a folio's past is kept for reports. */
const pastKept = 12;

/** Remembers a line for reports. */
export function rememberFolio(folio: FolioUnderCheck, where: Where): void {
  folio.history.push(where);
  if (folio.history.length > 2 * pastKept) folio.history = folio.history.slice(-pastKept);
}
