/**
 * The inode's way into the journal or the log, as plain tracepoints show it. What transaction a call
 * needs they do not print; but a commit that began after the inode's last change holds all of it, and
 * an inode of XFS that no checkpoint pins has all of it in the log. Times that change after that are no
 * part of the way to the data.
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Moment, Where } from "../observation.ts";
import { dropCommitted, dropWritten, type FastCommit, fastCommitOf } from "./fast_commits.ts";
import { coverage, type Device, hasNoCache } from "./flush_epochs.ts";
import { type Commit, hasChange, type InodeInLog } from "./journal.ts";
import { countPins, loggedOf, needsChange } from "./needed_of_inode.ts";
import { afterwards, judgeReturn, owedAt } from "./promise.ts";
import type { SectorObservation } from "./sector_observation.ts";
import { mayRestOn } from "./part_of_file.ts";
import { diskOfFile, journalOf } from "./storage.ts";
import {
  isBefore,
  type PageCacheCheck,
  type PageCacheFile,
  pageCacheFile,
  type SyncCallInFlight,
} from "./subject.ts";

/** What a line says of an inode and the log. */
type InodeObservation = Extract<
  SectorObservation,
  { readonly kind: "inode_logged" | "inode_pinned" | "inode_unpinned" | "inode_map_changed" }
>;

/** Takes an inode past one line. */
export function inodeInLog(check: PageCacheCheck, seen: InodeObservation): void {
  const file = pageCacheFile(check, seen.file);
  const { inode } = file;
  if (seen.kind === "inode_pinned" || seen.kind === "inode_unpinned") {
    countPins(inode, callsOn(check, file), seen);
  }
  switch (seen.kind) {
    case "inode_logged":
      check.logging.add(seen.file.dev);
      if (seen.times) return;
      inode.logged = loggedOf(seen);
      return neededBy(check, file, seen);
    case "inode_pinned":
      // Where no change of a map is recorded, one may follow in the same checkpoint.
      if (seen.times && check.mapping.has(seen.file.dev)) {
        inode.pinsOfTimes++;
        return;
      }
      changed(inode, seen.where);
      return neededBy(check, file, seen);
    case "inode_map_changed":
      check.mapping.add(seen.file.dev);
      changed(inode, seen.where);
      return neededBy(check, file, seen);
    case "inode_unpinned":
      if (seen.pins <= 1) inode.unpinned = seen.where;
      // Checkpoints come into the log in their order: those that pin it still are the last ones.
      if (seen.pins <= 1 + inode.pinsOfTimes) inode.inLog ??= seen.where;
      journalOf(check, seen.file.dev).checkpoint = seen.where;
      return;
    default:
      return seen satisfies never;
  }
}

/**
 * Calls in flight may need the change, but for those that were entered before its own call was, and those
 * that owe nothing where it is.
 */
function neededBy(
  check: PageCacheCheck,
  file: PageCacheFile,
  seen: Parameters<typeof needsChange>[2],
): void {
  const { apart, part } = seen;
  for (const call of callsOn(check, file)) {
    if (apart !== undefined && isBefore(check, call.since, apart)) continue;
    if (part !== undefined && !mayRestOn(check, call, part)) continue;
    needsChange(call.needed, file.inode, seen);
  }
}

/** Sync calls in flight that owe something of the file. */
function* callsOn({ syncfs }: PageCacheCheck, file: PageCacheFile): Iterable<SyncCallInFlight> {
  yield* file.syncs;
  for (const { calls } of syncfs.values()) {
    for (const call of calls) if (call.file === file) yield call;
  }
}

function changed(inode: InodeInLog, where: Where): void {
  inode.pinned = where;
  inode.unpinned = inode.inLog = undefined;
  inode.pinsOfTimes = 0;
}

/**
 * True if all that had changed of the inode is in the journal or the log: by what the recording shows,
 * whatever the call needs of it.
 */
export function isInLog(check: PageCacheCheck, call: SyncCallInFlight): boolean {
  const { inode } = call.file;
  const since = inode.inLog ?? call.needed.inLog ?? committedSince(check, call)?.end ??
    fastCommitted(check, call)?.end;
  if (since === undefined) return false;
  const says = judgeReturn(afterwards(owedAt("uncommitted"), "committed", true));
  const { changed } = call.needed;
  if (says.get("META-2") === "kept" && changed !== undefined && since.line > call.since.line) {
    tick(check.findings.judged, "META-2");
  }
  return says.get("DUR-1") === "kept";
}

/** A fast commit that is over, was flushed, and holds all that has changed of the inode. */
export function fastCommitted(
  check: PageCacheCheck,
  { file }: SyncCallInFlight,
): FastCommit | undefined {
  const { logged, tracked } = file.inode;
  const { fast, commits } = journalOf(check, file.id.dev);
  if (fast.length === 0 || !check.logging.has(file.id.dev)) return undefined;
  const before = (one: Moment, other: Moment): boolean => isBefore(check, one, other);
  const device = diskOfFile(check, file.id);
  const last = commits.findLast((commit) => isFlushed(device, commit, before));
  if (last !== undefined) {
    dropCommitted(tracked, (where) => hasChange(last, { where, begins: false }, before));
  }
  const commit = fastCommitOf(fast, tracked, logged?.where, before);
  if (commit === undefined || !isFlushed(device, commit, before)) return undefined;
  dropWritten(tracked, (change) => before(change, commit.begin));
  return commit;
}

/** True if it is over, and was on the media then. */
function isFlushed(
  device: Device,
  { end, flush }: Pick<Commit, "end" | "flush">,
  before: (one: Moment, other: Moment) => boolean,
): boolean {
  if (end === undefined) return false;
  if (hasNoCache(device)) return true;
  return flush !== undefined && coverage(device, flush, before).kind === "covered";
}

/** A commit that is over, was flushed, and has the last change that the call needs. */
function committedSince(
  check: PageCacheCheck,
  { file, needed: { logged } }: SyncCallInFlight,
): Commit | undefined {
  if (!check.logging.has(file.id.dev)) return undefined;
  const device = diskOfFile(check, file.id);
  const before = (one: Moment, other: Moment): boolean => isBefore(check, one, other);
  return check.journals.get(file.id.dev)?.commits.find((commit) =>
    (logged === undefined || hasChange(commit, logged, before)) && isFlushed(device, commit, before)
  );
}
