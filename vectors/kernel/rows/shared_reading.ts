/**
 * What one line says that concerns DAX files and the page cache alike, before it is known what its task
 * is doing.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import type { Metadata } from "../../../model/check/page_cache/observation.ts";
import type { Order } from "../../../model/xarray.ts";

/** How a DAX fault ended, as far as it matters. */
export type FaultEnd =
  | "mapped"
  | "unknown"
  /** Nothing was mapped, and the access failed: the task gets a signal. */
  | "failed"
  /** Nothing of the file was mapped: a private copy was, or the access is tried again. */
  | "none"
  | "retry"
  | "fallback"
  /** MAP_SYNC: fsync comes first, then dax_insert_pfn_mkwrite. */
  | "sync-pending";

/** A page of a file, and where it is mapped. */
export interface AtPage {
  readonly file: FileId;
  readonly pgoff: number;
  /** `vmf->address`: of user space, aligned to the page. */
  readonly address: number;
  /** False for a private mapping. */
  readonly shared: boolean;
  /** The step as a diagram shows it. */
  readonly text: string;
}

/** The first line of a DAX fault. */
export interface FaultBegun extends AtPage {
  readonly order: Order;
  readonly write: boolean;
  /** Pages of the file, told of an attempt at 2 MiB only. */
  readonly pages: number | undefined;
}

/** The last line of a DAX fault. */
export interface FaultEnded extends FaultBegun {
  /** The event of its first line. */
  readonly begin: string;
  /** FAULT_FLAG_MKWRITE: the PTE was there, read-only. */
  readonly mkwrite: boolean;
  readonly result: FaultEnd;
  /** VM_FAULT_MAJOR: the block was allocated; undefined if the result is not told. */
  readonly major: boolean | undefined;
}

/** The end of a fault in a MAP_SYNC mapping, after its fsync. */
interface SyncMapped extends AtPage {
  /** VM_FAULT_NOPAGE: the page is writable. */
  readonly mapped: boolean;
}

/** What one line says. */
export type SharedReading =
  /** The CPU has faulted: whether a PTE was there that forbids the access. */
  | {
    readonly kind: "user_fault";
    readonly found: "nothing" | "protected";
    /** Not aligned; text if it is the kernel's. */
    readonly address: number | string;
  }
  | ({ readonly kind: "dax_fault_ended" } & FaultEnded)
  | ({ readonly kind: "sync_fault_mapped" } & SyncMapped)
  | {
    readonly kind: "sync_function";
    readonly file: FileId;
    readonly descriptor: string | undefined;
    readonly metadata: Metadata | undefined;
  }
  | {
    readonly kind: "sync_function_left";
    readonly file: FileId;
    readonly descriptor: string | undefined;
    readonly metadata: Metadata | undefined;
    readonly status: number | undefined;
  }
  /** A removal by the task is of this file. */
  | { readonly kind: "removal_named"; readonly file: FileId }
  /** A truncate by the task is of this file; bytes from `newSize` on go. */
  | { readonly kind: "truncate_named"; readonly file: FileId; readonly newSize: number };
