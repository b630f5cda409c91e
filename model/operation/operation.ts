/**
 * The alphabet at the level of the API: what processes ask of a file system.
 *
 * Offsets and lengths are bytes of the *file* everywhere, for loads and stores through a mapping too,
 * so that one page has one number whoever touches it and however. Names of files, descriptors and
 * mappings are unique in a scenario; a descriptor or mapping belongs to the process that made it.
 *
 * @module
 */

/** What every operation has. */
export interface Common<K extends string> {
  /** Tells operations of one kind from others. */
  readonly kind: K;
  /** Unique in the scenario: `P1.3` unless the author gave a name. */
  readonly id: string;
  /** Ids of operations of other processes that have ended before this one begins. */
  readonly after?: readonly string[];
}

/** What is asked of an open file. */
export interface OnDescriptor<K extends string> extends Common<K> {
  /** The descriptor, by the name that `open` gave it. */
  readonly fd: string;
}

/** What goes from one open file to another. */
export interface BetweenDescriptors<K extends string> extends Common<K> {
  /** Descriptor of the source. */
  readonly from: string;
  /** Descriptor of the target. */
  readonly to: string;
}

/** What is asked of a mapping. */
export interface OnMapping<K extends string> extends Common<K> {
  /** The mapping, by the name that `mmap` gave it. */
  readonly mapping: string;
}

/** A range of bytes of the file. */
export interface Ranged {
  /** Byte of the file. */
  readonly offset: number;
  /** Bytes, at least 1. */
  readonly length: number;
}

/** A place in a mapping that serves as a buffer. */
export interface InMapping {
  /** The mapping, by its name. */
  readonly mapping: string;
  /** Byte of the file that it maps. */
  readonly offset: number;
}

/** Flags of open(2) besides the access mode, which is O_RDWR. */
export type OpenFlag = "O_DIRECT" | "O_DSYNC" | "O_SYNC";

/** What fallocate(2) may do; `preallocate` is mode 0. */
export type FallocateMode =
  | "preallocate"
  | "punch_hole"
  | "zero_range"
  | "collapse_range"
  | "insert_range"
  | "unshare_range";

/** open(2) of a file of the scenario; returns 0. */
export interface Open extends OnDescriptor<"open"> {
  /** The file, by its name. */
  readonly file: string;
  /** Flags besides O_RDWR. */
  readonly flags: readonly OpenFlag[];
}
/** close(2). */
export type Close = OnDescriptor<"close">;
/** mmap(2) of a range of whole pages; returns 0. */
export interface Mmap extends OnDescriptor<"mmap">, OnMapping<"mmap">, Ranged {
  /** MAP_SHARED or MAP_PRIVATE. */
  readonly sharing: "shared" | "private";
  /** PROT_READ, or PROT_READ | PROT_WRITE. */
  readonly protection: "read" | "write";
  /** MAP_SHARED_VALIDATE | MAP_SYNC. */
  readonly sync?: true;
  /** The level of the page table that the range must be mapped at where the file system can. */
  readonly level?: "pte" | "pmd";
}
/** munmap(2) of a whole mapping. */
export type Munmap = OnMapping<"munmap">;
/** A CPU load of one byte; returns the byte. */
export interface Load extends OnMapping<"load"> {
  /** Byte of the file. */
  readonly offset: number;
}
/** A CPU store of one byte; returns 0. */
export interface Store extends OnMapping<"store"> {
  /** Byte of the file. */
  readonly offset: number;
  /** What is stored. */
  readonly value: number;
}
/** pread(2), direct where the descriptor is O_DIRECT; returns the bytes, or their count if `into`. */
export interface Pread extends OnDescriptor<"pread">, Ranged {
  /** The buffer is a mapping, from this byte of its file on. */
  readonly into?: InMapping;
}
/** pwrite(2) of bytes that all are `value`, or of what a mapping holds; returns the count. */
export interface Pwrite extends OnDescriptor<"pwrite">, Ranged {
  /** What every byte is; absent with `from`. */
  readonly value?: number;
  /** The buffer is a mapping, from this byte of its file on. */
  readonly from?: InMapping;
  /** Submitted with io_submit(2) and collected before the operation ends. */
  readonly async?: true;
  /** pwritev2(2) with RWF_DSYNC: this one write is as if the file were open with O_DSYNC. */
  readonly dsync?: true;
}
/** fsync(2). */
export type Fsync = OnDescriptor<"fsync">;
/** fdatasync(2). */
export type Fdatasync = OnDescriptor<"fdatasync">;
/** syncfs(2). */
export type Syncfs = OnDescriptor<"syncfs">;
/** sync_file_range(2) with WAIT_BEFORE, WRITE and WAIT_AFTER. */
export type SyncFileRange = OnDescriptor<"sync_file_range"> & Ranged;
/** msync(2) of a range of whole pages. */
export interface Msync extends OnMapping<"msync">, Ranged {
  /** The one flag. */
  readonly flags: "MS_SYNC" | "MS_ASYNC";
}
/** fallocate(2); punching never changes the size. */
export interface Fallocate extends OnDescriptor<"fallocate">, Ranged {
  /** What it does. */
  readonly mode: FallocateMode;
  /** FALLOC_FL_KEEP_SIZE, for `preallocate`, `zero_range` and `unshare_range`. */
  readonly keepSize?: true;
}
/** ftruncate(2). */
export interface Ftruncate extends OnDescriptor<"ftruncate"> {
  /** The size of the file from then on. */
  readonly length: number;
}
/** posix_fadvise(POSIX_FADV_DONTNEED) of the whole file: a hint, after which pages may be gone. */
export type Evict = OnDescriptor<"evict">;
/** User space writes its cache lines back and fences: CLWB of the range, SFENCE. */
export type FlushCache = OnMapping<"flush_cache"> & Ranged;
/** FICLONE: the file of `to` shares all extents of the file of `from`. */
export type Reflink = BetweenDescriptors<"reflink">;
/**
 * copy_file_range(2) to the same range of another file; returns the count, which may be less at the end
 * of the source and elsewhere.
 */
export type CopyFileRange = BetweenDescriptors<"copy_file_range"> & Ranged;
/**
 * splice(2) of the source into a pipe, and out of it to the same range of the target; returns the
 * count, which is less at the end of the source.
 */
export type Splice = BetweenDescriptors<"splice"> & Ranged;
/** What names one file, or two, in the folder that all are in. */
export interface OnNames<K extends string> extends Common<K> {
  /** The file, by its name. */
  readonly oldpath: string;
  /** The name that it gets. */
  readonly newpath: string;
}
/**
 * rename(2) over another file of the scenario. Nobody opens `oldpath` after it: after a crash it may be
 * there or not.
 */
export type Rename = OnNames<"rename">;
/** link(2): a second name, by which nobody opens the file. */
export type Link = OnNames<"link">;
/** fsync(2) of the folder that all files are in. */
export type FsyncDirectory = Common<"fsync_directory">;
/** From here on the next write of file data to the device fails. */
export type InjectError = Common<"inject_error">;
/**
 * Power fails and the machine comes back. The process goes on; the others end where they are, and all
 * descriptors and mappings are gone.
 */
export type Crash = Common<"crash">;

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
  | CopyFileRange
  | Splice
  | Rename
  | Link
  | FsyncDirectory
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
  "copy_file_range",
  "splice",
  "rename",
  "link",
  "fsync_directory",
  "inject_error",
  "crash",
] as const satisfies readonly OperationKind[];

/** The operation of this kind. */
export type OperationOf<K extends OperationKind> = Extract<Operation, { readonly kind: K }>;
