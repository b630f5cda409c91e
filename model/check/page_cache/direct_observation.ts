/**
 * What a recording shows of direct I/O, and of who finds a folio uptodate.
 *
 * @module
 */
import type { FileId, Where } from "../observation.ts";
import type { ByteRange } from "./byte_range.ts";

/** Direct I/O to a file begins: nothing of it has reached the device. */
export interface DirectBegunSeen {
  readonly kind: "direct_begun";
  readonly where: Where;
  /** Names the request until its end. */
  readonly request: number;
  readonly file: FileId;
  /** Bytes. */
  readonly range: ByteRange;
  /** Undefined if a later line may tell. */
  readonly writes: boolean | undefined;
}

/** A line of the request tells that it writes, or reads. */
interface DirectToldSeen {
  readonly kind: "direct_told";
  readonly where: Where;
  readonly request: number;
  readonly writes: boolean;
}

/** `invalidate_inode_pages2_range` has returned, within a request. */
export interface DirectInvalidatedSeen {
  readonly kind: "direct_invalidated";
  readonly where: Where;
  readonly request: number;
  /** True if it is the second of the request, after the I/O. */
  readonly again: boolean;
  /** A folio could not be removed. */
  readonly failed: boolean;
}

/** At the end of the I/O an unwritten extent was converted, or the second invalidation begins. */
export interface DirectEndingSeen {
  readonly kind: "direct_converted" | "direct_invalidates_again";
  readonly where: Where;
  readonly request: number;
}

/** The request is over. */
export interface DirectEndedSeen {
  readonly kind: "direct_ended";
  readonly where: Where;
  readonly request: number;
  /** Bytes, a negative errno, or undefined if the line that would tell is missing. */
  readonly result: number | undefined;
}

/** A read, or a fault, has found the page's folio uptodate. */
export interface FolioFoundSeen {
  readonly kind: "folio_found";
  readonly where: Where;
  readonly file: FileId;
  readonly pgoff: number;
}

/** Everything that a recording shows of direct I/O. */
export type DirectObservation =
  | DirectBegunSeen
  | DirectToldSeen
  | DirectInvalidatedSeen
  | DirectEndingSeen
  | DirectEndedSeen
  | FolioFoundSeen;
