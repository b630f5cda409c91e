/**
 * What a recording shows of files in the page cache, in the model's words: folios, bios, flushes,
 * commits, errors and calls. The input of `page_cache/check.ts`.
 *
 * An observation says no more than its line. Readers of other formats produce the same ones.
 *
 * @module
 */
import type { FileId, MappingId, Moment, Where } from "../observation.ts";
import type { ByteRange } from "./byte_range.ts";
import type { DirectObservation } from "./direct_observation.ts";
import type { MappingObservation } from "./mapping_observation.ts";
import type { JournalObservation } from "./journal_observation.ts";
import type { SilentSyncObservation } from "./silent_sync_observation.ts";
import type { SyncfsObservation } from "./syncfs_observation.ts";
import type { SyncMappingSeen, SyncPageMappedSeen } from "./sync_mapping_observation.ts";
import type { SectorObservation } from "./sector_observation.ts";
import type { RemovalObservation } from "./removal_observation.ts";
import type { ValueObservation } from "./value_observation.ts";

/** A folio: its first page, and what its line tells of it beside that. */
export interface FolioSeen {
  readonly file: FileId;
  /** Page offset of its first page. */
  readonly index: number;
  /** Pages; undefined if the line does not tell. */
  readonly pages: number | undefined;
  /** The flags as they were when the line was printed; undefined if the line does not tell. */
  readonly flags: FolioFlags | undefined;
}

/** Flags of a folio (`PG_*`). */
export interface FolioFlags {
  readonly locked: boolean;
  readonly uptodate: boolean;
  readonly dirty: boolean;
  readonly writeback: boolean;
}

/** What happened to one folio. */
export type FolioEventKind =
  /** A folio entered the page cache. */
  | "folio_added"
  /** A folio left it. */
  | "folio_removed"
  /** `PG_dirty` and the DIRTY mark are set, which they were not. */
  | "folio_dirtied"
  /** `folio_clear_dirty_for_io` has returned true: PTEs are protected, `PG_dirty` is clear. */
  | "folio_cleaned"
  /** Writeback has declared it clean, and writes what is dirty of it next. */
  | "folio_taken"
  /** `PG_writeback` is about to be set. */
  | "writeback_begun"
  /** `PG_writeback` is about to be cleared. */
  | "writeback_ended"
  /** Writeback gave it up, and it is dirty again. */
  | "folio_redirtied"
  /** write(2) has copied into it, under its lock. */
  | "folio_copied";

/** One folio, and what happened to it. */
export interface FolioEvent {
  readonly kind: FolioEventKind;
  readonly where: Where;
  /** The task's line before: what the line tells of happened since. */
  readonly since: Moment;
  readonly folio: FolioSeen;
  /** True if the task is inside write(2) or a call like it. */
  readonly copying: boolean;
  /** Of a copy: bytes of the file that it has made dirty; undefined if not told. */
  readonly bytes?: ByteRange | undefined;
  /** Of the beginning of writeback: whether it leaves the TOWRITE mark; undefined if not told. */
  readonly keepsTowrite?: boolean | undefined;
  /** Of a folio that is marked dirty: true if the mark is set only by the `folio_marked` that follows. */
  readonly marking?: boolean | undefined;
}

/**
 * The DIRTY mark of a folio is set by now. The line that tells of it comes before that, with the xa_lock
 * held and interrupts off (`folio_account_dirtied`): only the next line of its CPU comes surely after.
 */
export interface FolioMarkedSeen {
  readonly kind: "folio_marked";
  readonly where: Where;
  /** The line that told of it. */
  readonly line: number;
  readonly folio: FolioSeen;
}

/** Whoever gives a pin back marks the folio dirty, which it was not. */
export interface PinnedDirtiedSeen {
  readonly kind: "pinned_dirtied";
  readonly where: Where;
  readonly folio: FolioSeen;
}

