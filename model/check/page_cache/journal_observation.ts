/**
 * What a recording shows of journals and logs.
 *
 * @module
 */
import type { FileId, Where } from "../observation.ts";

/** Blocks of a file, counted as the file system does, both included. */
export interface Blocks {
  readonly first: number;
  readonly last: number;
}

/**
 * The journal of a device begins to commit a transaction, closes it, or is done with it. One that is closed
 * has all changes up to then: those that others made while it waited for them, too.
 */
export interface CommitSeen {
  readonly kind: "commit_begun" | "commit_closed" | "commit_ended";
  readonly where: Where;
  readonly dev: string;
  readonly tid: number;
}

/** ext4: the task is about to make a fast commit, of what was tracked in the running transaction. */
interface FastCommitBegunSeen {
  readonly kind: "fast_commit_begun";
  readonly where: Where;
  readonly dev: string;
}

/** ext4: the task is done with that. */
export interface FastCommitEndedSeen {
  readonly kind: "fast_commit_ended";
  readonly where: Where;
  readonly dev: string;
  /**
   * What came of it: one was written, or what others have committed was taken for it, or a commit of
   * the whole transaction was made.
   */
  readonly how: "written" | "skipped" | "full" | "unknown";
  /** The transaction that was to be committed; undefined if nothing tells. */
  readonly tid?: number | undefined;
}

/** ext4: the next fast commit holds the inode, or these blocks of it. */
export interface FastCommitTracksSeen {
  readonly kind: "fast_commit_tracks";
  readonly where: Where;
  readonly file: FileId;
  /** Undefined if it is the inode. */
  readonly blocks: Blocks | undefined;
}

/** ext4: a transaction has mapped these blocks of the file. */
interface BlocksMappedSeen {
  readonly kind: "blocks_mapped";
  readonly where: Where;
  readonly file: FileId;
  readonly blocks: Blocks;
}

/** What a line says of a fast commit. */
export type FastCommitObservation =
  | FastCommitBegunSeen
  | FastCommitEndedSeen
  | FastCommitTracksSeen
  | BlocksMappedSeen;

/** The journal said that transactions up to this one are committed. */
interface CommittedUpToSeen {
  readonly kind: "committed_up_to";
  readonly where: Where;
  readonly dev: string;
  readonly tid: number;
}

/** `xfs_log_force_seq` has returned: the log holds what was committed up to this sequence. */
export interface LogForcedSeen {
  readonly kind: "log_forced";
  readonly where: Where;
  readonly dev: string;
  readonly sequence: number;
  readonly failed: boolean;
}

/** What a line says of a journal, or of a log. */
export type JournalObservation =
  | CommitSeen
  | CommittedUpToSeen
  | FastCommitObservation
  | LogForcedSeen;
