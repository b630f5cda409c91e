/**
 * Memory that the driver shares with the processes of a vector: who stands where, which operations
 * have ended, and the results of every trial. It outlives a process that SIGBUS kills.
 *
 * @module
 */
import type { Bytes } from "../../../model/operation/observation.ts";
import { checked, cString, libc, Map, mapMemory, type Memory, Open, unmapMemory } from "./libc.ts";

/** How many processes and operations a vector may have here. */
export const most = { processes: 8, operations: 64, runs: 8 } as const;

/** Words of a result: what it is, its value, how many runs, and the runs. */
const resultWords = 3 + 2 * most.runs;

const prepared = 0;
const last = 1;
const abandoned = 2;
const arrived = 8;
const started = arrived + most.processes;
const current = started + most.processes;
const done = current + most.processes;
const results = done + most.operations;

/** The most trials that the memory may have room for. */
export const mostTrials = 20_000;

/** What a result word says. */
const Kind = { NONE: 0, NUMBER: 1, BYTES: 2, FAILURE: 3 } as const;

/** Failures that are observations wherever they come. */
export const observableNames = [
  "EIO",
  "EFAULT",
  "EBUSY",
  "ENXIO",
  "EINVAL",
  "EOPNOTSUPP",
  "SIGBUS",
  "SIGSEGV",
  "hang",
] as const;

/** Failures by their number in a result word. */
const failureNames = [
  ...observableNames,
  "ENOSPC",
  "ENOENT",
  "ENODATA",
  "EUCLEAN",
  "EBADMSG",
] as const;
/** A failure that this driver can report. */
type ReportedFailure = typeof failureNames[number];

/** Bytes of the memory for a vector of so many operations. */
function sizeFor(operations: number, trials: number): number {
  const bytes = 4 * (results + trials * operations * resultWords);
  return Math.ceil(bytes / 4096) * 4096;
}

/** The memory, mapped into this process. */
export class ControlMemory {
  readonly #memory: Memory;
  readonly #words: Int32Array<ArrayBuffer>;
  readonly #operations: number;

  /**
   * Maps the file at this path, which is made as large as it must be.
   *
   * @throws {Error} if it cannot be mapped
   */
  constructor(path: string, operations: number, trials: number) {
    this.#operations = operations;
    const size = sizeFor(operations, trials);
    const fd = checked(libc.open(cString(path), Open.RDWR | Open.CREAT, 0o600));
    if (typeof fd === "string") throw new Error(`${path}: ${fd}`);
    // By a write: in a recording an ftruncate, which names no file, may be of what is under test.
    libc.pwrite(fd, Deno.UnsafePointer.of(new Uint8Array(1)), 1n, BigInt(size));
    const memory = mapMemory(size, Map.READ | Map.WRITE, Map.SHARED, fd, 0);
    libc.close(fd);
    if (typeof memory === "string") throw new Error(`${path}: ${memory}`);
    this.#memory = memory;
    this.#words = new Int32Array(memory.bytes.buffer, memory.bytes.byteOffset, size / 4);
  }

  /** Unmaps it: nobody may use it any more. */
  release(): void {
    unmapMemory(this.#memory);
  }

  /** Everything zero, and so many trials to run. */
  reset(trials: number): void {
    this.#words.fill(0);
    this.#set(last, trials);
  }

  /** Trials for which the files have been made. */
  get prepared(): number {
    return this.#get(prepared);
  }
  set prepared(trials: number) {
    this.#set(prepared, trials);
  }

  /** Number of trials; fewer once time is up. */
  get trials(): number {
    return this.#get(last);
  }
  set trials(trials: number) {
    this.#set(last, trials);
  }

  /** True when everybody must stop. */
  get isAbandoned(): boolean {
    return this.#get(abandoned) === 1;
  }
  abandon(): void {
    this.#set(abandoned, 1);
  }

  /** Trials that a process has ended. */
  arrivals(process: number): number {
    return this.#get(arrived + process);
  }
  arrive(process: number, trials: number): void {
    this.#set(arrived + process, trials);
  }

  /** Barriers that a process has reached: two at the start of each trial. */
  starts(process: number): number {
    return this.#get(started + process);
  }
  start(process: number, trials: number): void {
    this.#set(started + process, trials);
  }

  /** The operation at which a process is, plus 1. */
  position(process: number): number {
    return this.#get(current + process);
  }
  enter(process: number, operation: number): void {
    this.#set(current + process, operation + 1);
  }
  /** From here on it is at no operation, until it enters one of the next trial. */
  leave(process: number): void {
    this.#set(current + process, 0);
  }

  /** True if the operation has ended in this trial. */
  isDone(operation: number, trial: number): boolean {
    return this.#get(done + operation) === trial + 1;
  }
  finish(operation: number, trial: number): void {
    this.#set(done + operation, trial + 1);
  }

  /** Notes what an operation returned. Runs beyond the eighth are joined to one of the value -1. */
  note(trial: number, operation: number, result: number | readonly Bytes[] | string): void {
    const at = this.#result(trial, operation);
    if (typeof result === "number") {
      this.#words[at + 1] = result;
      this.#set(at, Kind.NUMBER);
    } else if (typeof result === "string") {
      const failure = failureNames.findIndex((name) => name === result);
      this.#words[at + 1] = failure;
      this.#set(at, Kind.FAILURE);
    } else {
      const runs = result.slice(0, most.runs);
      runs.forEach(([count, value], index) => {
        this.#words[at + 3 + 2 * index] = count;
        this.#words[at + 4 + 2 * index] = value;
      });
      this.#words[at + 2] = runs.length;
      if (result.length > most.runs) this.#words[at + 2 + 2 * most.runs] = -1;
      this.#set(at, Kind.BYTES);
    }
  }

  /** What an operation returned in a trial; undefined if it did not. */
  result(
    trial: number,
    operation: number,
  ): number | readonly Bytes[] | ReportedFailure | undefined {
    const at = this.#result(trial, operation);
    const kind = this.#get(at);
    if (kind === Kind.NONE) return undefined;
    if (kind === Kind.NUMBER) return this.#get(at + 1);
    if (kind === Kind.FAILURE) return failureNames[this.#get(at + 1)] ?? "EINVAL";
    return Array.from(
      { length: this.#get(at + 2) },
      (_, index) => [this.#get(at + 3 + 2 * index), this.#get(at + 4 + 2 * index)] as const,
    );
  }

  #result(trial: number, operation: number): number {
    return results + (trial * this.#operations + operation) * resultWords;
  }

  #get(word: number): number {
    return Atomics.load(this.#words, word);
  }

  #set(word: number, value: number): void {
    Atomics.store(this.#words, word, value);
  }
}
