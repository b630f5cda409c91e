/**
 * Bytes of a file.
 *
 * @module
 */

/** Bytes [from, to). */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}
