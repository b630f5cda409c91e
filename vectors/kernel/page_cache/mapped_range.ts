/**
 * A mapping of a file, as mmap was asked for it.
 *
 * @module
 */

/** Addresses [from, to) of a process, and where in its file they begin. */
export interface MappedRange {
  readonly owner: string;
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}
