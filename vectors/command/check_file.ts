/**
 * One file of `check`, judged; and many files, on all cores.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import type { CheckerAutomaton } from "../../model/check.ts";
import { isBundled, root } from "../../spec/root.ts";
import {
  type CheckOptions,
  type Onlooker,
  overall,
  type TraceResult,
} from "../kernel/check_trace.ts";
import { judgeSource } from "../kernel/check_recording.ts";
import { traceSource } from "../kernel/trace_source.ts";
import type { TraceHeader, TraceUnreadable } from "../kernel/record.ts";
import type { SoFar } from "../kernel/so_far.ts";
import { seesProgress, showProgress } from "./output.ts";
import type { CheckedTrace } from "./picture/check_document.ts";

/** What the user says of the machine that was recorded, and what is asked of the trace. */
export type CheckRequest = Pick<CheckOptions, "kernel" | "stableWrites" | "selection"> & {
  /** Ids of the invariants that are reported; all if there is none. */
  readonly only?: readonly string[];
  /** Name of the tracing instance that is judged, where a file has several. */
  readonly instance?: string | undefined;
};

/** What was found in a trace, and how many events of each name are in it. */
export interface JudgedTrace {
  readonly result: TraceResult;
  readonly counts: ReadonlyMap<string, number>;
}

/** Judges a file, so that it can be read again for its pictures. */
export async function checkFile(
  path: string,
  asked: CheckRequest,
  again: boolean,
  automaton: CheckerAutomaton,
  onlookerOf?: (header: TraceHeader) => Onlooker,
): Promise<CheckedTrace & JudgedTrace | TraceUnreadable> {
  const { only = [], instance, ...about } = asked;
  const options = { path, ...about, automaton };
  const opened = await traceSource(path, again, instance);
  const judged = await withProgress(
    path,
    (progress) => judgeSource(opened, { ...options, progress }, onlookerOf),
  );
  if ("found" in judged) return judged;
  const { result, counts, source } = judged;
  return { result: onlyThese(result, only), counts, source, options };
}

/** Judges a file; what comes of it can be sent to another thread. */
export async function judgeFile(
  path: string,
  asked: CheckRequest,
  automaton: CheckerAutomaton,
): Promise<JudgedTrace | TraceUnreadable> {
  const checked = await checkFile(path, asked, false, automaton);
  return "found" in checked ? checked : { result: checked.result, counts: checked.counts };
}

/** Bytes of files that are worth a thread: packed ones are judged in the time that it takes to start. */
const worthAThread = 512 * 1024;

/** Threads by which files are judged soonest: one on each core, unless they are small. */
export async function threadsFor(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    const file = await Deno.stat(path).catch(() => undefined);
    // A folder has copies of trace_pipe_raw, of any length.
    bytes += file?.isDirectory ? Infinity : file?.size ?? 0;
  }
  return Math.max(1, Math.min(navigator.hardwareConcurrency, Math.floor(bytes / worthAThread)));
}

/** What came of a file, and its place among those that were asked for. */
interface Outcome {
  readonly place: number;
  readonly judged: JudgedTrace | TraceUnreadable;
}

/**
 * Judges files on so many threads, and yields what comes of each as soon as it does. One file, or one
 * thread, needs no other; standard input is never read by another.
 */
export async function* judgeFiles(
  paths: readonly string[],
  asked: CheckRequest,
  threads: number,
  automaton: CheckerAutomaton,
): AsyncGenerator<Outcome> {
  const many = Math.min(threads, paths.length);
  if (many < 2 || paths.includes("-")) {
    for (const [place, path] of paths.entries()) {
      yield { place, judged: await judgeFile(path, asked, automaton) };
    }
    return;
  }
  const script = new URL(`vectors/command/check_worker${isBundled ? ".js" : ".ts"}`, root);
  const workers = Array.from({ length: many }, () => new Worker(script));
  const running = new Map<
    Worker,
    Promise<{ readonly worker: Worker; readonly outcome: Outcome }>
  >();
  let next = 0;
  const start = (worker: Worker): void => {
    const place = next++;
    const path = paths[place];
    running.delete(worker);
    if (path === undefined) return;
    const answered = new Promise<JudgedTrace | TraceUnreadable>((resolve, reject) => {
      worker.once("message", (judged) => {
        worker.off("error", reject);
        resolve(judged);
      });
      worker.once("error", reject);
    });
    worker.postMessage({ path, asked });
    running.set(worker, answered.then((judged) => ({ worker, outcome: { place, judged } })));
  };
  try {
    for (const worker of workers) start(worker);
    while (running.size > 0) {
      const { worker, outcome } = await Promise.race(running.values());
      start(worker);
      yield outcome;
    }
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

/** The result with these invariants alone; with all, if there is none. */
function onlyThese(result: TraceResult, ids: readonly string[]): TraceResult {
  if (ids.length === 0) return result;
  const invariants = result.invariants.filter(({ id }) => ids.includes(id));
  return { ...result, invariants, verdict: overall(invariants) };
}

/** Milliseconds between two looks at how far a check has come. */
const lookEvery = 200;

/** Shows on a terminal how far a long check has come, and wipes it when done. */
async function withProgress<T>(
  path: string,
  work: (progress: NonNullable<CheckOptions["progress"]>) => Promise<T>,
): Promise<T> {
  if (!seesProgress()) return await work(() => {});
  let looked = performance.now();
  let isShown = false;
  try {
    return await work((events, soFar) => {
      if (performance.now() - looked < lookEvery) return;
      showProgress(`${path}: ${events} events`, ...soFar().map(soFarLine));
      isShown = true;
      looked = performance.now();
    });
  } finally {
    if (isShown) showProgress("");
  }
}

/** `  DUR-1          12 judged, 1 breach so far`. */
function soFarLine({ id, kept, breaches }: SoFar): string {
  const judged = `  ${id.padEnd(12)} ${String(kept + breaches).padStart(9)} judged`;
  return breaches === 0
    ? judged
    : `${judged}, ${breaches} ${breaches === 1 ? "breach" : "breaches"} so far`;
}
