/**
 * How an operation vector is written by hand: files, a list of operations for each process, and every
 * observation that is right. The model must find the same ones; a test holds the two to each other.
 *
 * @module
 */
import type { Bytes, Observation } from "../../../../model/operation/observation.ts";
import type { FallocateMode, OpenFlag, Operation } from "../../../../model/operation/operation.ts";
import type { Extent, FileStart } from "../../../../model/operation/scenario.ts";
import { pageSize } from "../../../../model/page_size.ts";
import type { Configuration, Reference } from "../../../format/vector.ts";
import type { System } from "../../../format/vocabulary.ts";

/** An operation without the id that its place gives it. */
export type WrittenOperation = Operation extends infer O
  ? O extends Operation ? Omit<O, "id"> & { readonly id?: string } : never
  : never;

/** An operation vector as it is written. */
export interface WrittenVector {
  /** What stands behind the invariant in the handle: `read-after-direct-write`. */
  readonly name: string;
  readonly system: System;
  /** The invariant that it is about. */
  readonly about: string;
  /** Other invariants that it exercises. */
  readonly also?: readonly string[];
  /** One sentence: what happens, and what is right. */
  readonly says: string;
  readonly references: readonly [Reference, ...Reference[]];
  readonly configuration: Configuration;
  readonly files: { readonly [name: string]: FileStart };
  /** Processes P1, P2 and so on. */
  readonly processes: readonly (readonly WrittenOperation[])[];
  readonly allowed: readonly Observation[];
  /** Observations that the sources name as the bug, all of them breaches of `about`. */
  readonly forbidden: readonly Observation[];
}

/** Bytes in a page. */
export const page = pageSize;

/** Any file system. */
export const anywhere: Configuration = { cache: "any", stableWrites: "any", blocks: "any" };
/** A file system that caches pages. */
export const pageCache: Configuration = { ...anywhere, cache: "page_cache" };
/** A file system with DAX. */
export const dax: Configuration = { ...anywhere, cache: "dax" };

/** A file of some pages in which every byte has this value. */
export function written(value: number, pages = 1): FileStart {
  const length = pages * page;
  return { size: length, extents: [{ kind: "data", offset: 0, length, value }] };
}

/** A file of some pages without blocks. */
export function hole(pages = 1): FileStart {
  return { size: pages * page, extents: [] };
}

/** A file without a byte. */
export const empty: FileStart = { size: 0, extents: [] };

/** A file of this size with these extents. */
export function file(size: number, ...extents: readonly Extent[]): FileStart {
  return { size, extents };
}

/** Names the operation, so that observations and others can speak of it. */
export function as(id: string, operation: WrittenOperation): WrittenOperation {
  return { ...operation, id };
}

/** The operation begins only when these have ended. */
export function after(
  ids: string | readonly string[],
  operation: WrittenOperation,
): WrittenOperation {
  return { ...operation, after: typeof ids === "string" ? [ids] : ids };
}

/** All bytes of a read have one value. */
export function bytes(count: number, value: number): readonly Bytes[] {
  return [[count, value]];
}

/** open(2). */
export const open = (
  fd: string,
  file: string,
  ...flags: readonly OpenFlag[]
): WrittenOperation => ({
  kind: "open",
  fd,
  file,
  flags,
});

/** Maps pages of the file shared and writable, the first page unless told otherwise. */
export const mmap = (
  mapping: string,
  fd: string,
  more: {
    readonly offset?: number;
    readonly length?: number;
    readonly sharing?: "private";
    readonly protection?: "read";
    readonly sync?: true;
    readonly level?: "pmd" | "pte";
  } = {},
): WrittenOperation => ({
  kind: "mmap",
  mapping,
  fd,
  offset: 0,
  length: page,
  sharing: "shared",
  protection: "write",
  ...more,
});

/** munmap(2) of a whole mapping. */
export const munmap = (mapping: string): WrittenOperation => ({ kind: "munmap", mapping });
/** close(2). */
export const close = (fd: string): WrittenOperation => ({ kind: "close", fd });
/** A CPU load of one byte. */
export const load = (mapping: string, offset = 0): WrittenOperation => ({
  kind: "load",
  mapping,
  offset,
});
/** A CPU store of one byte. */
export const store = (mapping: string, offset: number, value: number): WrittenOperation => ({
  kind: "store",
  mapping,
  offset,
  value,
});
/** pread(2). */
export const pread = (fd: string, offset: number, length: number): WrittenOperation => ({
  kind: "pread",
  fd,
  offset,
  length,
});
/** pwrite(2) of bytes that all have one value. */
export const pwrite = (
  fd: string,
  offset: number,
  length: number,
  value: number,
): WrittenOperation => ({
  kind: "pwrite",
  fd,
  offset,
  length,
  value,
});
/** fsync(2). */
export const fsync = (fd: string): WrittenOperation => ({ kind: "fsync", fd });
/** fdatasync(2). */
export const fdatasync = (fd: string): WrittenOperation => ({ kind: "fdatasync", fd });
/** syncfs(2). */
export const syncfs = (fd: string): WrittenOperation => ({ kind: "syncfs", fd });
/** msync(2) with MS_SYNC, of the first page unless told otherwise. */
export const msync = (mapping: string, offset = 0, length = page): WrittenOperation => ({
  kind: "msync",
  mapping,
  offset,
  length,
  flags: "MS_SYNC",
});
/** fallocate(2). */
export const fallocate = (
  fd: string,
  mode: FallocateMode,
  offset: number,
  length: number,
): WrittenOperation => ({ kind: "fallocate", fd, mode, offset, length });
/** copy_file_range(2) of a range, the first page unless told otherwise. */
export const copyFileRange = (
  from: string,
  to: string,
  offset = 0,
  length = page,
): WrittenOperation => ({
  kind: "copy_file_range",
  from,
  to,
  offset,
  length,
});
/** splice(2) of a range, the first page unless told otherwise. */
export const splice = (from: string, to: string, offset = 0, length = page): WrittenOperation => ({
  kind: "splice",
  from,
  to,
  offset,
  length,
});
/** rename(2) over another file. */
export const rename = (oldpath: string, newpath: string): WrittenOperation => ({
  kind: "rename",
  oldpath,
  newpath,
});
/** link(2). */
export const link = (oldpath: string, newpath: string): WrittenOperation => ({
  kind: "link",
  oldpath,
  newpath,
});
/** fsync(2) of the directory. */
export const fsyncDirectory: WrittenOperation = { kind: "fsync_directory" };
/** ftruncate(2). */
export const ftruncate = (fd: string, length: number): WrittenOperation => ({
  kind: "ftruncate",
  fd,
  length,
});
/** posix_fadvise(2) with POSIX_FADV_DONTNEED of the whole file. */
export const evict = (fd: string): WrittenOperation => ({ kind: "evict", fd });
/** Writing CPU cache lines back, with a fence. */
export const flushCache = (mapping: string, offset: number, length = 1): WrittenOperation => ({
  kind: "flush_cache",
  mapping,
  offset,
  length,
});
/** A power failure. */
export const crash: WrittenOperation = { kind: "crash" };

/** Power fails, and a byte of the file is read. */
export function crashAndRead(id: string, file: string, offset = 0): readonly WrittenOperation[] {
  const fd = `${id}fd`;
  return [crash, open(fd, file), as(id, pread(fd, offset, 1))];
}

/** Another byte of a file, behind {@linkcode crashAndRead}. */
export function readAfterCrash(id: string, file: string, offset = 0): readonly WrittenOperation[] {
  return crashAndRead(id, file, offset).slice(1);
}
