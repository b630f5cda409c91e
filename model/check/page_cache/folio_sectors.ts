/**
 * A folio's writeback as plain tracepoints show it: sectors of its pages that must be written, that are
 * on their way, and that have ended.
 *
 * @module
 */
import { pageSize } from "../../page_size.ts";
import { sectorSize } from "./extent_map.ts";

/** Sectors by page, one bit each. */
type PageSectors = Map<number, number>;

/** The sectors of one writeback. */
export interface FolioSectors {
  /** What writeback has found dirty; undefined if nothing tells, and all of the folio may be. */
  dirty: PageSectors | undefined;
  readonly pending: PageSectors;
  readonly ended: PageSectors;
}

const everySector = 2 ** (pageSize / sectorSize) - 1;

/** A writeback of which no sector was seen. */
export function createFolioSectors(): FolioSectors {
  return { dirty: undefined, pending: new Map(), ended: new Map() };
}

/** Bytes of pages, as sectors: the page, and one bit for each that holds some of them. */
function* sectorsOf(from: number, to: number): Generator<readonly [page: number, bits: number]> {
  for (let page = Math.floor(from / pageSize); page * pageSize < to; page++) {
    const first = Math.max(0, Math.floor((from - page * pageSize) / sectorSize));
    const last = Math.min(pageSize / sectorSize, Math.ceil((to - page * pageSize) / sectorSize));
    yield [page, 2 ** last - 2 ** first];
  }
}

/** Bytes of the folio are dirty, and are written next. */
export function sectorsDirty(sectors: FolioSectors, from: number, to: number): void {
  const dirty = sectors.dirty ??= new Map();
  for (const [page, bits] of sectorsOf(from, to)) dirty.set(page, (dirty.get(page) ?? 0) | bits);
}

/** Bytes of the folio are on their way to the device. */
export function sectorsSent({ pending }: FolioSectors, from: number, to: number): void {
  for (const [page, bits] of sectorsOf(from, to)) {
    pending.set(page, (pending.get(page) ?? 0) | bits);
  }
}

/** Bytes of the folio have arrived; false if none of them was seen on its way. */
export function sectorsArrived(
  { pending, ended }: FolioSectors,
  from: number,
  to: number,
): boolean {
  let some = false;
  for (const [page, bits] of sectorsOf(from, to)) {
    const sent = pending.get(page) ?? 0;
    if ((sent & bits) === 0) continue;
    some = true;
    ended.set(page, (ended.get(page) ?? 0) | sent & bits);
    if ((sent & ~bits) === 0) pending.delete(page);
    else pending.set(page, sent & ~bits);
  }
  return some;
}

/** True if all that had to be written has arrived. */
export function allArrived(
  { dirty, pending, ended }: FolioSectors,
  index: number,
  pages: number,
): boolean {
  if (pending.size > 0 || ended.size === 0) return false;
  if (dirty !== undefined) {
    return [...dirty].every(([page, bits]) => ((ended.get(page) ?? 0) & bits) === bits);
  }
  for (let page = index; page < index + pages; page++) {
    if (ended.get(page) !== everySector) return false;
  }
  return true;
}
