/**
 * Bios of partitions before 5.12: the block layer makes a bio one of the disk when it is handed over, so
 * the line of its end names the disk, and its file system knows the partition.
 *
 * @module
 */
import type { CacheReading } from "../rows/cache_reading.ts";
import type { PageCacheTranslation } from "./translation.ts";

type Of<K extends CacheReading["kind"]> = Extract<CacheReading, { kind: K }>;

/** Bios that are remembered: those whose end was not seen are forgotten in the order of their ages. */
const mostBios = 20_000;

/** A bio of a disk, or of a partition of it, is handed over. */
export function diskQueued(
  { partitions }: PageCacheTranslation,
  { bio, dev, disk }: Of<"bio_queued">,
): void {
  partitions.delete(bio);
  if (dev === disk) return;
  partitions.set(bio, dev);
  if (partitions.size <= mostBios) return;
  const [oldest] = partitions.keys();
  if (oldest !== undefined) partitions.delete(oldest);
}

/** The device that a bio was handed to which has ended. */
export function endedOn(
  { partitions }: PageCacheTranslation,
  { bio, dev }: Of<"bio_ended">,
): string {
  if (partitions.size === 0) return dev;
  const partition = partitions.get(bio);
  partitions.delete(bio);
  return partition ?? dev;
}
