/**
 * The line of a new task: whether it has memory of its own.
 *
 * @module
 */
import type { CacheRow } from "./row.ts";

/** Bits of `clone_flags`, include/uapi/linux/sched.h. */
const CLONE_VM = 0x100, CLONE_THREAD = 0x10000;

/** The lines of processes. */
export const processRows: readonly CacheRow[] = [
  {
    source: "task_newtask",
    words: "pid clone_flags",
    says:
      "a task begins: a thread, or a process with its own memory or, with CLONE_VM, its parent's",
    anchor: "before",
    versions: "5.10 to 7.3",
    // Its name comes before the flags, and may look like them.
    readBody: (body) => {
      const [, pid, flags = ""] =
        /^pid=(\d+) comm=.* clone_flags=(?:0x)?([0-9a-f]+) oom_score_adj=/s.exec(body.trim()) ?? [];
      const clone = Number.parseInt(flags, 16);
      if (pid === undefined || !Number.isSafeInteger(clone)) return undefined;
      if ((clone & CLONE_THREAD) !== 0) return "nothing";
      return { kind: "process_made", pid: Number(pid), shares: (clone & CLONE_VM) !== 0 };
    },
  },
];
