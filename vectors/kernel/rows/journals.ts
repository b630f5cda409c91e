/**
 * Lines of jbd2's journal and of XFS's log.
 *
 * @module
 */
import { type CacheRow, probedOn } from "./row.ts";
import { kernelDevice, numberIn, printedDevice } from "./words.ts";

function commit(source: string, kind: "commit_begun" | "commit_ended"): CacheRow {
  return {
    source,
    words: "dev transaction",
    says: kind === "commit_begun"
      ? "the transaction is being committed, and all before it are"
      : "the transaction is committed; the line may come after a waiting fsync has returned",
    anchor: kind === "commit_begun" ? "before" : "after",
    versions: "5.10 to 7.3",
    read: (words) => {
      const dev = printedDevice(words);
      const tid = numberIn(words, "transaction");
      return dev === undefined || tid === undefined ? undefined : { kind, dev, tid };
    },
  };
}

/** The lines of journals and logs. */
export const journalRows: readonly CacheRow[] = [
  commit("jbd2_start_commit", "commit_begun"),
  commit("jbd2_end_commit", "commit_ended"),
  {
    source: "jbd2_log_wait_commit() returns",
    words: "dev tid seq ret",
    changes: "seq",
    says: "transactions up to j_commit_sequence are committed, or if it returned 0, up to this one",
    anchor: "after",
    versions: probedOn,
    read: (words) => {
      const dev = kernelDevice(words);
      const committed = numberIn(words, "seq");
      if (committed === undefined && numberIn(words, "ret") !== 0) return "nothing";
      const tid = committed ?? numberIn(words, "tid");
      if (dev === undefined || tid === undefined) return undefined;
      return { kind: "committed_up_to", dev, tid };
    },
  },
  {
    source: "ext4_fc_commit_stop",
    words: "dev",
    says: "a fast commit is over; which changes it holds is not read",
    anchor: "after",
    versions: "6.18",
    read: (words) => {
      const dev = printedDevice(words);
      return dev === undefined ? undefined : { kind: "fast_commit", dev };
    },
  },
  {
    source: "ext4_fc_commit() returns",
    words: "tid",
    says: "the transaction that the sync call has waited for",
    anchor: "after",
    versions: probedOn,
    read: (words) => {
      const tid = numberIn(words, "tid");
      return tid === undefined ? undefined : { kind: "commit_waited", tid };
    },
  },
  {
    source: "xfs_log_force_seq() returns",
    words: "dev seq ret",
    says: "if it returned 0, the log holds what was committed up to this sequence",
    anchor: "after",
    versions: probedOn,
    read: (words) => {
      const dev = kernelDevice(words);
      const sequence = numberIn(words, "seq");
      const status = numberIn(words, "ret");
      if (dev === undefined || sequence === undefined || status === undefined) return undefined;
      return { kind: "log_forced", dev, sequence, failed: status !== 0 };
    },
  },
];
