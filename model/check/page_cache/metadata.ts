/**
 * The way to the data: the transaction, or the part of the log, that a sync call must see committed
 * before it returns 0.
 *
 * @module
 */
import { tick } from "../findings.ts";
import type { Where } from "../observation.ts";
import { breachOf, leaveCallOpen, leaveOpen } from "./findings.ts";
import type { Unjudged } from "./why.ts";
import { coverage, hasNoCache } from "./flush_epochs.ts";
import { fastCommitted, isInLog } from "./inode_in_log.ts";
import { diskOf } from "./sectors.ts";
import { commitOf, isFrom, type Journal } from "./journal.ts";
import { afterwards, judgeReturn, owedAt } from "./promise.ts";
import type { Agreement, FittingStates } from "./state_sets.ts";
import { diskOfFile, journalOf } from "./storage.ts";
import { isBefore, type PageCacheCheck, type SyncCallInFlight } from "./subject.ts";
import { uncommittedBlocks } from "./uncommitted_blocks.ts";

/** How surely something is committed: by a seen commit whose flush succeeded, perhaps, or not. */
interface Committed {
  readonly set: FittingStates;
  readonly why: Unjudged;
  readonly because: readonly Where[];
}

/**
 * True if the metadata that the call needs is safe, or nothing tells that it needs any. Where no line has
 * told the inode's transactions, it needs the one that it has waited for.
 */
export function judgeMetadata(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  where: Where,
): boolean {
  const { required, waited } = call;
  const lost = uncommittedBlocks(check, call);
  if (lost !== undefined && judgeReturn(owedAt("uncommitted")).get("DUR-1") === "broken") {
    const breach = breachOf(call.id, {
      file: call.file.id,
      pgoffs: [lost.folio.index],
      at: where,
      because: [call.since, ...lost.because],
    });
    check.findings.absent.push({ breach, missing: "commit" });
    return false;
  }
  if (required === undefined) {
    if (isInLog(check, call)) return true;
    if (waited !== undefined) {
      const journal = journalOf(check, call.file.id.dev);
      const committed = transaction(check, call, journal, waited, undefined);
      return judge(check, call, call.id, committed, where);
    }
    if (call.owed.every(({ data }) => !data)) return true;
    leavePathOpen(check, call, whyUnknown(check, call), where);
    return false;
  }
  const journal = journalOf(check, call.file.id.dev);
  if (required.journal === "xfs") {
    if (required.sequence === undefined) return true;
    // What somebody else has forced meanwhile pins the inode no more, and the call forces nothing.
    const { unpinned } = call.file.inode;
    const owed = owedAt("uncommitted");
    const unheld = unpinned !== undefined && unpinned.line > call.since.line;
    // A log that was forced so far before the call would hold the inode pinned no more: another file
    // system was mounted from the device since, whose sequences begin anew, or the clocks are not exact.
    const forced = call.forced !== undefined && call.forced >= required.sequence;
    const before = journal.forced !== undefined && journal.forced >= required.sequence;
    const bare = unheld ? undefined : unwrittenSince(check, call);
    const isBare = bare !== undefined && (forced || before);
    const mayBeThere = bare !== undefined && isLogUnderWay(check, bare);
    const committed: Committed = {
      set: isBare && !mayBeThere
        ? owed
        : afterwards(owed, "committed", unheld || (forced && !mayBeThere)),
      why: "commit",
      because: bare === undefined ? [] : [bare],
    };
    if (required.map) judge(check, call, "META-2", committed, where);
    return judge(check, call, call.id, committed, where);
  }
  const entry = call.metadata?.journal === "jbd2" ? call.metadata : undefined;
  const { mapTid } = entry ?? required;
  const before = call.committed;
  if (before === undefined || !isFrom(before, mapTid)) {
    const committed = transaction(check, call, journal, mapTid, entry?.mapTid);
    judge(check, call, "META-2", committed, where);
  }
  // Others may raise what the inode needs while the call is under way: what it waited for is exact.
  const tid = waited !== undefined && (entry === undefined || isFrom(waited, entry.tid))
    ? waited
    : required.tid;
  return judge(check, call, call.id, transaction(check, call, journal, tid, entry?.tid), where);
}

/**
 * XFS: when a transaction changed the inode, if the log cannot have that: of this disk writes with
 * REQ_FUA are recorded, as every commit record is one, and on no device has one ended since.
 */
