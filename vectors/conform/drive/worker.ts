/**
 * One process of a vector, kept alive from vector to vector. It reads what to run from standard input,
 * keeps step with the others through shared memory, and dies of SIGBUS where the vector says so.
 *
 * @module
 */
import type { Operation } from "../../../model/operation/operation.ts";
import type { FileStart } from "../../../model/operation/scenario.ts";
import { type Chance, chanceFrom } from "../../../model/operation/chance.ts";
import { incomingLines } from "../incoming_lines.ts";
import { ControlMemory, observableNames } from "./control_memory.ts";
import { dieWithParent } from "./die_with_parent.ts";
import { Abi, libc } from "./libc.ts";
import { ProcessFiles } from "./perform.ts";
import { PreparedFiles } from "./prepare_files.ts";
import { ScratchFolder } from "./scratch_folder.ts";
import { type Stopped, stoppedIn } from "./stopped.ts";
import type { Power } from "./tell_layer.ts";

/** What a process is told: a vector, and which part of it is its own. */
export interface WorkerTask {
  readonly control: string;
  readonly folder: string;
  readonly files: { readonly [name: string]: FileStart };
  /** The process's own operations, in order, with their numbers among all and those that end before. */
  readonly operations: readonly {
    readonly operation: Operation;
    readonly number: number;
    readonly after: readonly number[];
  }[];
  readonly allOperations: number;
  readonly process: number;
  readonly processes: number;
  /** Trials that the control memory has room for. */
  readonly trials: number;
  /** The first trial that it takes part in: later than 0 if it follows one that was killed. */
  readonly first: number;
  readonly seed: number;
  /** Milliseconds since the epoch after which no trial but the first begins. */
  readonly until: number;
  /** What a power failure makes of the vector; absent where no power fails. */
  readonly power?: PowerTask;
}

/** What a process does of a vector whose power fails. */
export type PowerTask =
  /** What comes before, up to the crash, and what the kernel may do unasked meanwhile. */
  | (Power & { readonly kind: "before"; readonly unasked: boolean })
  /** What comes after it: every error is an observation. */
  | { readonly kind: "after" };

/** What a process answers: it has run all trials, or what kept it from that. */
export interface Answered {
  readonly stopped?: Stopped;
}

/** Spins before the processor is given to somebody else. */
const patience = 2000;

/**
 * Spins before a process sleeps from one look to the next: what it waits for is slow. The yields before
 * that take longer than a sleep, so nobody sleeps at the second barrier while another wakes at the first.
 */
const longPatience = 3000;

/** Looks before it sleeps where no race depends on it: others make files, or come to their ends. */
const shortPatience = 100;

/** Microseconds of such a sleep. */
const nap = 50;

/** Waits for a condition; false if everybody must stop. The driver sees to it that nobody waits for ever. */
function wait(control: ControlMemory, condition: () => boolean, looks = longPatience): boolean {
  for (let spins = 0; !condition(); spins++) {
    if (control.isAbandoned) return false;
    if (spins >= looks) libc.usleep(nap);
    else if (spins >= patience) libc.sched_yield();
  }
  return true;
}

/** Runs a task. One that makes no sense, such as a load from no mapping, is errored. */
function runTask(task: WorkerTask): Stopped | undefined {
  const control = new ControlMemory(task.control, task.allOperations, task.trials);
  const folder = new ScratchFolder(task.folder);
  const files = new ProcessFiles(folder, task.power?.kind === "before" ? task.power : undefined);
  const prepared = new PreparedFiles(folder, task.files);
  try {
    return runTrials(task, control, files, prepared);
  } catch (error) {
    control.abandon();
    return { kind: "errored", why: error instanceof Error ? error.message : String(error) };
  } finally {
    files.release();
    prepared.close();
    folder.close();
    control.release();
  }
}

