/**
 * Interrupts that call probed functions. Their lines name the task that was interrupted, which may be in the
 * same function: iomap_dio_complete() runs in a worker for a write, and in an interrupt for a read.
 *
 * @module
 */
import type { ProbeRecord } from "../record.ts";
import type { TaskState } from "../task.ts";
import { taskOf, type Translation } from "./translation.ts";

/** What a CPU may be in that is no task of its own. */
const contexts = ["hard", "soft", "idle"] as const;

/**
 * Who has called the probed function: the task, or what a CPU does besides. That has a state of its own, whose
 * number is no task's. All CPUs idle in a task of one number, so each CPU's is one by itself.
 */
export function callerOf(
  translation: Translation,
  task: TaskState,
  { interrupt, pid, cpu }: ProbeRecord,
): TaskState {
  if (interrupt === undefined && pid !== 0) return task;
  const context = contexts.indexOf(interrupt ?? "idle");
  return taskOf(translation, -1 - contexts.length * cpu - context);
}
