/**
 * How a descriptor is named of which only the number is known: with whose it is.
 *
 * @module
 */
import type { RecordHead } from "../record.ts";
import type { PageCacheTask } from "./tasks.ts";

/** The descriptor that the task's call names, as a line without its open file description can. */
export function numberOf(task: PageCacheTask, record: RecordHead): string | undefined {
  const fd = task.syscall?.fd;
  return fd === undefined ? undefined : `fd ${fdName(task, record, fd)}`;
}

/** A descriptor of the task's process, or of the task alone where its process is not known. */
export function fdName({ group }: PageCacheTask, { pid }: RecordHead, fd: number): string {
  return `${group ?? `t${pid}`} ${fd}`;
}
