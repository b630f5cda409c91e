/**
 * What a recording shows of hole punches, truncations, and ranges that collapse or open.
 *
 * @module
 */
import type { Removal } from "../../event.ts";
import type { FileId, Where } from "../observation.ts";
import type { ByteRange } from "./byte_range.ts";

/** A call that takes pages from a file is known: its first line that names the file. */
export interface RemovalBegunSeen {
  readonly kind: "removal_begun";
  readonly where: Where;
  /** Names the call until its end. */
  readonly call: number;
  /** Entry of the system call. */
  readonly since: Where;
  readonly file: FileId;
  readonly why: Removal;
  /** Bytes that the call takes away, or the place from which on it moves them. */
  readonly range: ByteRange;
}

/** `truncate_inode_pages_range` is entered, in whatever call: bytes are cut out of the file. */
interface FileCutSeen {
  readonly kind: "file_cut";
  readonly where: Where;
  readonly file: FileId;
}

/** `truncate_inode_pages_range` is entered within the call. */
export interface CutBegunSeen {
  readonly kind: "cut_begun";
  readonly where: Where;
  readonly call: number;
  readonly range: ByteRange;
}

/** `truncate_inode_pages_range` has returned. */
export interface CutEndedSeen {
  readonly kind: "cut_ended";
  readonly where: Where;
  readonly call: number;
  readonly range: ByteRange;
}

/** The call has returned. */
export interface RemovalEndedSeen {
  readonly kind: "removal_ended";
  readonly where: Where;
  readonly call: number;
  /** 0, a negative errno, or undefined if the line that would tell is missing. */
  readonly result: number | undefined;
  /** True if the file system is one that holds invalidate_lock exclusive meanwhile. */
  readonly locks: boolean;
}

/** Everything that a recording shows of removals. */
export type RemovalObservation =
  | RemovalBegunSeen
  | FileCutSeen
  | CutBegunSeen
  | CutEndedSeen
  | RemovalEndedSeen;