function unwrittenSince(
  check: PageCacheCheck,
  { file, since }: SyncCallInFlight,
): Where | undefined {
  const { fuaEnds, sectors } = check;
  const { pinned } = file.inode;
  if (pinned === undefined || pinned.line > since.line) return undefined;
  const { dev } = file.id;
  if (!fuaEnds.has(dev) && !fuaEnds.has(diskOf(sectors, dev))) return undefined;
  const written = [...fuaEnds.values()].some((end) => !isBefore(check, end, pinned));
  return written ? undefined : pinned;
}

/** True if a commit record may be on its way, and has not been seen to end: its end may be missing. */
function isLogUnderWay(check: PageCacheCheck, pinned: Where): boolean {
  return [...check.fuaBios.values()].some((queued) => !isBefore(check, queued, pinned));
}

function transaction(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  journal: Journal,
  tid: number,
  entry: number | undefined,
): Committed {
  const owed = owedAt("uncommitted");
  const maybe = afterwards(owed, "committed", false);
  const { committed, fast } = journal;
  if (fast.length > 0 && (committed === undefined || !isFrom(committed, tid))) {
    const isThere = fastCommitted(check, call) !== undefined;
    const set = isThere ? afterwards(owed, "committed", true) : maybe;
    return { set, why: "fast_commit", because: [] };
  }
  if (committed === undefined) {
    // Without a journal, ext4 keeps no transaction in the inode.
    return { set: maybe, why: tid === 0 && isSilent(journal) ? "journal" : "commit", because: [] };
  }
  if (!isFrom(committed, tid)) {
    // Others may have raised what the inode needs since the call looked at it.
    const { waited } = call;
    const perhaps = entry === undefined || isFrom(committed, entry) ||
      (waited !== undefined && isFrom(waited, tid));
    const set = perhaps ? maybe : owed;
    return { set, why: "commit", because: [] };
  }
  const commit = commitOf(journal, tid);
  const surely: Committed = {
    set: afterwards(owed, "committed", true),
    why: "commit",
    because: [],
  };
  if (commit === undefined) return surely;
  if (commit.flush === undefined) {
    const device = diskOfFile(check, call.file.id);
    return hasNoCache(device) ? surely : { ...surely, set: maybe, why: "flush" };
  }
  // Its number is out before its record is written, or the end of the record is missing.
  if (commit.record !== undefined) return { ...surely, set: maybe };
  const covered = coverage(
    diskOfFile(check, call.file.id),
    commit.flush,
    (one, other) => isBefore(check, one, other),
  );
  if (covered.kind === "covered") return surely;
  const failed = covered.kind === "bare" ? covered.failed : undefined;
  const because = [
    commit.begin,
    commit.flush,
    ...failed?.failed === undefined ? [] : [failed.failed],
  ];
  return covered.kind === "unknown"
    ? { set: maybe, why: "flush", because }
    : { set: owed, why: "flush", because };
}

/** The `id` of META-2 asks for META-2; any other asks whether the data can be reached. */
function judge(
  check: PageCacheCheck,
  call: SyncCallInFlight,
  id: string,
  { set, why, because }: Committed,
  where: Where,
): boolean {
  const says: Agreement | undefined = judgeReturn(set).get(id === "META-2" ? id : "DUR-1");
  if (says === "kept") {
    if (id === "META-2") tick(check.findings.judged, id);
    return true;
  }
  if (says === "broken") {
    const breach = breachOf(id, {
      file: call.file.id,
      pgoffs: [],
      at: where,
      because: [call.since, ...because],
    });
    // A flush that failed is shown; that no other has succeeded, and that none came at all, is an absence.
    check.findings.absent.push({ breach, missing: why });
  } else if (id === call.id) leavePathOpen(check, call, why, where);
  else leaveOpen(check.findings, id, why, where);
  return false;
}

/** The way to the data is not known: where the data itself may be missing, that is asked for first. */
function leavePathOpen(
  { findings }: PageCacheCheck,
  call: SyncCallInFlight,
  why: Unjudged,
  where: Where,
): void {
  if (call.owed.some(({ returned }) => returned !== undefined)) return;
  leaveCallOpen(findings, call, why, where);
}

/** What is missing where no line tells what the call needs of the journal or the log. */
function whyUnknown(check: PageCacheCheck, { file: { id: { dev } } }: SyncCallInFlight): Unjudged {
  const journal = journalOf(check, dev);
  if (journal.fast.length > 0) return "fast_commit";
  return check.logging.has(dev) && isSilent(journal) ? "journal" : "transaction";
}

/** True if no commit of it is known: it may have none at all, as an ext4 without a journal. */
function isSilent({ commits, committed }: Journal): boolean {
  return commits.length === 0 && committed === undefined;
}
