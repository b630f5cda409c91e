/**
 * Fast commits of ext4: what one holds of an inode, by the lines that track the inode and its ranges.
 *
 * A fast commit writes the inodes that are in its queue, with the blocks that were tracked of each. What
 * is tracked while another is under way goes into the next one. So one that begins after a change was
 * tracked holds it. One whose last block was handed to the device before the change cannot: that block
 * is written when everything else of it is.
 *
 * @module
 */
import type { Moment, Where } from "../observation.ts";
import type { Blocks, FastCommitEndedSeen, FastCommitTracksSeen } from "./journal_observation.ts";

/** A fast commit, from its call to its return. */
export interface FastCommit {
  readonly begin: Where;
  end: Where | undefined;
  /** What came of it; undefined as long as it is under way. */
  how: FastCommitEndedSeen["how"] | undefined;
  /** Where its last block was handed to the device, which flushes its cache first. */
  flush: Where | undefined;
}

/** Blocks of a file that a transaction has mapped. */
interface MappedBlocks {
  readonly blocks: Blocks;
  readonly mapped: Where;
  /** When they were tracked: undefined if that was not seen. */
  tracked: Where | undefined;
}

/** What of an inode fast commits must hold. */
export interface TrackedInode {
  /** When it was tracked, the last time. */
  at: Where | undefined;
  /** Blocks that were mapped, the last ones. */
  mapped: MappedBlocks[];
  /** When the last of those was mapped that are forgotten. */
  forgotten: Where | undefined;
}

/** Fast commits, and blocks of an inode, that are remembered. */
const remembered = 64;

/** A fast commit begins. */
export function fastCommitBegun(commits: FastCommit[], begin: Where): void {
  commits.push({ begin, end: undefined, how: undefined, flush: undefined });
  if (commits.length > remembered) commits.splice(0, remembered / 2);
}

/** The task asks the device for a flush: if it makes a fast commit, with the last block of that. */
export function fastCommitFlushes(commits: readonly FastCommit[], where: Where): void {
  const commit = ofTask(commits, where);
  if (commit !== undefined) commit.flush = where;
}

/** A fast commit is over. Its beginning may not have been seen: then nobody knows what it holds. */
export function fastCommitEnded(
  commits: FastCommit[],
  { where, how }: Pick<FastCommitEndedSeen, "where" | "how">,
): void {
  let commit = ofTask(commits, where);
  if (commit === undefined) {
    commits.push(commit = { begin: where, end: undefined, how: undefined, flush: undefined });
  }
  commit.end = where;
  commit.how = how;
}

function ofTask(commits: readonly FastCommit[], { pid }: Where): FastCommit | undefined {
  return commits.findLast(({ begin, end }) => end === undefined && begin.pid === pid);
}

/** A transaction has mapped blocks of the file. */
export function blocksMapped(inode: TrackedInode, mapped: Where, blocks: Blocks): void {
  inode.mapped.push({ blocks, mapped, tracked: undefined });
  if (inode.mapped.length <= remembered) return;
  inode.forgotten = inode.mapped.splice(0, remembered / 2).at(-1)?.mapped;
}

/** The inode, or blocks of it, are tracked for the next fast commit. */
export function inodeTracked(
  inode: TrackedInode,
  { where, blocks }: Pick<FastCommitTracksSeen, "where" | "blocks">,
): void {
  if (blocks === undefined) {
    inode.at = where;
    return;
  }
  for (const each of inode.mapped) {
    const covered = blocks.first <= each.blocks.first && each.blocks.last <= blocks.last;
    if (each.tracked === undefined && covered) each.tracked = where;
  }
}

/** What of the inode had changed before a commit began needs no fast commit. */
export function dropCommitted(inode: TrackedInode, isBefore: (change: Where) => boolean): void {
  const { mapped, forgotten } = inode;
  if (forgotten !== undefined && isBefore(forgotten)) inode.forgotten = undefined;
  if (mapped.length === 0) return;
  inode.mapped = mapped.filter((each) => !isBefore(each.tracked ?? each.mapped));
}

/** What had been tracked before a fast commit began is in it, and needs no other. */
export function dropWritten(inode: TrackedInode, isBefore: (tracked: Where) => boolean): void {
  inode.mapped = inode.mapped.filter(({ tracked }) => tracked === undefined || !isBefore(tracked));
}

/**
 * The first fast commit that was seen to hold all that has changed of the inode.
 *
 * @param changed its last change; without one, nothing shows that a fast commit holds it
 */
export function fastCommitOf(
  commits: readonly FastCommit[],
  { at, mapped, forgotten }: TrackedInode,
  changed: Moment | undefined,
  surelyBefore: (one: Moment, other: Moment) => boolean,
): FastCommit | undefined {
  if (at === undefined || changed === undefined || forgotten !== undefined) return undefined;
  if (at.line < changed.line) return undefined;
  return commits.find(({ begin, how }) =>
    how === "written" && surelyBefore(at, begin) &&
    mapped.every(({ tracked }) => tracked !== undefined && surelyBefore(tracked, begin))
  );
}

/** True if none of the fast commits can hold what was tracked then: each was written before that. */
export function isInNone(
  commits: readonly FastCommit[],
  tracked: Moment,
  surelyBefore: (one: Moment, other: Moment) => boolean,
): boolean {
  return commits.every((commit) => {
    const { how, end, flush } = commit;
    if (end !== undefined && surelyBefore(end, tracked)) return true;
    // Of a transaction in its place, lines of its own tell.
    if (how === "full") return true;
    if (how === "skipped") return hasGivenWay(commits, commit);
    if (how === "unknown") return false;
    return flush !== undefined && surelyBefore(flush, tracked);
  });
}

/**
 * True if none of the fast commits can have been counted while a call went on: each had ended before, or
 * began later.
 */
export function noneCounted(
  commits: readonly FastCommit[],
  from: Moment,
  to: Moment,
  surelyBefore: (one: Moment, other: Moment) => boolean,
): boolean {
  return commits.every(({ how, begin, end }) =>
    how === "skipped" || how === "full" || surelyBefore(to, begin) ||
    (end !== undefined && surelyBefore(end, from))
  );
}

/** True if another was under way meanwhile. Where none was seen, the one that holds all may be unseen. */
function hasGivenWay(commits: readonly FastCommit[], { begin, end }: FastCommit): boolean {
  return commits.some((other) =>
    other.how !== "skipped" && other.how !== "full" &&
    other.begin.line < (end?.line ?? Infinity) &&
    (other.end === undefined || other.end.line > begin.line)
  );
}
