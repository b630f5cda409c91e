/**
 * Which bytes of which file lie on which sectors of a device, as lines of look-ups and allocations have
 * told so far. What a later line says goes before what an earlier one said.
 *
 * @module
 */

/** Bytes of a sector. */
export const sectorSize = 512;

/** Bytes [from, to) of a file, that begin at this sector. */
interface Extent {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly sector: number;
}

/** The bytes of a file on some sectors. */
interface FileBytes {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** What is known of one device. Extents do not overlap, and are in the order of their sectors. */
export interface ExtentMap {
  extents: Extent[];
}

/** Nothing is known. */
export function createExtentMap(): ExtentMap {
  return { extents: [] };
}

function endOf({ sector, from, to }: Extent): number {
  return sector + (to - from) / sectorSize;
}

/** Takes down where bytes of a file lie; what was known of these bytes and of these sectors is void. */
export function setExtent(map: ExtentMap, extent: Extent): void {
  const { extents } = map;
  const end = endOf(extent);
  const at = firstAt(extents, extent.sector);
  const known = extents[at];
  if (
    known !== undefined && known.file === extent.file && known.sector <= extent.sector &&
    endOf(known) >= end && byteAt(known, extent.sector) === extent.from
  ) return;
  const left = extents
    .flatMap((each) => each.file === extent.file ? without(each, extent.from, extent.to) : [each])
    .flatMap((each) => without(each, byteAt(each, extent.sector), byteAt(each, end)));
  left.splice(firstAt(left, extent.sector), 0, extent);
  map.extents = left;
}

/** The files' bytes on the sectors [from, to). */
export function bytesAt({ extents }: ExtentMap, from: number, to: number): readonly FileBytes[] {
  const found: FileBytes[] = [];
  for (let at = firstAt(extents, from); at < extents.length; at++) {
    const extent = extents[at];
    if (extent === undefined || extent.sector >= to) break;
    found.push({
      file: extent.file,
      from: byteAt(extent, Math.max(from, extent.sector)),
      to: byteAt(extent, Math.min(to, endOf(extent))),
    });
  }
  return found;
}

function byteAt({ from, sector }: Extent, at: number): number {
  return from + (at - sector) * sectorSize;
}

/** What is left of an extent without these bytes. */
function without(extent: Extent, from: number, to: number): readonly Extent[] {
  if (to <= extent.from || from >= extent.to) return [extent];
  const parts: Extent[] = [];
  if (extent.from < from) parts.push({ ...extent, to: from });
  if (extent.to > to) {
    parts.push({ ...extent, from: to, sector: extent.sector + (to - extent.from) / sectorSize });
  }
  return parts;
}

/** The first extent that ends beyond the sector. */
function firstAt(extents: readonly Extent[], sector: number): number {
  let [low, high] = [0, extents.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const extent = extents[middle];
    if (extent !== undefined && endOf(extent) <= sector) low = middle + 1;
    else high = middle;
  }
  return low;
}
