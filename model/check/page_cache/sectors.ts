/**
 * What is written where, as plain tracepoints show it: sectors stand for the bytes of files that lie
 * on them.
 *
 * @module
 */
import { type FileId, fileKey, type Where } from "../observation.ts";
import {
  bytesAt,
  createExtentMap,
  type ExtentMap,
  hasBytes,
  sectorSize,
  setExtent,
} from "./extent_map.ts";
import type {
  BlockSizeSeen,
  ExtentSeen,
  Sectors,
  SectorsPassedOnSeen,
  SectorsQueuedSeen,
  WritepagesSeen,
} from "./sector_observation.ts";

/** A file's bytes, on their way or arrived. */
export interface BytesOfFile {
  readonly file: FileId;
  readonly from: number;
  readonly to: number;
}

/** A task that writes dirty folios of a file. */
interface Writepages {
  readonly file: FileId;
  readonly begin: Where;
}

/** What is known of devices and of what lies on them. */
export interface SectorMaps {
  /** By the device of the file system. */
  readonly extents: Map<string, ExtentMap>;
  readonly files: Map<string, FileId>;
  readonly blockSizes: Map<string, number>;
  /** Extents of file systems whose block size is not known. */
  readonly waiting: Map<string, ExtentSeen[]>;
  /** The disk of a partition, and where it begins there. */
  readonly partitions: Map<string, { readonly disk: string; readonly first: number }>;
  /** Devices that bios were handed to: no partitions. */
  readonly handed: Set<string>;
  /** By task. */
  readonly writepages: Map<number, Writepages>;
  /** The last extent that a task has looked up: its next bio may tell the size of a block. */
  readonly lookedUp: Map<number, ExtentSeen>;
  /** By task: bios in flight that it has handed over since, each beginning where the last one ends. */
  readonly runs: Map<number, SectorsQueuedSeen[]>;
}

/** Extents that are kept until the block size is known. */
const mostWaiting = 10_000;

/** Nothing is known. */
export function createSectorMaps(): SectorMaps {
  return {
    extents: new Map(),
    files: new Map(),
    blockSizes: new Map(),
    waiting: new Map(),
    partitions: new Map(),
    handed: new Set(),
    writepages: new Map(),
    lookedUp: new Map(),
    runs: new Map(),
  };
}

/** A task has looked up where bytes of a file lie: its next bios are of these. */
export function extentLookedUp(maps: SectorMaps, seen: ExtentSeen): void {
  if (seen.blockSize !== undefined) return;
  maps.lookedUp.set(seen.where.pid, seen);
  maps.runs.delete(seen.where.pid);
}

/** Where bytes of a file lie, for what is handed to the device. */
export function extentSeen(maps: SectorMaps, seen: ExtentSeen): void {
  const blockSize = seen.blockSize ?? maps.blockSizes.get(seen.dev);
  if (blockSize !== undefined) return place(maps, seen, blockSize);
  const waiting = maps.waiting.get(seen.dev);
  if (waiting === undefined) maps.waiting.set(seen.dev, [seen]);
  else if (waiting.length < mostWaiting) waiting.push(seen);
}

function place(maps: SectorMaps, { file, dev, first, at, count }: ExtentSeen, size: number): void {
  let map = maps.extents.get(dev);
  if (map === undefined) maps.extents.set(dev, map = createExtentMap());
  const key = fileKey(file);
  maps.files.set(key, file);
  const from = first * size;
  setExtent(map, { file: key, from, to: from + count * size, sector: at * size / sectorSize });
}

/** How large the blocks of a file system are. */
export function blockSizeSeen(maps: SectorMaps, { dev, bytes }: Omit<BlockSizeSeen, "kind">): void {
  if (maps.blockSizes.has(dev)) return;
  maps.blockSizes.set(dev, bytes);
  for (const extent of maps.waiting.get(dev) ?? []) place(maps, extent, bytes);
  maps.waiting.delete(dev);
}

/** A task begins to write dirty folios back, or is done. */
export function writepagesSeen(maps: SectorMaps, { kind, where, file }: WritepagesSeen): void {
  maps.runs.delete(where.pid);
  if (kind === "writepages_begun") maps.writepages.set(where.pid, { file, begin: where });
  else maps.writepages.delete(where.pid);
}

/** A disk is told of what was written to its partition, or one device of another's. */
export function passedOn(maps: SectorMaps, { where, from, to }: SectorsPassedOnSeen): void {
  learnBlockSize(maps, where, from);
  if (maps.handed.has(from.dev)) return;
  maps.partitions.set(from.dev, { disk: to.dev, first: to.from - from.from });
}

