/**
 * What plain tracepoints show of the page cache's way to the device, in the model's words: where the
 * bytes of a file lie, who writes dirty folios back, what is handed to a device and what has ended.
 *
 * No line tells which folio a request carries. It is found by its sectors.
 *
 * @module
 */
import type { FileId, Moment, Where } from "../observation.ts";

/** Sectors of a device, of 512 bytes each: [from, to). */
export interface Sectors {
  readonly dev: string;
  readonly from: number;
  readonly to: number;
}

/** Blocks of a file lie in blocks of its device, as a look-up or an allocation has found. */
export interface ExtentSeen {
  readonly kind: "extent_seen";
  readonly where: Where;
  readonly file: FileId;
  /** The device that its blocks are counted on; a partition counts from its own beginning. */
  readonly dev: string;
  /** Bytes of a block; undefined if they are the file system's, whose size is not told. */
  readonly blockSize: number | undefined;
  /** First block of the file, first block of the device, and how many. */
  readonly first: number;
  readonly at: number;
  readonly count: number;
  /** Writeback has found these blocks dirty, and writes them next. */
  readonly dirty: boolean;
  /** Whether they are unwritten: allocated, and read as zeros; undefined if the line does not tell. */
  readonly unwritten: boolean | undefined;
}

/** The size of a file system's blocks, in bytes. */
export interface BlockSizeSeen {
  readonly kind: "block_size";
  readonly dev: string;
  readonly bytes: number;
}

/** The task begins to write dirty folios of a file, or is done with it. */
export interface WritepagesSeen {
  readonly kind: "writepages_begun" | "writepages_ended";
  readonly where: Where;
  readonly file: FileId;
  /** WB_SYNC_ALL of the whole file: it marks what is dirty TOWRITE first. */
  readonly sync: boolean;
}

/** A write is handed to a device. */
export interface SectorsQueuedSeen {
  readonly kind: "sectors_queued";
  readonly where: Where;
  readonly sectors: Sectors;
  /** REQ_PREFLUSH: the device's cache is flushed first. */
  readonly preflush: boolean;
  /** REQ_META: no file's data. */
  readonly metadata: boolean;
}

/** A device passes sectors on to another, or a partition to its disk. */
export interface SectorsPassedOnSeen {
  readonly kind: "sectors_passed_on";
  readonly where: Where;
  readonly from: Sectors;
  readonly to: Sectors;
}

/** A write has ended: a request, or a bio of a device that makes no requests. */
export interface SectorsEndedSeen {
  readonly kind: "sectors_ended";
  readonly where: Where;
  readonly sectors: Sectors;
  readonly failed: boolean;
  readonly preflush: boolean;
  /** False for a bio of a device that makes no requests. */
  readonly request: boolean;
}

/** A request that flushes the device's cache is handed to it, or has ended. */
export interface FlushRequestSeen {
  readonly kind: "flush_issued" | "flush_ended";
  readonly where: Where;
  readonly dev: string;
  /** False if it has not ended yet. */
  readonly failed: boolean;
}

/** A part of a file. */
export interface PartOfFile {
  /** In bytes; undefined if it is the file system's own. */
  readonly blockSize: number | undefined;
  readonly first: number;
  readonly count: number;
}

/** ext4: the inode was written into a transaction. */
interface InodeLoggedSeen {
  readonly kind: "inode_logged";
  readonly where: Where;
  readonly file: FileId;
  /** True if its times alone have changed. */
  readonly times: boolean;
  /** True if the task has yet to join the transaction. */
  readonly begins?: boolean | undefined;
  /**
   * Entry of the system call that makes the change, if its task has written nothing back in it before:
   * what was dirty before that does not rest on the change.
   */
  readonly apart?: Moment | undefined;
  /**
   * Bytes that are marked written, or come to lie below the size of the file, when their data has reached
   * the device: nothing else of the way to the data is changed.
   */
  readonly part?: PartOfFile | undefined;
}

/** XFS: a change of the inode waits for the log. */
interface InodePinnedSeen {
  readonly kind: "inode_pinned";
  readonly where: Where;
  readonly file: FileId;
  /** Checkpoints that waited for the log before. */
  readonly pins: number;
  /** True if it is a change of times alone. */
  readonly times: boolean;
  /** As of `inode_logged`. */
  readonly apart?: Moment | undefined;
  /** As of `inode_logged`. */
  readonly part?: PartOfFile | undefined;
}

/** XFS: a change of the inode no longer waits for the log. */
interface InodeUnpinnedSeen {
  readonly kind: "inode_unpinned";
  readonly where: Where;
  readonly file: FileId;
  /** Checkpoints that still wait for the log, this one included. */
  readonly pins: number;
}

/** XFS: a transaction changes the extents of the file, or its size. */
interface InodeMapChangedSeen {
  readonly kind: "inode_map_changed";
  readonly where: Where;
  readonly file: FileId;
  /** As of `inode_logged`. */
  readonly apart?: Moment | undefined;
  /** As of `inode_logged`. */
  readonly part?: PartOfFile | undefined;
}

/** Everything that plain tracepoints show. */
export type SectorObservation =
  | ExtentSeen
  | BlockSizeSeen
  | WritepagesSeen
  | SectorsQueuedSeen
  | SectorsPassedOnSeen
  | SectorsEndedSeen
  | FlushRequestSeen
  | InodeLoggedSeen
  | InodePinnedSeen
  | InodeUnpinnedSeen
  | InodeMapChangedSeen;
