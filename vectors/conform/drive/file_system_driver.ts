/**
 * A driver for the file system that is mounted at a folder, on this very kernel: each process of a
 * vector is a process, and the schedule is whatever happens.
 *
 * @module
 */
import type { Observation } from "../../../model/operation/observation.ts";
import type { Operation } from "../../../model/operation/operation.ts";
import { root } from "../../../spec/root.ts";
import type { Driver } from "../driver.ts";
import { histogram } from "../histogram.ts";
import type { Answer, OperationQuestion, Schedule } from "../protocol.ts";
import { ControlMemory, most, mostTrials } from "./control_memory.ts";
import { readKernelFile } from "./libc.ts";
import { lookAt, mismatch } from "./mounted.ts";
import { observe, runTasks } from "./run_tasks.ts";
import type { ScratchFolder } from "./scratch_folder.ts";
import { lackOfRoom, troubleIn } from "./surroundings.ts";
import type { WorkerTask } from "./worker.ts";
import type { WorkerPool } from "./worker_pool.ts";

/** Where a driver works, and for how long. */
interface Place {
  /** A folder of its own in the file system under test. */
  readonly folder: string;
  /** The descriptor of `folder`. */
  readonly scratch: ScratchFolder;
  /** A file in memory, for what processes share. */
  readonly control: string;
  /** Milliseconds for the trials of one vector. */
  readonly budget: number;
}

/** The driver of the file system at a place. */
export async function fileSystemDriver(place: Place, pool: WorkerPool): Promise<Driver> {
  const mounted = lookAt(place.folder);
  const { type, device, blockSize, isDax } = mounted;
  const version = (readKernelFile("/proc/sys/kernel/osrelease") ?? "unknown").trim();
  const known = await knownFailuresOf(type);
  const details = [
    `on ${device}`,
    `${blockSize}-byte blocks`,
    ...(isDax ? ["DAX"] : []),
    ...(pool.library === undefined ? [] : [`${pool.library} before the C library`]),
    ...(known === undefined ? [] : [`known failures in ${known}`]),
  ].join(", ");
  return {
    name: type,
    version: `Linux ${version}`,
    details,
    capabilities: mounted.capabilities,
    schedules: ["sampled"],
    declines: ({ configuration }) => mismatch(mounted, configuration),
    answer: async (vector, schedule) =>
      vector.kind === "event"
        ? { kind: "skipped", why: "a file system has no events" }
        : await answer(place, pool, vector, schedule),
  };
}

/** The list of what a type of file system is known to fail on Linux, if any: `fuse.sshfs` is FUSE. */
async function knownFailuresOf(type: string): Promise<string | undefined> {
  const list = `known/${type.replace(/\..*/, "")}.txt`;
  try {
    await Deno.stat(new URL(`vectors/${list}`, root));
    return `vectors/${list}`;
  } catch {
    return undefined;
  }
}

async function answer(
  place: Place,
  pool: WorkerPool,
  vector: OperationQuestion,
  schedule: Schedule | undefined,
): Promise<Answer> {
  if (schedule?.kind !== "sampled") {
    return { kind: "errored", why: "a real kernel cannot be forced" };
  }
  const operations = vector.processes.flatMap((process) => process.operations);
  if (vector.processes.length > most.processes || operations.length > most.operations) {
    return { kind: "skipped", why: "more processes or operations than this driver has room for" };
  }
  const trials = Math.min(schedule.trials, mostTrials);
  // Room for these trials and no more: all of it is written with zeros before the first.
  const control = new ControlMemory(place.control, operations.length, trials);
  try {
    control.reset(trials);
    const tasks = tasksOf(place, vector, operations, { trials, seed: schedule.seed });
    return await runTasks(pool, control, tasks) ?? observed(place, control, operations, tasks);
  } finally {
    control.release();
  }
}

/** What the trials showed, unless what surrounds the file system keeps them from saying anything. */
function observed(
  place: Place,
  control: ControlMemory,
  operations: readonly Operation[],
  processes: readonly WorkerTask[],
): Answer {
  const ran = Math.max(...processes.map(({ process }) => control.arrivals(process)));
  const observed = Array.from({ length: ran }, (_, trial) => observe(control, operations, trial));
  const trouble = observed.some(hasFailure) ? troubleIn(place.scratch) : lackOfRoom(place.scratch);
  if (trouble !== undefined) return trouble;
  return { kind: "outcome", observations: histogram(observed) };
}

function tasksOf(
  { folder, control, budget }: Place,
  { files, processes }: OperationQuestion,
  operations: readonly Operation[],
  { trials, seed }: { readonly trials: number; readonly seed: number },
): readonly WorkerTask[] {
  const numbers = new Map(operations.map(({ id }, number) => [id, number]));
  const until = Date.now() + budget;
  return processes.map((process, index) => ({
    control,
    folder,
    files,
    operations: process.operations.map((operation) => ({
      operation,
      number: numbers.get(operation.id) ?? -1,
      after: (operation.after ?? []).map((id) => numbers.get(id) ?? -1),
    })),
    allOperations: operations.length,
    process: index,
    processes: processes.length,
    trials,
    first: 0,
    seed,
    until,
  }));
}

/** True if a call failed or a process was killed, which may be for lack of room, or for the device. */
function hasFailure(observation: Observation): boolean {
  return Object.values(observation).some((result) => typeof result === "string");
}
