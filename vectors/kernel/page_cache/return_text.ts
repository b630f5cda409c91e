/**
 * Why the return of a sync call is not shown, in words: of what recordings lack, what the header of this
 * one says that it had is no cause.
 *
 * @module
 */
import type { RecordingFacts } from "../recording/header_lines.ts";

/** Lines without which calls of a kind have no return. */
interface Cause {
  /** Which calls; undefined for all that a program makes by itself. */
  readonly of?: string;
  /** Tracepoints and probed functions, as a header names them. */
  readonly names: readonly string[];
  /** What to record. */
  readonly asks: string;
}

const causes: readonly Cause[] = [
  { names: ["syscalls/sys_exit_fsync"], asks: "syscalls:sys_exit_fsync" },
  {
    of: "an fsync by io_uring",
    names: [
      "io_uring/io_uring_submit_req",
      "io_uring/io_uring_queue_async_work",
      "io_uring/io_uring_file_get",
      "io_uring/io_uring_complete",
    ],
    asks:
      "io_uring:io_uring_submit_req, io_uring_queue_async_work, io_uring_file_get and io_uring_complete",
  },
  {
    of: "loop devices, O_DSYNC, and files that are registered with io_uring",
    names: ["xfs_file_fsync%return"],
    asks: "a probe on the return of xfs_file_fsync",
  },
];

/**
 * The causes that remain, with what to record.
 *
 * @param facts the header of the recording, which lists what was on; without one, any cause may be
 */
export function returnText(facts: RecordingFacts | undefined): string {
  const recorded = [...facts?.events ?? [], ...facts?.probes ?? []]
    .map((each) => each.replace(/ if .*$/, ""));
  const remaining = causes.filter(({ names }) => !names.every((name) => recorded.includes(name)));
  if (remaining.length === 0) {
    return "its return is not shown, though all was recorded that tells of one: a line may be missing";
  }
  const asked = remaining.map(({ of, asks }, at) => {
    const verb = at === 0 ? "record " : "";
    return of === undefined ? `${verb}${asks}` : `of ${of}, ${verb}${asks}`;
  });
  return `its return is not shown: ${asked.join("; ")}`;
}