/** `->page_mkwrite` has said yes: the fault makes the page writable next. */
export interface MadeWritableSeen {
  readonly kind: "made_writable";
  readonly where: Where;
  readonly since: Moment;
  readonly folio: FolioSeen;
  readonly pgoff: number;
  readonly mapping: MappingId;
  /** True if its task is inside a store to that page: others may fault in memory that is not theirs. */
  readonly storing?: boolean | undefined;
  /** True if `->page_mkwrite` had asked for another try. */
  readonly refused?: boolean | undefined;
  /** As in `PageStoreSeen`. */
  readonly bare?: Moment | undefined;
}

/** A fault that has made a page of a clean folio writable has marked it dirty, or is over. */
export interface FaultMarkedSeen {
  readonly kind: "fault_marked";
  readonly where: Where;
  readonly folio: FolioSeen;
  readonly pgoff: number;
  readonly mapping: MappingId;
  /** Where the page was made writable. */
  readonly made: Where;
  readonly dirty: boolean;
}

/** A bio carries a part of a folio. */
export interface FolioInBioSeen {
  readonly kind: "folio_in_bio";
  readonly where: Where;
  readonly folio: FolioSeen;
  /** Address of the bio; addresses are used again. */
  readonly bio: string;
  /** Bytes of the folio that it carries, and from where; undefined if the line does not tell. */
  readonly bytes: number | undefined;
  readonly offset?: number | undefined;
}

/** What a bio does, as far as it matters. */
export type BioOperation = "read" | "write" | "other";

/** A bio is handed to a device. */
export interface BioQueuedSeen {
  readonly kind: "bio_queued";
  readonly where: Where;
  readonly bio: string;
  readonly dev: string;
  /** REQ_PREFLUSH: the device's cache is flushed first. */
  readonly preflush: boolean;
  /** REQ_FUA: what it carries survives once it has ended. */
  readonly fua: boolean;
  readonly bytes: number;
  readonly operation: BioOperation;
  /** The direct I/O whose submission the task is inside, if it is. */
  readonly request: number | undefined;
}

/** A bio has ended. */
export interface BioEndedSeen {
  readonly kind: "bio_ended";
  readonly where: Where;
  readonly bio: string;
  readonly dev: string;
  readonly preflush: boolean;
  readonly failed: boolean;
  readonly operation: BioOperation;
}

/** `blkdev_issue_flush` has returned 0, or an error. */
export interface FlushReturnedSeen {
  readonly kind: "flush_returned";
  readonly where: Where;
  /** The line that asked for it; undefined if that is missing. */
  readonly begin: Where | undefined;
  readonly dev: string;
  readonly failed: boolean;
  /**
   * `queued`: the task has queued a flush for it. `answered`: it has not, and an empty bio has ended at
   * once: the device has no volatile cache. `nothing`: neither was seen, and nothing was flushed.
   */
  readonly bio: "queued" | "answered" | "nothing";
}

/** `mapping->wb_err` has a new error. Its value is an `errseq_t` without the flag that it was seen. */
export interface ErrorRecordedSeen {
  readonly kind: "error_recorded";
  readonly where: Where;
  readonly file: FileId;
  readonly error: number;
}

/** `file_check_and_advance_wb_err` looked for an error, and reported one or not. */
export interface ErrorCheckedSeen {
  readonly kind: "error_checked";
  readonly where: Where;
  readonly since: Moment;
  readonly file: FileId;
  /** Names the open file description. */
  readonly descriptor: string;
  /** `mapping->wb_err` as the check left it, as in `ErrorRecordedSeen`; undefined if not told. */
  readonly error: number | undefined;
  readonly reported: boolean;
  /** True if the descriptor's cursor now stands at the mapping's error; undefined if not told. */
  readonly current: boolean | undefined;
}

/** A descriptor was closed: what its `struct file` was called may be another's name next. */
export interface DescriptorClosedSeen {
  readonly kind: "descriptor_closed";
  readonly where: Where;
  readonly descriptor: string;
}

/** Whether a device has a volatile cache, as its queue says. */
interface WriteCacheSeen {
  readonly kind: "write_cache";
  readonly dev: string;
  readonly volatile: boolean;
}

