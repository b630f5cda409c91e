/**
 * A scenario: files as they are at the start, and processes that work on them at the same time.
 *
 * @module
 */
import { pageSize, pmdPages } from "../page_size.ts";
import type { Operation } from "./operation.ts";

/** Bytes that one PMD maps. */
export const pmdSize = pmdPages * pageSize;

/** A range of a file that has blocks at the start; everything else is a hole. */
export type Extent =
  /** Written and durable: every byte is `value`. */
  | {
    readonly kind: "data";
    readonly offset: number;
    readonly length: number;
    readonly value: number;
  }
  /** Allocated, reads as zeros. */
  | { readonly kind: "unwritten"; readonly offset: number; readonly length: number };

/** A file before anybody runs: durable, and nothing of it is cached. */
export interface FileStart {
  /** Bytes. */
  readonly size: number;
  readonly extents: readonly Extent[];
}

/** A process: its operations run in this order, one at a time. */
export interface Process {
  readonly name: string;
  readonly operations: readonly Operation[];
}

/** What runs. */
export interface Scenario {
  readonly files: { readonly [name: string]: FileStart };
  readonly processes: readonly Process[];
}

/** The file system that it runs on. */
export interface Medium {
  readonly cache: "page_cache" | "dax";
  /** Pages under writeback do not change. */
  readonly stableWrites: boolean;
  /** Bytes in a block of the file system; divides a page. */
  readonly blockSize: number;
}

/** All operations, process by process. */
export function operationsOf({ processes }: Scenario): readonly Operation[] {
  return processes.flatMap(({ operations }) => operations);
}
