/**
 * What programs say of what they wrote, removed and read: bytes of a file and their value.
 *
 * @module
 */
import type { FileId, Where } from "../observation.ts";
import type { ByteRange } from "./byte_range.ts";

/** A program begins to change bytes. */
export interface ChangeBegunSeen {
  readonly kind: "change_begun";
  readonly where: Where;
  /** Names the change until its end. */
  readonly change: number;
  readonly file: FileId;
  readonly range: ByteRange;
  readonly by: "direct" | "write" | "removal";
  /** What each of the bytes is afterwards; undefined if the program does not say. */
  readonly value: number | undefined;
}

/** The change is over. */
export interface ChangeEndedSeen {
  readonly kind: "change_ended";
  readonly where: Where;
  readonly change: number;
  /** False if it failed, or its end was not seen. */
  readonly done: boolean;
}

/** A program has read bytes of one page, and all had this value. */
export interface ValueReadSeen {
  readonly kind: "value_read";
  readonly where: Where;
  /** The program's line before the read. */
  readonly since: Where;
  readonly file: FileId;
  readonly pgoff: number;
  readonly value: number;
}

/** Everything that programs say of values. */
export type ValueObservation = ChangeBegunSeen | ChangeEndedSeen | ValueReadSeen;
