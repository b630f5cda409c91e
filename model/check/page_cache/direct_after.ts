/**
 * Pages of a direct write that has returned: whoever reads them next reads what it wrote, and writeback
 * does not overwrite it.
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Where } from "../observation.ts";
import { type FolioOfPage, happensAfter } from "./direct_world.ts";
import { breachOf } from "./findings.ts";
import { folioAround } from "./folio_record.ts";
import type { PageAfterDirect } from "./folio_parts.ts";
import type { PageCacheCheck, PageCacheFile } from "./subject.ts";

/** Pages of a file that are followed: the oldest are forgotten first. */
const mostPages = 4096;

/** The page is followed from here on. */
export function followPage(file: PageCacheFile, page: number, after: PageAfterDirect): void {
  const { afterDirect } = file;
  afterDirect.delete(page);
  afterDirect.set(page, after);
  if (afterDirect.size <= mostPages) return;
  for (const oldest of afterDirect.keys()) {
    if (afterDirect.size <= mostPages / 2) return;
    afterDirect.delete(oldest);
  }
}

/** A line says something of the page's folio. */
export function stepAfter(
  check: PageCacheCheck,
  file: PageCacheFile,
  page: number,
  what: FolioOfPage,
  where: Where,
): void {
  const known = file.afterDirect.get(page);
  if (known === undefined) return;
  const { to, says } = happensAfter(known.set, what);
  for (const [id, agreement] of says) {
    if (agreement === "kept") tick(check.findings.judged, id);
    if (agreement !== "broken") continue;
    const because = [...known.because, ...folioAround(file, page)?.history ?? []];
    const breach = breachOf(id, { file: file.id, pgoffs: [page], at: where, because });
    check.findings.absent.push({ breach, missing: "removal" });
  }
  if (to.keys.length === 0) file.afterDirect.delete(page);
  else file.afterDirect.set(page, { ...known, set: to });
}
