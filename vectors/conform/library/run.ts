/**
 * One run of an operation vector in a file system of this process: who goes on, who waits, who is cut.
 *
 * @module
 */
import { setImmediate } from "node:timers/promises";
import type { Observation, Result } from "../../../model/operation/observation.ts";
import type { Operation } from "../../../model/operation/operation.ts";
import type { Process } from "../../../model/operation/scenario.ts";
import { Activity } from "./activity.ts";
import { Mistake } from "./mistake.ts";
import { perform, type Performed, type RunningFileSystem } from "./operations.ts";
import { resultOf } from "./returned.ts";

/** A process of a vector, and how far it has come. */
interface Running {
  readonly name: string;
  readonly operations: readonly Operation[];
  /** The operation that it is in, or that is next. */
  at: number;
  activity: Activity | undefined;
}

/** Steps in a row that end no operation, after which everybody waits for ever. */
const patience = 10_000;

/** Milliseconds without a step after which what is awaited counts as hanging. */
const hangsAfter = 10_000;

/** A run. */
export class ScenarioRun {
  readonly #system: RunningFileSystem;
  readonly #processes: readonly Running[];
  readonly #ended = new Set<string>();
  readonly #observed: { [id: string]: Result } = {};
  #kernel: Activity | undefined;
  #idle = 0;
  #hangs = false;

  constructor(system: RunningFileSystem, processes: readonly Process[]) {
    this.#system = system;
    this.#processes = processes.map((process) => ({ ...process, at: 0, activity: undefined }));
  }

  /** What has been observed. */
  get observation(): Observation {
    return this.#observed;
  }

  /** True if an operation never returned. */
  get hangs(): boolean {
    return this.#hangs;
  }

  /** True if the kernel is in the middle of something. */
  get kernelIsBusy(): boolean {
    return this.#kernel !== undefined;
  }

  /** The process that an operation belongs to; -1 if none. */
  ownerOf(id: string): number {
    return this.#processes.findIndex(({ operations }) => operations.some((each) => each.id === id));
  }

  /** Processes that can go on now. */
  ready(): readonly number[] {
    this.#reap();
    return this.#processes.flatMap((process, number) => this.#isReady(process) ? [number] : []);
  }

  /** Lets a process take a step; false if it cannot. */
  step(number: number): boolean {
    const process = this.#processes[number];
    if (process === undefined || !this.#isReady(process)) return false;
    const operation = process.operations[process.at];
    if (operation === undefined) return false;
    if (process.activity === undefined && operation.kind === "crash") this.#cutOthers(process);
    process.activity ??= new Activity(() => perform(this.#system, operation, process.name));
    process.activity.step();
    this.#idle++;
    this.#reap();
    return true;
  }

  /** Lets the kernel go on with what it has begun, or else begin this. */
  stepKernel(begin?: () => Performed): void {
    if (begin !== undefined) this.#kernel ??= new Activity(begin);
    if (this.#kernel?.awaited === undefined) this.#kernel?.step();
    this.#reap();
  }

  /** True if somebody waits for what is not in the hands of whoever schedules. */
  get isAwaiting(): boolean {
    return this.#kernel?.awaited !== undefined ||
      this.#processes.some(({ activity }) => activity?.awaited !== undefined);
  }

  /** True if nobody can go on before what is awaited has come. */
  get isStalled(): boolean {
    return this.isAwaiting && !this.#processes.some((each) => this.#isReady(each));
  }

  /** Lets what is awaited go on outside. */
  async breathe(): Promise<void> {
    await setImmediate();
  }

  /** Waits until something that is awaited has come; what never comes hangs. */
  async settle(): Promise<void> {
    if (!await settles(this.#awaited())) this.#hang();
  }

  /** True if the run is over. What can never go on hangs, and then the run is over, too. */
  isOver(): boolean {
    this.#reap();
    if (this.#hangs || this.#processes.every(isAtEnd)) return true;
    if (this.isAwaiting) return false;
    const canGoOn = this.#kernel !== undefined ||
      this.#processes.some((each) => this.#isReady(each));
    if (!canGoOn || this.#idle > patience) this.#hang();
    return this.#hangs;
  }

  #isReady({ operations, at, activity }: Running): boolean {
    const operation = operations[at];
    if (operation === undefined) return false;
    if (activity !== undefined) return activity.awaited === undefined;
    return (operation.after ?? []).every((id) => this.#ended.has(id));
  }

  #awaited(): readonly Promise<void>[] {
    return [this.#kernel, ...this.#processes.map(({ activity }) => activity)]
      .flatMap((activity) => activity?.awaited ?? []);
  }

  /** Takes note of all that has ended. */
  #reap(): void {
    for (const process of this.#processes) {
      const operation = process.operations[process.at];
      const ended = process.activity?.ended;
      if (operation === undefined || ended === undefined) continue;
      const result = resultOf(operation, ended);
      this.#note(process, operation, result);
      if (result === "SIGBUS" || result === "SIGSEGV") this.#cut(process);
    }
    const ended = this.#kernel?.ended;
    if (ended === undefined) return;
    this.#kernel = undefined;
    if (ended.kind === "threw") throw new Mistake(`the kernel's step: ${String(ended.error)}`);
  }

  #note(process: Running, operation: Operation, result: Result): void {
    this.#observed[operation.id] = result;
    this.#ended.add(operation.id);
    this.#idle = 0;
    process.at++;
    process.activity = undefined;
  }

  /** Ends a process where it is. What others do after its operations goes on. */
  #cut(process: Running): void {
    for (const operation of process.operations.slice(process.at)) {
      this.#note(process, operation, "cut");
    }
  }

  /** Power fails: nobody but one process goes on. */
  #cutOthers(survivor: Running): void {
    for (const process of this.#processes) if (process !== survivor) this.#cut(process);
    this.#kernel = undefined;
  }

  #hang(): void {
    this.#hangs = true;
    for (const process of this.#processes) {
      const operation = process.operations[process.at];
      if (operation !== undefined && process.activity !== undefined) {
        this.#note(process, operation, "hang");
      }
      this.#cut(process);
    }
  }
}

function isAtEnd({ operations, at }: Running): boolean {
  return at >= operations.length;
}

/** True if one of them is settled before long. */
async function settles(awaited: readonly Promise<void>[]): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), hangsAfter);
  });
  const settled = await Promise.race([...awaited.map((each) => each.then(() => true)), late]);
  clearTimeout(timer);
  return settled;
}
