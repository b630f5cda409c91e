/**
 * A scenario: files as they are at the start, and processes that work on them at the same time.
 *
 * @module
 */
import { pageSize, pmdPages } from "../page_size.ts";
import type { Operation } from "./operation.ts";

/** Bytes that one PMD maps. */
export const pmdSize = pmdPages * pageSize;

/** Bytes that no device has on which vectors run: fallocate of so many finds no room. */
export const moreThanThereIs = 2 ** 41;

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
  /** Ranges that have blocks, by offset; everything else is a hole. */
  readonly extents: readonly Extent[];
}

/** A process: its operations run in this order, one at a time. */
export interface Process {
  /** Unique in the scenario: `P1`. */
  readonly name: string;
  /** What it asks, in its order. */
  readonly operations: readonly Operation[];
}

/** What runs. */
export interface Scenario {
  /** Files by their names. */
  readonly files: { readonly [name: string]: FileStart };
  /** Who works on them, all at the same time. */
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
