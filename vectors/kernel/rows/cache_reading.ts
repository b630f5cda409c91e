/**
 * What one line says of the page cache before it is known what its task is doing.
 *
 * @module
 */
import type {
  BioOperation,
  FolioEventKind,
  FolioSeen,
} from "../../../model/check/page_cache/observation.ts";
import type { Blocks, CommitSeen } from "../../../model/check/page_cache/journal_observation.ts";
import type { ByteRange } from "../../../model/check/page_cache/byte_range.ts";
import type { SectorObservation } from "../../../model/check/page_cache/sector_observation.ts";
import type { FileId } from "../../../model/check/observation.ts";
import type { SharedReading } from "./shared_reading.ts";

/** An observation whose place is that of its line. */
type Unplaced<O> = O extends unknown ? Omit<O, "where"> : never;

/** What happened to one folio. */
export interface FolioReading {
  readonly kind: FolioEventKind;
  readonly folio: FolioSeen;
  /** Of the beginning of writeback: whether it leaves the TOWRITE mark; undefined if not told. */
  readonly keepsTowrite?: boolean | undefined;
  /** Of a copy: bytes of the file that it has made dirty; undefined if not told. */
  readonly bytes?: ByteRange | undefined;
}

/** What one line says. */
export type CacheReading =
  | SharedReading
  | FolioReading
  /** A folio is dirty of a file system that the line does not name. */
  | { readonly kind: "elsewhere_dirtied" }
  | {
    readonly kind: "mkwrite";
    readonly folio: FolioSeen;
    readonly pgoff: number;
    /** User address that faulted. */
    readonly address: number;
    /** True if `->page_mkwrite` has asked for another try, and the kernel goes on all the same. */
    readonly refused: boolean;
  }
  | {
    readonly kind: "folio_in_bio";
    readonly folio: FolioSeen;
    readonly bio: string;
    readonly bytes: number | undefined;
    readonly offset: number | undefined;
  }
  | {
    readonly kind: "bio_queued";
    readonly bio: string;
    readonly dev: string;
    /** The disk, where that is what a line of the bio's end names; undefined if it names the device. */
    readonly disk: string | undefined;
    readonly preflush: boolean;
    readonly fua: boolean;
    readonly bytes: number;
    readonly operation: BioOperation;
  }
  | {
    readonly kind: "bio_ended";
    readonly bio: string;
    readonly dev: string;
    readonly preflush: boolean;
    readonly failed: boolean;
    readonly operation: BioOperation;
  }
  | Unplaced<Exclude<SectorObservation, { readonly kind: "block_size" }>>
  /** The task gives back pins of pages that a device has written to, and marks them dirty; or is done. */
  | { readonly kind: "pins_released"; readonly begins: boolean }
  /** The task writes dirty folios back, of these bytes. */
  | {
    readonly kind: "writepages";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
    readonly sync: boolean;
  }
  /** The inode changes next: its times, and nothing else, or more. */
  | { readonly kind: "inode_changes"; readonly file: FileId; readonly times: boolean }
  /** A write begins a transaction: if it maps blocks, `ext4_es_insert_extent` follows; `once` for a direct write. */
  | { readonly kind: "may_map"; readonly file: FileId; readonly once: boolean }
  /** ext4: the tree of extents changes. If it `maps` blocks, `ext4_es_insert_extent` follows. */
  | { readonly kind: "tree_changed"; readonly file: FileId; readonly maps: boolean }
  /** ext4: a write has made the file larger, and changes nothing else. */
  | { readonly kind: "inode_grows"; readonly file: FileId; readonly begins: boolean }
  /** XFS: the size on the device grows from one to the other. */
  | {
    readonly kind: "disk_size_grows";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
  }
  /** XFS: an extent has changed: it is marked written, has blocks that are not, or something else. */
  | {
    readonly kind: "extent_changed";
    readonly file: FileId;
    readonly how: "marked_written" | "unwritten" | "other";
  }
  /** `ext4_dirty_inode` is about to write it into a transaction, or does. */
  | { readonly kind: "inode_dirtied"; readonly file: FileId; readonly written: boolean }
  /** The task is about to mark an extent written that was not: a direct write has ended. */
  | { readonly kind: "converting"; readonly file: FileId; readonly begins: boolean }
  | { readonly kind: "flush_asked"; readonly dev: string }
  | { readonly kind: "flush_returned"; readonly dev: string; readonly failed: boolean }
  | { readonly kind: "fast_commit_begun"; readonly dev: string }
  | {
    readonly kind: "fast_commit_ended";
    readonly dev: string;
    readonly how: "written" | "skipped" | "full" | "unknown";
    /** The transaction that was to be committed; undefined if the line does not tell. */
    readonly tid: number | undefined;
  }
  | {
    readonly kind: "fast_commit_tracks";
    readonly file: FileId;
    readonly blocks: Blocks | undefined;
  }
  | { readonly kind: CommitSeen["kind"]; readonly dev: string; readonly tid: number }
  /** `ext4_fc_commit`, on behalf of the task's sync call. */
  | { readonly kind: "commit_waited"; readonly tid: number }
  /** Without a device, of the journal that the task's sync call waits for. */
  | { readonly kind: "committed_up_to"; readonly dev: string | undefined; readonly tid: number }
  | {
    readonly kind: "log_forced";
    readonly dev: string;
    readonly sequence: number;
    readonly failed: boolean;
  }
  | { readonly kind: "error_recorded"; readonly file: FileId; readonly error: number }
  /** The open file that the task's call names was told of an error. */
  | { readonly kind: "error_told"; readonly file: FileId; readonly error: number }
  | {
    readonly kind: "error_checked";
    readonly file: FileId;
    readonly descriptor: string;
    readonly error: number | undefined;
    readonly reported: boolean;
    readonly current: boolean | undefined;
    /** `mapping->flags` has AS_STABLE_WRITES; undefined if not printed. */
    readonly stable: boolean | undefined;
  }
  | { readonly kind: "stable_pages"; readonly file: FileId; readonly needed: boolean }
  /** write(2) puts these bytes into the page cache. */
  | {
    readonly kind: "buffered_write";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
  }
  /** `->sync_fs` of the file system is entered. */
  | { readonly kind: "file_system_synced"; readonly dev: string }
  | {
    readonly kind: "sync_range";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
    /** The next sync function of the task covers this; else one that is under way does. */
    readonly ahead: boolean;
  }
  /** The direct I/O that the task begins next writes, or reads. */
  | { readonly kind: "direct_ahead"; readonly file: FileId; readonly writes: boolean }
  | {
    readonly kind: "direct_begun";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
    readonly async: boolean;
    /** Undefined if the line does not tell. */
    readonly writes: boolean | undefined;
  }
  /** The task's direct I/O goes on without it. */
  | { readonly kind: "direct_queued" }
  | {
    readonly kind: "direct_completed";
    readonly file: FileId;
    /** Position after it. */
    readonly end: number;
    readonly async: boolean;
    readonly result: number;
  }
  | { readonly kind: "direct_returned"; readonly result: number }
  /** `kiocb_invalidate_pages` has returned: the first invalidation. */
  | { readonly kind: "direct_first_invalidated" }
  | {
    readonly kind: "range_invalidated";
    readonly file: FileId;
    readonly failed: boolean;
    readonly pages: number | undefined;
  }
  | {
    readonly kind: "direct_invalidates_again" | "direct_invalidated_again";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
  }
  /** XFS: the task marks an extent written. */
  | {
    readonly kind: "direct_converted";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
    /** Size of the file on the device, which may grow with it; undefined if the line does not tell. */
    readonly size: number | undefined;
  }
  | {
    readonly kind: "cut_begun";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
  }
  | {
    readonly kind: "cut_ended";
    readonly file: FileId;
    readonly from: number;
    readonly to: number;
    readonly pages: number | undefined;
  }
  | { readonly kind: "folio_found"; readonly file: FileId; readonly pgoff: number }
  /** A request of io_uring begins, or is handed to a worker: an fsync, or something else. */
  | {
    readonly kind: "request_submitted";
    readonly request: string;
    readonly first: boolean;
    readonly syncs: boolean;
  }
  /** The task goes on with a request of io_uring. */
  | { readonly kind: "request_taken"; readonly request: string }
  | { readonly kind: "request_completed"; readonly request: string; readonly result: number }
  /** A process begins, with its parent's memory if it shares that. */
  | { readonly kind: "process_made"; readonly pid: number; readonly shares: boolean }
  | { readonly kind: "folios_changed"; readonly file: FileId | undefined }
  /** The task takes a page fault, or is inside one. */
  | { readonly kind: "faulting" };
