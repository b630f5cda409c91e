/**
 * syncfs: a sync call on every file of one file system (DUR-1). Which one a line inside the call tells, so
 * until then it owes what is unsafe of all.
 *
 * It finds inodes on a list, and `__mark_inode_dirty` puts an inode there after its folio was marked. So a
 * folio counts as dirty once its task has left the call or the fault in which it marked it.
 *
 * @module
 */
import type { Where } from "../observation.ts";
import { leaveCallOpen } from "./findings.ts";
import { neededOf } from "./needed_of_inode.ts";
import { owe, release } from "./owed.ts";
import type { SyncfsObservation } from "./syncfs_observation.ts";
import { isOfDevice } from "./silent_syncs.ts";
import { journalOf } from "./storage.ts";
import {
  isBefore,
  type Owed,
  type PageCacheCheck,
  type PageCacheFile,
  type SyncCallInFlight,
} from "./subject.ts";
import { countData, judgeCall } from "./sync_calls.ts";
import type { Unjudged } from "./why.ts";

/** Takes the check past one line of syncfs. */
export function syncfs(check: PageCacheCheck, seen: SyncfsObservation): void {
  switch (seen.kind) {
    case "dirtying_over":
      check.dirtyingOver.set(seen.where.pid, seen.where);
      return;
    case "syncs_shown":
      check.findings.synced.add(seen.dev);
      return;
    case "syncfs_entered":
      check.syncfs.set(seen.call, { dev: undefined, calls: [...entered(check, seen.where)] });
      return;
    case "syncfs_told":
      check.findings.synced.add(seen.dev);
      return seen.call === undefined ? undefined : told(check, seen.call, seen.dev);
    case "syncfs_left":
      return left(check, seen.call, seen.status, seen.where);
    default:
      return seen satisfies never;
  }
}

function* entered(check: PageCacheCheck, since: Where): Iterable<SyncCallInFlight> {
  const open = new Set<Unjudged>();
  for (const file of check.files.values()) {
    if (file.unsafe.size + file.pieces.length === 0 || isOfDevice(file.id)) continue;
    const call = callOn(check, file, since, open);
    owe(check, call);
    for (const owed of call.owed.filter((each) => !isListed(check, each, since))) {
      owed.perhaps = true;
      // The return of its write would have been seen: it is under way.
      if (owed.folio.dirtiedBy !== "write") continue;
      release(owed);
      call.owed.splice(call.owed.indexOf(owed), 1);
    }
    if (call.owed.length + file.pieces.length > 0) yield call;
  }
}

function callOn(
  check: PageCacheCheck,
  file: PageCacheFile,
  since: Where,
  open: Set<Unjudged>,
): SyncCallInFlight {
  return {
    id: "DUR-1",
    since,
    file,
    // It looks for errors of the file system, and not of the file.
    descriptor: undefined,
    untold: false,
    range: { from: 0, to: Infinity },
    partly: false,
    owed: [],
    metadata: undefined,
    required: undefined,
    needed: neededOf(file.inode),
    waited: undefined,
    settled: undefined,
    committed: journalOf(check, file.id.dev).committed,
    forced: undefined,
    reported: false,
    looked: false,
    open,
  };
}

/** True if the folio's inode was surely on the list of dirty ones by then. */
function isListed(check: PageCacheCheck, { stage, folio }: Owed, since: Where): boolean {
  const { dirty } = folio;
  if (stage !== "dirty" || dirty === undefined) return true;
  if (dirty.pid === since.pid) return true;
  const over = check.dirtyingOver.get(dirty.pid);
  return over !== undefined && over.line > dirty.line && isBefore(check, over, since);
}

function told(check: PageCacheCheck, call: number, dev: string): void {
  const inFlight = check.syncfs.get(call);
  if (inFlight === undefined || inFlight.dev !== undefined) return;
  inFlight.dev = dev;
  for (const { file, owed } of inFlight.calls) {
    if (file.id.dev !== dev) { for (const each of owed) release(each); }
  }
  inFlight.calls = inFlight.calls.filter(({ file }) => file.id.dev === dev);
}

function left(
  check: PageCacheCheck,
  call: number,
  status: number | undefined,
  where: Where,
): void {
  const inFlight = check.syncfs.get(call);
  check.syncfs.delete(call);
  if (inFlight === undefined) return;
  const { dev, calls } = inFlight;
  // An error of the file system is reported once to every open file, and two calls may have one.
  if (status !== 0) {
    for (const other of check.syncfs.values()) {
      for (const each of other.calls) each.reported = true;
    }
  }
  if (dev === undefined) {
    const mayOwe = calls.filter(({ owed }) => owed.some(({ data }) => data));
    const devices = mayOwe.map(({ file }) => file.id.dev);
    if (status === 0 && mayOwe.length > 0) check.findings.unnamed.push({ where, devices });
  } else {
    check.findings.numbers.syncs += Math.max(1, calls.length);
    for (const each of calls) {
      if (status === 0) judgeCall(check, each, where);
      else if (status === undefined && countData(check, each.owed) > 0) {
        leaveCallOpen(check.findings, each, "return", each.since);
      }
    }
  }
  for (const { owed } of calls) {
    for (const each of owed) if (each.returned === undefined) release(each);
  }
}
