/**
 * ext4: blocks that are mapped, and marked written when their data has reached the device. The lines of
 * an inode print no blocks: `ext4_es_insert_extent` does, next to them.
 *
 * @module
 */
import { type FileId, fileKey, sameFile, type Where } from "../../../model/check/observation.ts";
import type { PartOfFile } from "../../../model/check/page_cache/sector_observation.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import type { LineOutcome } from "../rows/row.ts";
import type { InsertedBlocks } from "./open_change.ts";
import type { PageCacheTask } from "./tasks.ts";
import type { PageCacheTranslation } from "./translation.ts";

/** Blocks that are mapped come into the cache of extents (`ext4_map_create_blocks`). */
export const mapsBlocks = "ext4_es_insert_extent";

/** An inode is written into a transaction. */
export const marksInodes = "ext4_mark_inode_dirty";

/** Blocks were mapped, of whatever file: in writeback it is that of the task's transaction. */
export function blocksMapped(
  { emit, mapsWritten }: PageCacheTranslation,
  task: PageCacheTask,
  where: Where,
  reading: LineOutcome<CacheReading>,
): void {
  const { mayMap, treeChanged, changing } = task;
  const extent = typeof reading === "object" && reading.kind === "extent_seen"
    ? reading
    : undefined;
  const part = extent && { blockSize: undefined, first: extent.first, count: extent.count };
  task.treeChanged = undefined;
  task.inserted = alsoInserted(task.inserted, extent?.file, part);
  const mapped = mayMap?.file ?? treeChanged;
  const known = extent !== undefined && mapped !== undefined && sameFile(mapped, extent.file);
  // Blocks that are not written lead to no data yet: when it has reached them they are marked written.
  if (mapped !== undefined && !(known && extent.unwritten === true)) {
    if (mayMap !== undefined) mapsWritten.add(fileKey(mapped));
    emit({
      kind: "inode_logged",
      where,
      file: mapped,
      times: false,
      apart: undefined,
      part: known ? part : undefined,
    });
  }
  if (mayMap?.told === "not_yet") task.mayMap = { file: mayMap.file, told: "over" };
  if (changing === undefined || extent === undefined || !sameFile(changing, extent.file)) return;
  const { file, first, count } = extent;
  emit({ kind: "blocks_mapped", where, file, blocks: { first, last: first + count - 1 } });
}

/** All that has come into the cache so far, as one range; not known where a line is of something else. */
function alsoInserted(
  before: InsertedBlocks | undefined,
  file: FileId | undefined,
  part: PartOfFile | undefined,
): InsertedBlocks | undefined {
  if (file === undefined) return before && { file: before.file, part: undefined };
  if (before === undefined) return { file, part };
  if (!sameFile(before.file, file) || before.part === undefined || part === undefined) {
    return { file, part: undefined };
  }
  const first = Math.min(before.part.first, part.first);
  const end = Math.max(before.part.first + before.part.count, part.first + part.count);
  return { file, part: { blockSize: undefined, first, count: end - first } };
}

/**
 * True if the task is mapping blocks of the file: `ext4_es_insert_extent` tells which. That ends what is done
 * for a direct write.
 */
export function isMapping(
  { seen }: PageCacheTranslation,
  { mayMap }: PageCacheTask,
  file: FileId,
): boolean {
  return mayMap !== undefined && mayMap.told !== "over" && sameFile(mayMap.file, file) &&
    seen.has(mapsBlocks);
}

/** What the task has marked written since it began to: it begins anew. */
export function markedWritten(task: PageCacheTask, file: FileId): PartOfFile | undefined {
  const { inserted } = task;
  task.inserted = undefined;
  return inserted !== undefined && sameFile(inserted.file, file) ? inserted.part : undefined;
}
