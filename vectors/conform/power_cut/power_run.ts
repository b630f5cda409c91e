/**
 * The steps of a power cut: files are made, what comes before it is run and logged, and what comes
 * after it is read from an image.
 *
 * @module
 */
import type { Errno, Observation } from "../../../model/operation/observation.ts";
import type { FileStart } from "../../../model/operation/scenario.ts";
import type { ControlMemory } from "../drive/control_memory.ts";
import { PreparedFiles } from "../drive/prepare_files.ts";
import { observe, runTasks } from "../drive/run_tasks.ts";
import { ScratchFolder } from "../drive/scratch_folder.ts";
import type { PowerTask, WorkerTask } from "../drive/worker.ts";
import type { WorkerPool } from "../drive/worker_pool.ts";
import type { Answer } from "../protocol.ts";
import type { Lie } from "./block_server.ts";
import type { FileSystemKind } from "./file_systems.ts";
import type { Halves } from "./halves.ts";
import type { Image } from "./images.ts";
import type { PowerLayer } from "./power_layer.ts";
import { mountAt, unmountAt } from "./private_mounts.ts";
import type { Recorded } from "./store_command.ts";

/** Where power is cut, and how often. */
export interface PowerPlace {
  readonly kind: FileSystemKind;
  readonly layer: PowerLayer;
  /** What the device lies about; nothing if it is honest. */
  readonly lie: Lie | undefined;
  /** Where the file system is mounted. */
  readonly point: string;
  /** Options of the mount. */
  readonly options: string | undefined;
  /** A file in memory, for what processes share. */
  readonly control: string;
  /** Bytes that the device writes as one: no power failure tears them. */
  readonly sector: number;
  /** The most images of one vector. */
  readonly images: number;
  /** Milliseconds for one vector. */
  readonly budget: number;
  /** A folder for the first image of each observation; undefined where none is kept. */
  readonly keep: string | undefined;
  /** Gets a line for people. */
  readonly remark: (line: string) => void;
}

type Failed = Exclude<Answer, { kind: "outcome" | "verdict" }>;

/** Mounts the file system: the name of the error, or nothing. */
export function mountPlace({ layer, point, kind, options }: PowerPlace): string | undefined {
  layer.device.forget();
  const mounting = { device: layer.device.path, type: kind };
  return mountAt(point, options === undefined ? mounting : { ...mounting, options });
}

/** Unmounts it: the name of the error, or nothing. */
export function unmountPlace({ point }: PowerPlace): string | undefined {
  return unmountAt(point);
}

/** Makes the files of a vector, durable: every image begins with them. Nothing, or what failed. */
export function prepare(
  place: PowerPlace,
  files: { readonly [name: string]: FileStart },
): Failed | undefined {
  place.layer.tell({ kind: "reset" });
  const failed = mountPlace(place);
  if (failed !== undefined) return errored(`mount: ${failed}`);
  const folder = new ScratchFolder(place.point);
  const prepared = new PreparedFiles(folder, files);
  const stopped = prepared.make(true) ?? prepared.spoilt();
  prepared.close();
  folder.close();
  const busy = unmountPlace(place);
  if (stopped !== undefined) return stopped;
  if (busy !== undefined) return errored(`umount: ${busy}`);
  place.layer.tell({ kind: "keep" });
  return undefined;
}

/** What came before the crash. */
interface RecordedRun {
  readonly kind: "recorded";
  readonly before: Observation;
  readonly log: Recorded;
}

/** Runs what comes before the crash, and lets the kernel write back and unmount after it. */
export async function record(
  place: PowerPlace,
  pool: WorkerPool,
  control: ControlMemory,
  halves: Halves,
  seed: number,
  unasked: boolean,
): Promise<RecordedRun | Failed> {
  place.layer.tell({ kind: "record" });
  const failed = mountPlace(place);
  if (failed !== undefined) return errored(`mount: ${failed}`);
  const power: PowerTask = {
    kind: "before",
    layer: place.layer.control,
    marksStores: place.layer.marksStores,
    unasked,
  };
  control.reset(1);
  const tasks = halves.before.map((operations, process): WorkerTask =>
    taskOf(place, halves, { operations, process, processes: halves.before.length, seed, power })
  );
  const stopped = await runTasks(pool, control, tasks);
  place.layer.settle(place.point);
  const busy = unmountPlace(place);
  if (stopped !== undefined && stopped.kind !== "outcome" && stopped.kind !== "verdict") {
    return stopped;
  }
  if (busy !== undefined) return errored(`umount: ${busy}`);
  const all = halves.before.flat().map(({ number }) => number);
  const before = observe(control, halves.operations, 0);
  const own = halves.operations.filter((_, number) => all.includes(number)).map(({ id }) => id);
  return {
    kind: "recorded",
    before: Object.fromEntries(Object.entries(before).filter(([id]) => own.includes(id))),
    log: place.layer.recorded(),
  };
}

/** What came after the crash. */
interface ReadRun {
  readonly kind: "read";
  readonly observation: Observation;
  /** The error of the mount, where the file system cannot be mounted any more. */
  readonly mount?: Errno;
}

/** Mounts an image and runs what comes after the crash. */
export async function readBack(
  place: PowerPlace,
  pool: WorkerPool,
  control: ControlMemory,
  halves: Halves,
  image: Image,
): Promise<ReadRun | Failed> {
  const ids = new Set(halves.after.map(({ operation }) => operation.id));
  const own = (observation: Observation): Observation =>
    Object.fromEntries(Object.entries(observation).filter(([id]) => ids.has(id)));
  control.reset(1);
  place.layer.tell({ kind: "show", survivors: image });
  const failed = mountPlace(place);
  if (failed !== undefined) {
    return {
      kind: "read",
      observation: own(observe(control, halves.operations, 0)),
      mount: errnoOf(failed),
    };
  }
  const operations = halves.after;
  const power: PowerTask = { kind: "after" };
  const task = taskOf(place, halves, { operations, process: 0, processes: 1, seed: 0, power });
  const stopped = await runTasks(pool, control, [task]);
  const busy = unmountPlace(place);
  if (stopped !== undefined && stopped.kind !== "outcome" && stopped.kind !== "verdict") {
    return stopped;
  }
  if (busy !== undefined) return errored(`umount: ${busy}`);
  return { kind: "read", observation: own(observe(control, halves.operations, 0)) };
}

function errnoOf(name: string): Errno {
  return name.startsWith("E") ? `E${name.slice(1)}` : "EIO";
}

function taskOf(
  { control, point }: PowerPlace,
  { operations: all }: Halves,
  task: Pick<WorkerTask, "operations" | "process" | "processes" | "seed" | "power">,
): WorkerTask {
  const files = {};
  const until = Number.MAX_SAFE_INTEGER;
  return {
    ...{ control, folder: point, files, allOperations: all.length, trials: 1, first: 0, until },
    ...task,
  };
}

function errored(why: string): Failed {
  return { kind: "errored", why };
}
