/**
 * The processes that vectors run in. One that is killed is replaced, and the vector goes on.
 *
 * @module
 */
import { isBundled, root } from "../../../spec/root.ts";
import { incomingLines } from "../incoming_lines.ts";
import { libraryOption } from "./libc.ts";
import type { Stopped } from "./stopped.ts";
import type { Answered, WorkerTask } from "./worker.ts";

/** How a task ended. */
export type TaskEnd =
  | { readonly kind: "answered"; readonly stopped: Stopped | undefined }
  | { readonly kind: "killed"; readonly signal: string };

/** What Deno is told for one process. */
function workerArguments(library: string | undefined): string[] {
  const script = new URL(`vectors/conform/drive/worker${isBundled ? ".js" : ".ts"}`, root).href;
  const more = library === undefined ? [] : [`${libraryOption}${library}`];
  return ["run", "--quiet", "--no-prompt", "--no-check", "--allow-ffi", script, ...more];
}

/** One process. */
class WorkerProcess {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: AsyncGenerator<string>;

  constructor(library: string | undefined) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: workerArguments(library),
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#input.closed.catch(() => {});
    this.#lines = incomingLines(this.#child.stdout);
  }

  /** Runs a task to its end, or to the end of the process. */
  async run(task: WorkerTask): Promise<TaskEnd> {
    try {
      await this.#input.write(new TextEncoder().encode(`${JSON.stringify(task)}\n`));
    } catch {
      // It is gone: the missing answer says so.
    }
    const { value, done } = await this.#lines.next();
    if (done === true || value === undefined) {
      const { code, signal } = await this.#child.status;
      return { kind: "killed", signal: signal ?? `status ${code}` };
    }
    const { stopped }: Answered = JSON.parse(value);
    return { kind: "answered", stopped };
  }

  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  }

  /** Lets it end by itself. */
  close(): void {
    this.#input.close().catch(() => {});
  }
}

/** Processes by their number in a vector, started when they are first needed. */
export class WorkerPool {
  readonly #workers = new Map<number, WorkerProcess>();
  /** What stands before the C library of its processes. */
  readonly library: string | undefined;
  /** Under way: who watches over another process waits for the same one. */
  #life: Promise<number> | undefined;

  /** @param library the library that makes the calls of the processes; the C library if absent */
  constructor(library?: string) {
    this.library = library;
  }

  /** Runs a task in the process of its number; a killed one is forgotten. */
  async run(task: WorkerTask): Promise<TaskEnd> {
    const { process } = task;
    const worker = this.#workers.get(process) ?? new WorkerProcess(this.library);
    this.#workers.set(process, worker);
    const ended = await worker.run(task);
    if (ended.kind === "killed") this.#workers.delete(process);
    return ended;
  }

  /** Milliseconds that one more process needs to begin and to end: how fast this machine is now. */
  life(): Promise<number> {
    this.#life ??= this.#measured().finally(() => this.#life = undefined);
    return this.#life;
  }

  async #measured(): Promise<number> {
    const began = performance.now();
    const args = workerArguments(this.library);
    await new Deno.Command(Deno.execPath(), { args, stdin: "null" }).output();
    return performance.now() - began;
  }

  /** Kills all of them: whatever they were doing ends. */
  killAll(): void {
    for (const worker of this.#workers.values()) worker.kill();
    this.#workers.clear();
  }

  /** Lets all of them end by themselves. */
  close(): void {
    for (const worker of this.#workers.values()) worker.close();
    this.#workers.clear();
  }
}
