/**
 * A mapping of a file, and what mmap was asked for.
 *
 * @module
 */

import type { Moment } from "../../../model/check/observation.ts";

/** Addresses [from, to) of a process, and where in its file they begin. */
export interface MappedRange {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
  /** False for MAP_PRIVATE: a store there makes a copy of the page, and the file does not change. */
  readonly shared: boolean;
  /** When nothing was mapped there, or no more than for reads: mmap, or the last madvise or mprotect. */
  readonly bare: Moment;
}

/** Memory that a call maps, at an address that it returns; `offset` is undefined if it is of no file. */
export interface AskedMapping {
  readonly length: number;
  readonly offset: number | undefined;
  readonly shared: boolean;
}