/** The mapping's flag AS_STABLE_WRITES. */
interface StablePagesSeen {
  readonly kind: "stable_pages";
  readonly where: Where;
  readonly file: FileId;
  readonly needed: boolean;
}

/** What the metadata of a file needs before a sync call may return. */
export type Metadata =
  /** jbd2: the transaction that the call waits for, and the one that holds block map and size. */
  | { readonly journal: "jbd2"; readonly tid: number; readonly mapTid: number }
  /** XFS: the log must hold what was committed up to this sequence; undefined if nothing is pinned. */
  | {
    readonly journal: "xfs";
    readonly sequence: number | undefined;
    /** More than timestamps has changed. */
    readonly map: boolean;
  };

/** A file system's sync function is entered, within a system call or not. */
export interface SyncEnteredSeen {
  readonly kind: "sync_entered";
  readonly where: Where;
  /** Names the call until its end. */
  readonly call: number;
  /** The entry of the system call: what was dirty before it is promised. */
  readonly since: Where;
  readonly file: FileId;
  /** Names the open file description, if a line tells; see `ErrorCheckedSeen`. */
  readonly descriptor: string | undefined;
  /** True if it is a write with O_DSYNC that asks. */
  readonly forWrite: boolean;
  /** Bytes that it covers; undefined if a later line may tell. */
  readonly range: ByteRange | undefined;
}

/** A line inside the call tells more of it. */
export interface SyncToldSeen {
  readonly kind: "sync_told";
  readonly where: Where;
  readonly call: number;
  readonly range: ByteRange | undefined;
  readonly metadata: Metadata | undefined;
  /** The file system's function has returned: what its entry shows is exact, what this shows newer. */
  readonly leaving: boolean;
  readonly descriptor: string | undefined;
  /** The transaction that it has waited for. */
  readonly waited: number | undefined;
  /** True if writeback of its range was waited for: what was dirty in it has been written by now. */
  readonly settled: boolean | undefined;
}

/** The sync call has returned, and the system call with it. */
export interface SyncLeftSeen {
  readonly kind: "sync_left";
  readonly where: Where;
  readonly call: number;
  /** 0, a negative errno, or undefined if the line that would tell is missing. */
  readonly status: number | undefined;
  /** The descriptor's number and its process, where no line names the open file description. */
  readonly number: string | undefined;
}

/** A line has printed how many pages of the file are cached (`mapping->nrpages`). */
export interface PagesCountedSeen {
  readonly kind: "pages_counted";
  readonly where: Where;
  readonly file: FileId;
  readonly pages: number;
}

/** Folios of a file, or of any file, may have become others unseen: collapse, split. */
export interface FoliosChangedSeen {
  readonly kind: "folios_changed";
  readonly where: Where;
  readonly file: FileId | undefined;
}

/** Function probes of the page cache are recorded, of some functions at least. */
interface ProbesSeen {
  readonly kind: "probes";
}

/** Events are missing: nothing that was known before can be relied on. */
interface PageCacheGapSeen {
  readonly kind: "page_cache_gap";
  readonly line: number;
}

/** Everything that a recording shows of the page cache. */
export type PageCacheObservation =
  | FolioEvent
  | FolioMarkedSeen
  | MadeWritableSeen
  | FaultMarkedSeen
  | MappingObservation
  | FolioInBioSeen
  | BioQueuedSeen
  | BioEndedSeen
  | FlushReturnedSeen
  | JournalObservation
  | ErrorRecordedSeen
  | ErrorCheckedSeen
  | DescriptorClosedSeen
  | StablePagesSeen
  | WriteCacheSeen
  | SectorObservation
  | PinnedDirtiedSeen
  | SyncMappingSeen
  | SyncPageMappedSeen
  | SyncEnteredSeen
  | SyncToldSeen
  | SyncLeftSeen
  | SilentSyncObservation
  | SyncfsObservation
  | DirectObservation
  | RemovalObservation
  | ValueObservation
  | PagesCountedSeen
  | FoliosChangedSeen
  | ProbesSeen
  | PageCacheGapSeen;
