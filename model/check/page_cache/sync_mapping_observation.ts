/**
 * What a recording shows of mappings that a program has asked to be synchronous (MAP_SYNC).
 *
 * @module
 */
import type { FileId, Where } from "../observation.ts";

/** A mapping that was asked to be synchronous turned out to be that, or not, or was refused. */
export interface SyncMappingSeen {
  readonly kind: "sync_mapping";
  readonly where: Where;
  /** The return of mmap. */
  readonly since: Where;
  /** The file, if a line tells. */
  readonly file: FileId | undefined;
  readonly gets: "synchronous" | "plain" | "EOPNOTSUPP";
}

/** A page of a synchronous mapping is made writable. */
export interface SyncPageMappedSeen {
  readonly kind: "sync_page_mapped";
  readonly where: Where;
  /** The fault that found the block map uncommitted. */
  readonly since: Where;
  readonly file: FileId;
  readonly pgoff: number;
  /** Status of the sync call that the fault made; undefined if it made none. */
  readonly synced: Where | undefined;
}
