/**
 * Runs the processes of a vector, each in as many processes as it takes, and says what they observed.
 *
 * @module
 */
import {
  isFullSuccess,
  type Observation,
  type Result,
} from "../../../model/operation/observation.ts";
import type { Operation } from "../../../model/operation/operation.ts";
import type { Answer } from "../protocol.ts";
import type { ControlMemory } from "./control_memory.ts";
import { isTooLong } from "./patience.ts";
import type { WorkerTask } from "./worker.ts";
import type { TaskEnd, WorkerPool } from "./worker_pool.ts";

/** Milliseconds between two looks at whether anything moves. */
const lookEvery = 10_000;

/** Runs the tasks of all processes to their ends; an answer if that was not possible. */
export async function runTasks(
  pool: WorkerPool,
  control: ControlMemory,
  tasks: readonly WorkerTask[],
): Promise<Answer | undefined> {
  const ended = await Promise.all(tasks.map((task) => runProcess(pool, control, task)));
  return ended.find((each) => each !== undefined);
}

/** Runs one process to the end of all trials, in as many processes as it takes. */
async function runProcess(
  pool: WorkerPool,
  control: ControlMemory,
  task: WorkerTask,
): Promise<Answer | undefined> {
  let { first } = task;
  while (true) {
    const ended = await watched(pool, control, { ...task, first });
    if (ended === "hang") return undefined;
    if (ended === "idle") {
      return { kind: "errored", why: "no operation was begun, though a process can be" };
    }
    if (ended.kind === "answered") return ended.stopped;
    if (ended.signal !== "SIGBUS" && ended.signal !== "SIGSEGV") {
      if (control.isAbandoned) return undefined;
      control.abandon();
      return { kind: "errored", why: `a process ended with ${ended.signal}` };
    }
    const trial = control.arrivals(task.process);
    buryTrial(control, task, trial, ended.signal);
    first = trial + 1;
    if (first >= control.trials) return undefined;
  }
}

/** Notes how a process died in a trial, and lets the others go on. */
function buryTrial(control: ControlMemory, task: WorkerTask, trial: number, signal: string): void {
  const number = control.position(task.process) - 1;
  control.note(trial, number, signal);
  for (const each of task.operations) control.finish(each.number, trial);
  control.leave(task.process);
  control.arrive(task.process, trial + 1);
}

/**
 * Waits for a process; if nothing moves for too long, all are killed. An operation hangs then only if
 * there is one under way.
 */
async function watched(
  pool: WorkerPool,
  control: ControlMemory,
  task: WorkerTask,
): Promise<TaskEnd | "hang" | "idle"> {
  const running = pool.run(task);
  let [since, before] = [performance.now(), ""];
  while (true) {
    const ended = await endedWithin(running, lookEvery);
    if (ended !== undefined) return ended;
    if (progressOf(control, task.processes) !== before) {
      [since, before] = [performance.now(), progressOf(control, task.processes)];
      continue;
    }
    const stuck = processesInside(control, task.processes);
    // Who watches over that one notes it, and kills this one.
    if (stuck.length > 0 && !stuck.includes(task.process)) continue;
    const still = performance.now() - since;
    const place = stuck.length > 0 ? "inside" : "before";
    if (!isTooLong(still, 0, place) || !isTooLong(still, await pool.life(), place)) continue;
    const late = await endedWithin(running, 0);
    if (late !== undefined) return late;
    if (progressOf(control, task.processes) !== before) continue;
    if (place === "inside") {
      const trial = control.arrivals(task.process);
      control.note(trial, control.position(task.process) - 1, "hang");
      control.arrive(task.process, trial + 1);
    }
    control.abandon();
    pool.killAll();
    return place === "inside" ? "hang" : "idle";
  }
}

/** How a process ends, if it does so in so many milliseconds. */
async function endedWithin(running: Promise<TaskEnd>, milliseconds: number) {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), milliseconds);
  const ended = await Promise.race([running, promise]);
  clearTimeout(timer);
  return ended;
}

/** What is seen of processes. */
type Seen = Pick<ControlMemory, "arrivals" | "position" | "isDone">;

/** The processes that are inside an operation: not on their way to a trial, and waiting for none. */
export function processesInside(control: Seen, processes: number): readonly number[] {
  return Array.from({ length: processes }, (_, each) => each).filter((each) => {
    const number = control.position(each) - 1;
    return number >= 0 && !control.isDone(number, control.arrivals(each));
  });
}

function progressOf(control: ControlMemory, processes: number): string {
  const places = Array.from(
    { length: processes },
    (_, process) =>
      [control.arrivals(process), control.starts(process), control.position(process)].join("."),
  );
  return `${control.prepared} ${places.join(" ")}`;
}

/** What a trial showed: an operation without a result was cut off by the end of its process. */
export function observe(
  control: ControlMemory,
  operations: readonly Operation[],
  trial: number,
): Observation {
  const observed: { [id: string]: Result } = {};
  operations.forEach((operation, number) => {
    const result = control.result(trial, number) ?? "cut";
    if (!isFullSuccess(operation, result)) observed[operation.id] = result;
  });
  return observed;
}
