/**
 * What a read returned, against what programs had written or removed before it began (COH-3, INV-4). A
 * page is judged where one change covered it as a whole, and nothing else changed it since.
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import { tick } from "../findings.ts";
import { type FileId, fileKey } from "../observation.ts";
import type { ByteRange } from "./byte_range.ts";
import { judgeRead } from "./direct_world.ts";
import { breachOf } from "./findings.ts";
import { judgeStory } from "./removal_world.ts";
import type { Change, PageOfValues, Values } from "./page_values.ts";
import type { Agreement } from "./state_sets.ts";
import { isBefore, type PageCacheCheck, pageCacheFile } from "./subject.ts";
import type { ChangeBegunSeen, ChangeEndedSeen, ValueReadSeen } from "./value_observation.ts";

/** Pages of one change that are told apart; of a larger one, only those that are known. */
const mostPages = 1024;
/** Values of a page that are remembered. */
const mostValues = 8;

function pagesOf({ pages }: Values, file: FileId): Map<number, PageOfValues> {
  const key = fileKey(file);
  let known = pages.get(key);
  if (known === undefined) pages.set(key, known = new Map());
  return known;
}

function pagesIn(values: Values, file: FileId, { from, to }: ByteRange): Change["pages"] {
  const known = pagesOf(values, file);
  const pages: (readonly [number, PageOfValues])[] = [];
  const first = Math.floor(from / pageSize);
  if ((to - from) / pageSize > mostPages) {
    for (const [index, page] of known) {
      if (index >= first && index * pageSize < to) pages.push([index, page]);
    }
    return pages;
  }
  for (let index = first; index * pageSize < to; index++) {
    let page = known.get(index);
    if (page === undefined) {
      known.set(index, page = { last: undefined, older: new Map(), changes: new Set(), begun: 0 });
    }
    pages.push([index, page]);
  }
  return pages;
}

/** A program begins to change bytes. */
export function changeBegun({ values }: PageCacheCheck, seen: ChangeBegunSeen): void {
  const pages = pagesIn(values, seen.file, seen.range);
  const change: Change = { seen, crowded: new Set(), pages };
  values.changes.set(seen.change, change);
  for (const [, page] of pages) {
    for (const other of page.changes) other.crowded.add(page);
    if (page.changes.size > 0) change.crowded.add(page);
    page.changes.add(change);
    page.begun = seen.where.line;
  }
}

/** The change is over. */
export function changeEnded({ values }: PageCacheCheck, seen: ChangeEndedSeen): void {
  const change = values.changes.get(seen.change);
  if (change === undefined) return;
  values.changes.delete(seen.change);
  const { range: { from, to }, value } = change.seen;
  for (const [index, page] of change.pages) {
    page.changes.delete(change);
    const whole = from <= index * pageSize && to >= (index + 1) * pageSize;
    if (!seen.done || !whole || value === undefined || change.crowded.has(page)) {
      page.last = undefined;
      continue;
    }
    if (page.last?.change.value !== undefined) {
      page.older.set(page.last.change.value, page.last.done);
    }
    page.older.delete(value);
    for (const oldest of page.older.keys()) {
      if (page.older.size <= mostValues) break;
      page.older.delete(oldest);
    }
    page.last = { change: change.seen, done: seen.where };
  }
}

/** A program has read. */
export function valueRead(check: PageCacheCheck, seen: ValueReadSeen): void {
  const page = pagesOf(check.values, seen.file).get(seen.pgoff);
  const last = page?.last;
  if (page === undefined || last === undefined || page.changes.size > 0) return;
  // What had not ended when the read began may or may not be seen by it.
  if (page.begun > seen.since.line || !isBefore(check, last.done, seen.since)) return;
  const { by, value } = last.change;
  if (by === "write") return;
  const id = by === "direct" ? "COH-3" : "INV-4";
  const file = pageCacheFile(check, seen.file);
  if (by === "direct" && file.error !== undefined) return;
  const written = page.older.get(seen.value);
  if (seen.value !== value && written === undefined) return;
  const says = judge(by, seen.value === value);
  if (says === "kept") tick(check.findings.judged, id);
  if (says !== "broken" || written === undefined) return;
  const breach = breachOf(id, {
    file: seen.file,
    pgoffs: [seen.pgoff],
    at: seen.since,
    proof: seen.where,
    because: [written, last.change.where, last.done],
  });
  check.findings.absent.push({ breach, missing: "change" });
}

function judge(by: "direct" | "removal", seesLast: boolean): Agreement | undefined {
  if (by === "direct") return judgeRead(seesLast);
  return judgeStory("INV-4", "cached", seesLast ? ["removed", "gone", "read"] : ["gone", "read"]);
}
