/**
 * Which bytes of which file lie on which sectors of a device, as lines of look-ups and allocations have
 * told so far. What a later line says goes before what an earlier one said.
 *
 * @module
 */

import { addSpan, type OrderedSpans, orderedSpans, spansIn, takeSpan } from "./ordered_spans.ts";

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

/** What is known of one device. No two extents overlap, on the device or in a file. */
export interface ExtentMap {
  readonly bySector: OrderedSpans<Extent>;
  readonly byFile: Map<string, OrderedSpans<Extent>>;
}

/** Nothing is known. */
export function createExtentMap(): ExtentMap {
  return { bySector: orderedSpans(({ sector }) => sector, endOf), byFile: new Map() };
}

function endOf({ sector, from, to }: Extent): number {
  return sector + (to - from) / sectorSize;
}

/**
 * Takes down where bytes of a file lie; what was known of these bytes and of these sectors is void. It
 * looks only at the extents that overlap.
 */
export function setExtent(map: ExtentMap, extent: Extent): void {
  const { file, from, to, sector } = extent;
  const end = endOf(extent);
  const onSectors = [...spansIn(map.bySector, sector, end)];
  const [known] = onSectors;
  if (
    known !== undefined && known.file === file && known.sector <= sector &&
    endOf(known) >= end && byteAt(known, sector) === from
  ) return;
  const ofFile = map.byFile.get(file);
  const ofBytes = ofFile === undefined ? [] : spansIn(ofFile, from, to);
  for (const old of new Set([...onSectors, ...ofBytes])) {
    take(map, old);
    const left = old.file === file ? without(old, from, to) : [old];
    for (const part of left) {
      for (const rest of without(part, byteAt(part, sector), byteAt(part, end))) put(map, rest);
    }
  }
  put(map, extent);
}

function put({ bySector, byFile }: ExtentMap, extent: Extent): void {
  addSpan(bySector, extent);
  let ofFile = byFile.get(extent.file);
  if (ofFile === undefined) {
    ofFile = orderedSpans(({ from }) => from, ({ to }) => to);
    byFile.set(extent.file, ofFile);
  }
  addSpan(ofFile, extent);
}

function take({ bySector, byFile }: ExtentMap, extent: Extent): void {
  takeSpan(bySector, extent);
  const ofFile = byFile.get(extent.file);
  if (ofFile === undefined) return;
  takeSpan(ofFile, extent);
  if (ofFile.runs.length === 0) byFile.delete(extent.file);
}

/** True if it is known where some of these bytes of the file lie. */
export function hasBytes({ byFile }: ExtentMap, file: string, from: number, to: number): boolean {
  const extents = byFile.get(file);
  return extents !== undefined && [...spansIn(extents, from, to)].length > 0;
}

/** The files' bytes on the sectors [from, to). */
export function bytesAt(map: ExtentMap, from: number, to: number): readonly FileBytes[] {
  return [...spansIn(map.bySector, from, to)].map((extent) => ({
    file: extent.file,
    from: byteAt(extent, Math.max(from, extent.sector)),
    to: byteAt(extent, Math.min(to, endOf(extent))),
  }));
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
