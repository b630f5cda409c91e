/**
 * Bytes of a file that a line tells of.
 *
 * @module
 */
import type { Where } from "../observation.ts";

/** Bytes [from, to) of a file, and the line that tells of them. */
export interface BytesSeen {
  readonly from: number;
  readonly to: number;
  readonly where: Where;
}
