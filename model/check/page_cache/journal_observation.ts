/**
 * What a recording shows of journals and logs.
 *
 * @module
 */
import type { Where } from "../observation.ts";

/** The journal of a device begins to commit a transaction, or is done with one. */
export interface CommitSeen {
  readonly kind: "commit_begun" | "commit_ended";
  readonly where: Where;
  readonly dev: string;
  readonly tid: number;
}

/** The journal of a device has made a fast commit, of some of what its running transaction holds. */
interface FastCommitSeen {
  readonly kind: "fast_commit";
  readonly where: Where;
  readonly dev: string;
}

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
export type JournalObservation = CommitSeen | CommittedUpToSeen | FastCommitSeen | LogForcedSeen;
