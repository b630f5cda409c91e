/**
 * Files on partitions: lines of writeback name the disk, as its bdi is called, and all other lines the
 * partition, which is the file system's device.
 *
 * Source: block/genhd.c, device_add_disk(), which names the bdi; fs/super.c, setup_bdev_super(), by which the
 * file systems on all partitions of a disk have it.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { fileId } from "../file_ids.ts";
import type { CacheReading } from "../rows/cache_reading.ts";

/** What lines have told of file systems and disks. */
export interface DisksOfFiles {
  /** Devices of file systems. */
  readonly devices: Set<string>;
  /** Devices that a bdi is named after, which are no partitions. */
  readonly whole: Set<string>;
  /** Disks of partitions. */
  readonly disks: Map<string, string>;
  /** By number of the inode: the device of its file system; undefined if there are several. */
  readonly byInode: Map<number, string | undefined>;
  /** The last file: lines of one come in runs. */
  latest: FileId | undefined;
}

/** Nothing is known. */
export function createDisksOfFiles(): DisksOfFiles {
  return {
    devices: new Set(),
    whole: new Set(),
    disks: new Map(),
    byInode: new Map(),
    latest: undefined,
  };
}

/** What the line says, of the file on the partition where it names only the disk. */
export function onPartition(known: DisksOfFiles, reading: CacheReading): CacheReading {
  switch (reading.kind) {
    case "folio_dirtied": {
      const { dev } = reading.folio.file;
      if (known.devices.has(dev)) known.whole.add(dev);
      const file = partitioned(known, reading.folio.file);
      return file === reading.folio.file
        ? reading
        : { ...reading, folio: { ...reading.folio, file } };
    }
    case "inode_changes": {
      const file = partitioned(known, reading.file);
      return file === reading.file ? reading : { ...reading, file };
    }
    case "folio_added":
    case "folio_copied":
    case "writeback_begun":
      learn(known, reading.folio.file);
      return reading;
    case "sync_function":
    case "inode_dirtied":
    case "inode_grows":
    case "may_map":
    case "tree_changed":
    case "inode_logged":
    case "inode_pinned":
    case "writepages":
      learn(known, reading.file);
      return reading;
    case "sectors_passed_on":
      if (known.devices.has(reading.from.dev)) known.disks.set(reading.from.dev, reading.to.dev);
      return reading;
    default:
      return reading;
  }
}

function learn(known: DisksOfFiles, file: FileId): void {
  if (file === known.latest) return;
  known.latest = file;
  const { byInode, devices } = known;
  devices.add(file.dev);
  const before = byInode.get(file.ino);
  if (before === file.dev) return;
  byInode.set(file.ino, byInode.has(file.ino) ? undefined : file.dev);
}

/** The file itself, unless a file system on one partition alone has one of that number. */
function partitioned(known: DisksOfFiles, file: FileId): FileId {
  const { devices, byInode } = known;
  const { dev, ino } = file;
  if (devices.has(dev)) return file;
  const found = byInode.has(ino) ? byInode.get(ino) : onlyPartition(known, dev);
  return found === undefined || !isPartition(known, found, dev) ? file : fileId(found, ino);
}

/** The partition of the disk that has a file system, if one is known and no other. */
function onlyPartition({ disks }: DisksOfFiles, disk: string): string | undefined {
  const [only, another] = [...disks].filter(([, each]) => each === disk);
  return another === undefined ? only?.[0] : undefined;
}

/** True if it is one of the disk, for all that is known. */
function isPartition({ whole, disks }: DisksOfFiles, dev: string, disk: string): boolean {
  return !whole.has(dev) && (disks.get(dev) ?? disk) === disk;
}
