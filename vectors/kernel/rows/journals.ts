/**
 * Lines of jbd2's journal and of XFS's log.
 *
 * @module
 */
import type { CommitSeen } from "../../../model/check/page_cache/journal_observation.ts";
import { fileId } from "../file_ids.ts";
import type { CacheReading } from "./cache_reading.ts";
import { type CacheRow, type LineOutcome, probedOn, probedSince510 } from "./row.ts";
import { deviceOf, kernelDevice, numberIn, printedDevice } from "./words.ts";

function commit(
  source: string,
  kind: CommitSeen["kind"],
  says: string,
  anchor: CacheRow["anchor"],
  versions: string,
): CacheRow {
  return {
    source,
    words: "dev transaction",
    says,
    anchor,
    versions,
    read: (words) => {
      const dev = printedDevice(words);
      const tid = numberIn(words, "transaction");
      return dev === undefined || tid === undefined ? undefined : { kind, dev, tid };
    },
  };
}

/** `XFS_LOG_SYNC`. */
const LOG_SYNC = 1;

/** By `EXT4_FC_STATUS_*`: OK, INELIGIBLE, SKIPPED, FAILED. */
const outcomes = ["written", "full", "skipped", "full"] as const;

/** Before 6.0 it prints no `tid`, and its reasons are others. */
const STOPPED = /^dev (\d+,\d+) nblks -?\d+, reason (\d+), .*?(, tid \d+)?$/;
const TRACKED =
  /^dev (\d+:\d+), t_tid \d+, inode (\d+), i_sync_tid \d+, error (-?\d+)(?:, start (\d+), end (\d+))?$/;

/** The error of an inode that was tracked before in the same transaction, which is no failure. */
const EEXIST = 17;

/** The lines of 5.10, which it prints on file systems without fast commits, too. */
const FORMER_START = /^fast_commit started on dev \d+,\d+$/;
const FORMER_TRACK = /^dev \d+:\d+, inode \d+, error -?\d+(?:, start -?\d+, end -?\d+)?$/;
const FORMER_STOP = /^fc on \[(\d+,\d+)\] nblks -?\d+, reason (\d+), /;
/** EXT4_FC_REASON_OK and _ALREADY_COMMITTED; with the others the task waits for a whole commit next. */
const fastReasons: ReadonlySet<string> = new Set(["0", "2"]);

function stopped(body: string): LineOutcome<CacheReading> {
  const [, former = "", cause = ""] = FORMER_STOP.exec(body) ?? [];
  if (former !== "" && !fastReasons.has(cause)) return "nothing";
  const formerDev = deviceOf(former);
  if (formerDev !== undefined) {
    return { kind: "fast_commit_ended", dev: formerDev, how: "unknown", tid: undefined };
  }
  const [, device = "", reason = "", tid] = STOPPED.exec(body) ?? [];
  const dev = deviceOf(device);
  if (dev === undefined) return undefined;
  const how = tid === undefined ? undefined : outcomes[Number(reason)];
  const committed = tid === undefined ? undefined : Number(tid.replace(", tid ", ""));
  return { kind: "fast_commit_ended", dev, how: how ?? "unknown", tid: committed };
}

function tracked(body: string): LineOutcome<CacheReading> {
  if (FORMER_TRACK.test(body)) return "nothing";
  const [, device = "", ino, error, first, last] = TRACKED.exec(body) ?? [];
  const dev = deviceOf(device);
  if (dev === undefined) return undefined;
  if (Number(error) !== 0 && Number(error) !== -EEXIST) return "nothing";
  const blocks = first === undefined ? undefined : { first: Number(first), last: Number(last) };
  return { kind: "fast_commit_tracks", file: fileId(dev, Number(ino)), blocks };
}

/** The lines of journals and logs. */
export const journalRows: readonly CacheRow[] = [
  commit(
    "jbd2_start_commit",
    "commit_begun",
    "the transaction is being committed, and all before it are",
    "before",
    "5.10 to 7.3",
  ),
  commit(
    "jbd2_commit_flushing",
    "commit_closed",
    "all that was changed in a transaction up to here is in this one or before it; what is changed " +
      "from here on is not",
    "inside",
    "5.15 to 6.18",
  ),
  commit(
    "jbd2_end_commit",
    "commit_ended",
    "the transaction is committed; the line may come after a waiting fsync has returned",
    "after",
    "5.10 to 7.3",
  ),
  {
    source: "jbd2_log_wait_commit() returns",
    words: "dev tid seq ret",
    changes: "seq",
    says: "transactions up to j_commit_sequence are committed, or if it returned 0, up to this one",
    anchor: "after",
    versions: probedSince510,
    read: (words) => {
      const committed = numberIn(words, "seq");
      if (committed === undefined && numberIn(words, "ret") !== 0) return "nothing";
      const tid = committed ?? numberIn(words, "tid");
      if (tid === undefined) return undefined;
      return { kind: "committed_up_to", dev: kernelDevice(words), tid };
    },
  },
  {
    source: "ext4_fc_commit_start",
    words: "dev tid",
    says: "the task makes a fast commit, or waits for one, or for a commit",
    anchor: "before",
    versions: "5.10 to 7.3",
    read: (words, { body }) => {
      if (FORMER_START.test(body)) return "nothing";
      const dev = printedDevice(words);
      return dev === undefined ? undefined : { kind: "fast_commit_begun", dev };
    },
  },
  {
    source: "ext4_fc_commit_stop",
    words: "dev reason tid",
    says: "it has made one (reason 0), has made none (2), or a commit came instead of it",
    anchor: "after",
    versions: "5.10 to 7.3",
    read: (_, { body }) => stopped(body),
  },
  {
    source: "ext4_fc_track_inode",
    words: "dev inode error",
    says: "the next fast commit holds the inode",
    anchor: "after",
    versions: "6.12 to 7.3",
    read: (_, { body }) => tracked(body),
  },
  {
    source: "ext4_fc_track_range",
    words: "dev inode error start end",
    says: "the next fast commit holds where these blocks of the file lie",
    anchor: "after",
    versions: "6.12 to 7.3",
    read: (_, { body }) => tracked(body),
  },
  {
    source: "ext4_fc_commit() returns",
    words: "tid",
    says: "the transaction that the sync call has waited for",
    anchor: "after",
    versions: probedSince510,
    read: (words) => {
      const tid = numberIn(words, "tid");
      return tid === undefined ? undefined : { kind: "commit_waited", tid };
    },
  },
  {
    source: "xfs_log_force_seq() returns",
    words: "dev seq flags ret",
    says: "if it has waited and returned 0, the log holds what was committed up to this sequence",
    anchor: "after",
    versions: probedOn,
    read: (words) => {
      const dev = kernelDevice(words);
      const sequence = numberIn(words, "seq");
      const status = numberIn(words, "ret");
      if (dev === undefined || sequence === undefined || status === undefined) return undefined;
      // Without XFS_LOG_SYNC, as xfs_iunpin() asks, it has begun the write and not waited for it.
      const flags = numberIn(words, "flags") ?? LOG_SYNC;
      if ((flags & LOG_SYNC) === 0) return "nothing";
      return { kind: "log_forced", dev, sequence, failed: status !== 0 };
    },
  },
];
