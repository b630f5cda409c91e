/**
 * The alphabet at the level of the API: what processes ask of a file system.
 *
 * Offsets and lengths are bytes of the *file* everywhere, for loads and stores through a mapping too,
 * so that one page has one number whoever touches it and however. Names of files, descriptors and
 * mappings are unique in a scenario; a descriptor or mapping belongs to the process that made it.
 *
 * @module
 */

interface Common {
  /** Unique in the scenario: `P1.3` unless the author gave a name. */
  readonly id: string;
  /** Ids of operations of other processes that have ended before this one begins. */
  readonly after?: readonly string[];
}

interface Ranged {
  /** Byte of the file. */
  readonly offset: number;
  /** Bytes, at least 1. */
  readonly length: number;
}

/** Flags of open(2) besides the access mode, which is O_RDWR. */
const openFlags = ["O_DIRECT", "O_DSYNC", "O_SYNC"] as const;
/** A word of {@link openFlags}. */
export type OpenFlag = typeof openFlags[number];

/** What fallocate(2) may do; `preallocate` is mode 0. */
const fallocateModes = [
  "preallocate",
  "punch_hole",
  "zero_range",
  "collapse_range",
  "insert_range",
] as const;
/** A word of {@link fallocateModes}. */
export type FallocateMode = typeof fallocateModes[number];

/** open(2) of a file of the scenario; returns 0. */
export interface Open extends Common {
  readonly kind: "open";
  readonly fd: string;
  readonly file: string;
  readonly flags: readonly OpenFlag[];
}
/** close(2). */
interface Close extends Common {
  readonly kind: "close";
  readonly fd: string;
}
/** mmap(2) of a range of whole pages; returns 0. */
export interface Mmap extends Common, Ranged {
  readonly kind: "mmap";
  readonly mapping: string;
  readonly fd: string;
  readonly sharing: "shared" | "private";
  readonly protection: "read" | "write";
  /** MAP_SHARED_VALIDATE | MAP_SYNC. */
  readonly sync?: true;
  /** The level of the page table that the range must be mapped at where the file system can. */
  readonly level?: "pte" | "pmd";
}
/** munmap(2) of a whole mapping. */
interface Munmap extends Common {
  readonly kind: "munmap";
  readonly mapping: string;
}
/** A CPU load of one byte; returns the byte. */
interface Load extends Common {
  readonly kind: "load";
  readonly mapping: string;
  readonly offset: number;
}
/** A CPU store of one byte; returns 0. */
interface Store extends Common {
  readonly kind: "store";
  readonly mapping: string;
  readonly offset: number;
  readonly value: number;
}
/** pread(2), direct where the descriptor is O_DIRECT; returns the bytes, or their count if `into`. */
interface Pread extends Common, Ranged {
  readonly kind: "pread";
  readonly fd: string;
  /** The buffer is a mapping, from this byte of its file on. */
  readonly into?: { readonly mapping: string; readonly offset: number };
}
/** pwrite(2) of bytes that all are `value`, or of what a mapping holds; returns the count. */
interface Pwrite extends Common, Ranged {
  readonly kind: "pwrite";
  readonly fd: string;
  readonly value?: number;
  /** The buffer is a mapping, from this byte of its file on. */
  readonly from?: { readonly mapping: string; readonly offset: number };
  /** Submitted with io_submit(2) and collected before the operation ends. */
  readonly async?: true;
}
/** fsync(2). */
interface Fsync extends Common {
  readonly kind: "fsync";
  readonly fd: string;
}
/** fdatasync(2). */
interface Fdatasync extends Common {
  readonly kind: "fdatasync";
  readonly fd: string;
}
/** syncfs(2). */
interface Syncfs extends Common {
  readonly kind: "syncfs";
  readonly fd: string;
}
/** sync_file_range(2) with WAIT_BEFORE, WRITE and WAIT_AFTER. */
interface SyncFileRange extends Common, Ranged {
  readonly kind: "sync_file_range";
  readonly fd: string;
}
/** msync(2) of a range of whole pages. */
interface Msync extends Common, Ranged {
  readonly kind: "msync";
  readonly mapping: string;
  readonly flags: "MS_SYNC" | "MS_ASYNC";
}
/** fallocate(2); punching never changes the size. */
interface Fallocate extends Common, Ranged {
  readonly kind: "fallocate";
  readonly fd: string;
  readonly mode: FallocateMode;
  /** FALLOC_FL_KEEP_SIZE, for `preallocate` and `zero_range`. */
  readonly keepSize?: true;
}
/** ftruncate(2). */
interface Ftruncate extends Common {
  readonly kind: "ftruncate";
  readonly fd: string;
  readonly length: number;
}
/** posix_fadvise(POSIX_FADV_DONTNEED) of the whole file: a hint, after which pages may be gone. */
interface Evict extends Common {
  readonly kind: "evict";
  readonly fd: string;
}
/** User space writes its cache lines back and fences: CLWB of the range, SFENCE. */
interface FlushCache extends Common, Ranged {
  readonly kind: "flush_cache";
  readonly mapping: string;
}
/** FICLONE: the file of `to` shares all extents of the file of `from`. */
interface Reflink extends Common {
  readonly kind: "reflink";
  readonly from: string;
  readonly to: string;
}
/** From here on the next write of file data to the device fails. */
interface InjectError extends Common {
  readonly kind: "inject_error";
}
/**
 * Power fails and the machine comes back. The process goes on; the others end where they are, and all
 * descriptors and mappings are gone.
 */
interface Crash extends Common {
  readonly kind: "crash";
}

/** What a process asks. */
export type Operation =
  | Open
  | Close
  | Mmap
  | Munmap
  | Load
  | Store
  | Pread
  | Pwrite
  | Fsync
  | Fdatasync
  | Syncfs
  | SyncFileRange
  | Msync
  | Fallocate
  | Ftruncate
  | Evict
  | FlushCache
  | Reflink
  | InjectError
  | Crash;

/** The name of an operation's kind. */
export type OperationKind = Operation["kind"];

/** Every kind, in the order of their union. */
export const operationKinds = [
  "open",
  "close",
  "mmap",
  "munmap",
  "load",
  "store",
  "pread",
  "pwrite",
  "fsync",
  "fdatasync",
  "syncfs",
  "sync_file_range",
  "msync",
  "fallocate",
  "ftruncate",
  "evict",
  "flush_cache",
  "reflink",
  "inject_error",
  "crash",
] as const satisfies readonly OperationKind[];

/** The operation of this kind. */
export type OperationOf<K extends OperationKind> = Extract<Operation, { readonly kind: K }>;
