/**
 * What happens between memory, device and journal, up to the power failure.
 *
 * @module
 */

interface OnPage {
  readonly task: number;
  readonly page: number;
}

/** Half of a page's bytes, as a CPU caches them: bits 0, 2, 4 and 6 of its content, or the others. */
export type CacheLine = 0 | 1;

/** A CPU store through a writable PTE to the block behind it, into the CPU's cache. */
interface StoreLine {
  readonly kind: "store_line";
  readonly mapping: number;
  readonly page: number;
  readonly writes: number;
}
/** The program writes a cache line back (CLWB): it is on its way, and may get lost until a fence. */
interface WriteBackLine extends OnPage {
  readonly kind: "write_back_line";
  readonly line: CacheLine;
}
/**
 * The program fences (SFENCE), and relies from here on on what it wrote back: the lines that these
 * stores are in. What others wrote back may still be on its way.
 */
interface Fence extends OnPage {
  readonly kind: "fence";
  /** Bits of the stores that it relies on. */
  readonly writes: number;
}
/** A CPU evicts a cache line on its own, at any time. */
interface EvictLine {
  readonly kind: "evict_line";
  readonly page: number;
  readonly line: CacheLine;
}
/** The device writes something out of its volatile cache on its own, at any time. */
interface DrainDevice {
  readonly kind: "drain_device";
  readonly page: number;
}
/** A cache flush request (an empty FLUSH, or `nvdimm_flush`) has completed. */
interface FlushDevice {
  readonly kind: "flush_device";
  readonly task: number;
}
/** The running transaction commits; with a flush of the data device before its commit record. */
interface Commit {
  readonly kind: "commit";
  readonly task: number;
}
/** fsync, fdatasync, msync(MS_SYNC) or syncfs is entered: what is complete by now is promised. */
interface FsyncBegin {
  readonly kind: "fsync_begin";
  readonly task: number;
}
/** A sync call returns 0, or the error that it has just reported. */
export interface FsyncEnd {
  readonly kind: "fsync_end";
  readonly task: number;
  /** True for sync and syncfs, which promise nothing for one file in particular. */
  readonly allFiles?: true;
}
/** A write with O_DSYNC returns: its bytes are promised. */
interface DsyncEnd extends OnPage {
  readonly kind: "dsync_end";
  readonly writes: number;
}
/** `mark_inode_dirty`: syncfs and background writeback will look at the file. */
interface MarkInodeDirty extends OnPage {
  readonly kind: "mark_inode_dirty";
}
/** mmap returns. */
interface Mmap {
  readonly kind: "mmap";
  readonly task: number;
  readonly mapping: number;
  /** True if the program asked for MAP_SYNC. */
  readonly asksSync: boolean;
  readonly gets: "synchronous" | "plain" | "EOPNOTSUPP";
}
/** The file's block map is frozen: an immutable file in the sense of seed 001. */
interface Freeze {
  readonly kind: "freeze";
  readonly task: number;
  readonly file: number;
}
/** A call that would change a frozen block map is refused. */
interface RefuseChange extends OnPage {
  readonly kind: "refuse_change";
}
/** `file_check_and_advance_wb_err`: fsync looks for an error, and says EIO or not. */
interface ReportError extends OnPage {
  readonly kind: "report_error";
  readonly says: "EIO" | "ok";
  /** True if it clears AS_EIO with that. */
  readonly clears?: true;
}
/** Power fails; the machine comes up again and the journal is replayed. */
interface Crash {
  readonly kind: "crash";
}

/**
 * Events of memory, device and journal.
 *
 * @internal
 */
export type StorageEvent =
  | StoreLine
  | WriteBackLine
  | Fence
  | EvictLine
  | DrainDevice
  | FlushDevice
  | Commit
  | FsyncBegin
  | FsyncEnd
  | DsyncEnd
  | MarkInodeDirty
  | Mmap
  | Freeze
  | RefuseChange
  | ReportError
  | Crash;