/** Runs the trials of a task from its first on, unless something stops it. */
function runTrials(
  task: WorkerTask,
  control: ControlMemory,
  files: ProcessFiles,
  prepared: PreparedFiles,
): Stopped | undefined {
  const chance = chanceFrom(task.seed * 64 + task.process + task.first);
  const others = Array.from({ length: task.processes }, (_, process) => process);
  const haveEnded = (trials: number): boolean =>
    wait(control, () => others.every((each) => control.arrivals(each) >= trials), shortPatience);
  const operations = Array.from({ length: task.allOperations }, (_, number) => number);
  const isOver = (trial: number): boolean =>
    task.processes === 1 || operations.every((each) => control.isDone(each, trial));
  for (let trial = task.first; trial < control.trials; trial++) {
    if (task.process === 0) {
      if (!haveEnded(trial)) return undefined;
      const stopped = prepareTrial(task, control, prepared, trial, chance(2) === 0);
      if (stopped !== undefined) return stopped;
    } else if (!wait(control, () => control.prepared > trial, shortPatience)) return undefined;
    if (trial >= control.trials) break;
    // Twice: at the first barrier all wake up, at the second all are awake.
    control.start(task.process, 2 * trial + 1);
    if (!wait(control, () => others.every((each) => control.starts(each) > 2 * trial))) break;
    control.start(task.process, 2 * trial + 2);
    if (!wait(control, () => others.every((each) => control.starts(each) > 2 * trial + 1))) break;
    const stopped = runTrial(task, control, files, trial, chance);
    if (stopped !== undefined) control.abandon();
    // A program that has no more to do still has its mappings: munmap would hand their dirty bits on.
    wait(control, () => isOver(trial), shortPatience);
    files.release();
    if (stopped !== undefined) return stopped;
    control.leave(task.process);
    control.arrive(task.process, trial + 1);
  }
  return task.process === 0 && haveEnded(control.trials) ? prepared.spoilt() : undefined;
}

/** Looks at what has become of the files of the trial before, and makes them anew if one is to follow. */
function prepareTrial(
  task: WorkerTask,
  control: ControlMemory,
  prepared: PreparedFiles,
  trial: number,
  evicted: boolean,
): Stopped | undefined {
  // One trial is run however late it is: a vector of which nothing was seen says nothing.
  if (trial > 0 && Date.now() > task.until) control.trials = trial;
  const stopped = trial < control.trials ? prepared.spoilt() ?? prepared.make(evicted) : undefined;
  if (stopped !== undefined) control.abandon();
  control.prepared = trial + 1;
  return stopped;
}

function runTrial(
  { operations, process, power }: WorkerTask,
  control: ControlMemory,
  files: ProcessFiles,
  trial: number,
  chance: Chance,
): Stopped | undefined {
  for (const { operation, number, after } of operations) {
    if (!wait(control, () => after.every((each) => control.isDone(each, trial)))) return undefined;
    dawdle(chance);
    if (power?.kind === "before" && power.unasked) doUnasked(files, chance);
    if (control.isAbandoned) return undefined;
    control.enter(process, number);
    // What others have not ended by now is cut: they must not say that it succeeded.
    if (operation.kind === "crash") control.abandon();
    const returned = files.perform(operation);
    const isLost = power?.kind === "after" && typeof returned === "string";
    const stopped = isLost ? undefined : stoppedIn(operation, returned, observableNames);
    if (stopped !== undefined) return stopped;
    if (control.isAbandoned && operation.kind !== "crash") return undefined;
    control.note(trial, number, returned);
    control.finish(number, trial);
    if (isLost) return undefined;
  }
  return undefined;
}

/** What a kernel does on its own at any time: it writes back, forgets what is clean, and commits. */
function doUnasked(files: ProcessFiles, chance: Chance): void {
  const acts = [() => files.writeBack(), () => files.reclaim(), () => files.commit()];
  acts[chance(2 * acts.length)]?.();
}

/** Waits for a while, or not: races are found at many distances, from nothing to some 100 us. */
function dawdle(chance: Chance): void {
  const scale = chance(10);
  if (scale < 2) return;
  const spins = chance(4 ** scale);
  for (let spin = 0; spin < spins; spin++) if (spins < 0) libc.sched_yield();
}

if (import.meta.main) {
  // A process that is meant to die needs no core file.
  libc.setrlimit(Abi.RLIMIT_CORE, new BigUint64Array(2));
  dieWithParent();
  for await (const line of incomingLines(Deno.stdin.readable)) {
    const stopped = runTask(JSON.parse(line));
    const answer: Answered = stopped === undefined ? {} : { stopped };
    Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(answer)}\n`));
  }
}
