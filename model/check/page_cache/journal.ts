/**
 * A journal's transactions: which are committed, and whether the flush before their commit record
 * succeeded. jbd2 numbers them by `tid`, which wraps.
 *
 * @module
 */
import type { Moment, Where } from "../observation.ts";
import type { FastCommit, TrackedInode } from "./fast_commits.ts";

/** A commit that is under way, or over. */
export interface Commit {
  readonly tid: number;
  readonly begin: Where;
  /** When no change could come into it any more; undefined if that was not seen. */
  closed: Where | undefined;
  end: Where | undefined;
  /** Where its commit record was handed to the device, which flushes its cache first. */
  flush: Where | undefined;
  /** The bio that carries its commit record, until it has ended; undefined if no line tells. */
  record: string | undefined;
}

/** The journal, or the log, of a device. */
export interface Journal {
  /** The last commits, in order. */
  readonly commits: Commit[];
  /** Fast commits, the last ones: what is durable then, its transactions do not tell. */
  readonly fast: FastCommit[];
  /** The highest transaction that is known to be committed. */
  committed: number | undefined;
  /** XFS: the log holds what was committed up to this sequence. */
  forced: number | undefined;
  /** The task that forced the log last, and the line. */
  forcedBy: number | undefined;
  forcedAt: number | undefined;
  /** XFS: when a checkpoint was last seen to be in the log. */
  checkpoint: Where | undefined;
}

/** A change of an inode of ext4. */
export interface LoggedChange {
  readonly where: Where;
  /** True if it has yet to join a transaction: a commit that is under way may wait for it or not. */
  readonly begins: boolean;
}

/** An inode and the log, as plain tracepoints show it. */
export interface InodeInLog {
  /** ext4: its last change. */
  logged: LoggedChange | undefined;
  /** XFS: when a checkpoint last began to hold it. */
  pinned: Where | undefined;
  /** XFS: when no checkpoint held it any more that was not in the log. */
  unpinned: Where | undefined;
  /** XFS: when the log had all that changed of it, but for times. */
  inLog: Where | undefined;
  /** XFS: checkpoints that have pinned it since its last change, by times alone. */
  pinsOfTimes: number;
  /** XFS: checkpoints that pin it; undefined if no line has told. */
  pins: number | undefined;
  /** ext4: what fast commits must hold of it. */
  readonly tracked: TrackedInode;
}

/** Commits that are remembered. */
const remembered = 64;

/** A journal of which nothing is known. */
export function createJournal(): Journal {
  return {
    commits: [],
    fast: [],
    committed: undefined,
    forced: undefined,
    forcedBy: undefined,
    forcedAt: undefined,
    checkpoint: undefined,
  };
}

/** An inode of which nothing is known. */
export function createInodeInLog(): InodeInLog {
  return {
    logged: undefined,
    pinned: undefined,
    unpinned: undefined,
    inLog: undefined,
    pinsOfTimes: 0,
    pins: undefined,
    tracked: { at: undefined, mapped: [], forgotten: undefined },
  };
}

/** True if transaction `one` is `other` or came after it (`tid_geq`). */
export function isFrom(one: number, other: number): boolean {
  return ((one - other) | 0) >= 0;
}

/**
 * A commit begins. Commits come one after the other: whatever came before is committed. False if the
 * end of the last one, or one in between, was not seen.
 */
export function commitBegun(journal: Journal, tid: number, begin: Where): boolean {
  const before = journal.commits.at(-1);
  // Numbers only grow: it is the journal of another file system, mounted from the device since.
  if (before !== undefined && !isFrom(tid, before.tid)) {
    journal.commits.length = 0;
    journal.committed = undefined;
    journal.fast.length = 0;
  }
  const last = journal.commits.at(-1);
  const next = last === undefined ||
    (last.end !== undefined && tid === ((last.tid + 1) >>> 0));
  committedUpTo(journal, tid - 1);
  journal.commits.push({
    tid,
    begin,
    closed: undefined,
    end: undefined,
    flush: undefined,
    record: undefined,
  });
  if (journal.commits.length > remembered) journal.commits.splice(0, remembered / 2);
  return next;
}

/** A commit has all changes that were made before. */
export function commitClosed(journal: Journal, tid: number, where: Where): void {
  const commit = commitOf(journal, tid);
  if (commit !== undefined && commit.end === undefined) commit.closed = where;
}

/** True if the commit surely has what was changed in a transaction then. */
export function hasChange(
  { begin, closed }: Commit,
  { where, begins }: LoggedChange,
  before: (one: Moment, other: Moment) => boolean,
): boolean {
  return before(where, begins ? begin : closed ?? begin);
}

/** The task that commits asks the device for a flush: with its commit record, which `record` carries. */
export function commitFlushes(journal: Journal, where: Where, record?: string): void {
  const last = journal.commits.at(-1);
  if (last === undefined || !commitsNow(journal, where)) return;
  last.flush = where;
  last.record = record;
}

/** A bio has ended: it may have carried a commit record. */
export function recordEnded({ commits }: Journal, bio: string): void {
  const last = commits.at(-1);
  if (last?.record === bio) last.record = undefined;
}

/** True if the line is of the task that commits a transaction just then. */
export function commitsNow({ commits }: Journal, { pid }: Where): boolean {
  const last = commits.at(-1);
  return last !== undefined && last.end === undefined && last.begin.pid === pid;
}

/**
 * True if something reached the journal or the log since, and the flush that comes with it was not
 * seen to be asked for.
 */
export function loggedUnflushed({ commits, checkpoint }: Journal, since: Moment): boolean {
  const commit = commits.findLast(({ flush }) => flush === undefined);
  if (commit?.end !== undefined && commit.end.line > since.line) return true;
  return checkpoint !== undefined && checkpoint.line > since.line;
}

/** A commit is over. */
export function commitEnded(journal: Journal, tid: number, end: Where): void {
  const commit = journal.commits.findLast((each) => each.tid === tid);
  if (commit !== undefined) commit.end = end;
  committedUpTo(journal, tid);
}

/** Transactions up to this one are committed, whether their commits were seen or not. */
export function committedUpTo(journal: Journal, tid: number): void {
  if (journal.committed === undefined || isFrom(tid, journal.committed)) journal.committed = tid;
}

/** The commit of a transaction, if it was seen. */
export function commitOf(journal: Journal, tid: number): Commit | undefined {
  return journal.commits.findLast((each) => each.tid === tid);
}