/** True if a line has told where some of these bytes of the file lie. */
export function isPlaced(
  { extents }: SectorMaps,
  file: FileId,
  from: number,
  to: number,
): boolean {
  const key = fileKey(file);
  return [...extents.values()].some((map) => hasBytes(map, key, from, to));
}

/**
 * A write was handed to a device. If it tells the size of a block, bios of the same extent that went
 * before it come back: now it is known what they carry.
 */
export function handedOver(
  maps: SectorMaps,
  seen: SectorsQueuedSeen,
): readonly SectorsQueuedSeen[] {
  const { dev } = seen.sectors;
  maps.handed.add(dev);
  return maps.blockSizes.has(dev) ? noBios : learntFrom(maps, seen);
}

function learntFrom(maps: SectorMaps, seen: SectorsQueuedSeen): readonly SectorsQueuedSeen[] {
  const { where, sectors: { dev, from, to } } = seen;
  const looked = maps.lookedUp.get(where.pid);
  if (looked?.dev !== dev || looked.at === 0) {
    // Nothing can be learned of what was handed over before the next extent is looked up.
    maps.runs.delete(where.pid);
    return noBios;
  }
  let run = maps.runs.get(where.pid);
  const last = run?.at(-1)?.sectors;
  if (run === undefined || last?.dev !== dev || last.to !== from) {
    maps.runs.set(where.pid, run = []);
  }
  run.push(seen);
  const bytes = blockSizeOf(looked, to, (first) => run.some((bio) => bio.sectors.from === first));
  if (bytes === undefined) return noBios;
  blockSizeSeen(maps, { dev, bytes });
  maps.runs.delete(where.pid);
  return run.slice(0, -1);
}

const noBios: readonly SectorsQueuedSeen[] = [];

/** A write has ended: what comes back with a later one must still be on its way. */
export function overBefore({ runs }: SectorMaps, { dev, from, to }: Sectors): void {
  for (const [pid, run] of runs) {
    const ended = run.some(({ sectors }) =>
      sectors.dev === dev && sectors.from < to && sectors.to > from
    );
    if (ended) runs.delete(pid);
  }
}

/** Sizes of blocks that file systems have. */
const blockSizes = [1024, 2048, 4096, 8192, 16384, 32768, 65536];
/**
 * Bios that together cover exactly what their task has looked up last, counted in blocks of one size,
 * tell that size.
 */
function learnBlockSize(maps: SectorMaps, { pid }: Where, { dev, from, to }: Sectors): void {
  const seen = maps.lookedUp.get(pid);
  if (seen === undefined || seen.dev !== dev || seen.at === 0 || maps.blockSizes.has(dev)) return;
  const bytes = blockSizeOf(seen, to, (first) => first === from);
  if (bytes !== undefined) blockSizeSeen(maps, { dev, bytes });
}

/** The size of a block with which the extent ends at sector `to` and begins where it may; undefined if none. */
function blockSizeOf(
  { at, count }: ExtentSeen,
  to: number,
  begins: (sector: number) => boolean,
): number | undefined {
  return blockSizes.find((size) =>
    (at + count) * size === to * sectorSize && begins(at * size / sectorSize)
  );
}

/** The disk that a device is, or is a partition of. */
export function diskOf({ partitions }: SectorMaps, dev: string): string {
  return partitions.get(dev)?.disk ?? dev;
}

/** The bytes of the file that the task has looked up last, as one does that ends a direct write. */
export function lastLookedUp(
  { lookedUp, blockSizes }: SectorMaps,
  { dev, ino }: FileId,
  pid: number,
): Omit<BytesOfFile, "file"> | undefined {
  const seen = lookedUp.get(pid);
  const size = blockSizes.get(dev);
  if (seen === undefined || size === undefined) return undefined;
  if (seen.file.dev !== dev || seen.file.ino !== ino) return undefined;
  return { from: seen.first * size, to: (seen.first + seen.count) * size };
}

/** The files' bytes on these sectors. */
export function filesOn(maps: SectorMaps, { dev, from, to }: Sectors): readonly BytesOfFile[] {
  const found: BytesOfFile[] = [];
  for (const [on, map] of maps.extents) {
    const partition = maps.partitions.get(on);
    if ((partition?.disk ?? on) !== dev) continue;
    const first = partition?.first ?? 0;
    for (const bytes of bytesAt(map, from - first, to - first)) {
      const file = maps.files.get(bytes.file);
      if (file !== undefined) found.push({ ...bytes, file });
    }
  }
  return found;
}
