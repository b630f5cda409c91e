/**
 * The kernel's count of a file's pages against that of the lines: as long as both agree, no folio has come
 * or gone unseen.
 *
 * @module
 */
import type { Where } from "../observation.ts";
import type { PagesCountedSeen } from "./observation.ts";
import { type FolioUnderCheck, type PageCacheCheck, pageCacheFile } from "./subject.ts";

/** A line has printed `mapping->nrpages`. */
export function pagesCounted(check: PageCacheCheck, seen: PagesCountedSeen): void {
  const file = pageCacheFile(check, seen.file);
  const base = seen.pages - file.pageCount;
  if (file.count?.base === base) file.count = { ...file.count, last: seen.where };
  else file.count = { base, since: seen.where, last: seen.where };
}

/** What is missing where `isCounted` says no: that any line counts pages, or that two did at the right time. */
export function whyUncounted({ file: { count } }: FolioUnderCheck): "removal" | "count" {
  return count === undefined ? "removal" : "count";
}

/** True if the folio was seen to enter the cache, and the count at this line says that it is there. */
export function isCounted({ file, added }: FolioUnderCheck, where: Where | undefined): boolean {
  const { count } = file;
  if (count === undefined || added === undefined || where === undefined) return false;
  return count.since.line < added.line && added.line < where.line && where.line <= count.last.line;
}
