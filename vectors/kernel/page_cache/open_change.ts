/**
 * What a task is changing of an inode, as far as its lines have told.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import type { PartOfFile } from "../../../model/check/page_cache/sector_observation.ts";

/** ext4: blocks that have come into the cache of extents; `part` is undefined if they are not known. */
export interface InsertedBlocks {
  readonly file: FileId;
  readonly part: PartOfFile | undefined;
}

/** ext4: the file that a task has begun a transaction for to map blocks. */
export interface MayMap {
  readonly file: FileId;
  /** Lines that tell which: may come again and again, or one will come, or it has. */
  readonly told: "again" | "not_yet" | "over";
}

/** XFS: what a transaction has changed that is not committed yet. */
export type XfsChange =
  /** Extents that were marked written, or a size that has grown, when data had reached the device. */
  | { readonly kind: "part"; readonly file: FileId; readonly part: PartOfFile }
  /** Blocks for a hole, that are not written. */
  | { readonly kind: "unwritten"; readonly file: FileId }
  /** Something else, too. */
  | { readonly kind: "more"; readonly file: FileId };
