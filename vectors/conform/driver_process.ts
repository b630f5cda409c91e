/**
 * A driver as a process: lines go in, lines come out, and it may die, fall silent or babble.
 *
 * It leads a process group of its own. So an interrupt at the terminal reaches the runner alone, which
 * lets the driver end in good order, and what the driver has started ends with it.
 *
 * @module
 */
import { linesOf, splitLines } from "../kernel/lines.ts";
import { longestLine, type Request } from "./protocol.ts";

/** What came of waiting for a line. */
export type Received =
  | { readonly kind: "line"; readonly line: string }
  /** Nothing for as long as the runner waits. */
  | { readonly kind: "silence" }
  /** Standard output was closed. */
  | { readonly kind: "ended" }
  /** A line that is longer than the protocol allows. */
  | { readonly kind: "endless" }
  /** Somebody stopped the run. */
  | { readonly kind: "stopped" };

/** Milliseconds between a request to end and SIGKILL: time to remove scratch files. */
export const grace = 2000;

/**
 * Milliseconds for what a driver that has ended left in its pipes. Whoever else holds them, such as a
 * server that it has started in a session of its own, is not waited for.
 */
const aftermath = 1000;

/** A running driver. Disposing of it kills it. */
export class DriverProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #output: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #decoder = new TextDecoder();
  readonly #lines: string[] = [];
  #partial: string[] = [];
  #partialLength = 0;
  /** A line is longer than the protocol allows: nothing of it is kept, and nothing after it is read. */
  #isEndless = false;
  readonly #letGo = new AbortController();
  readonly #remarked: Promise<void>;
  #pending: Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> | undefined;

  /**
   * Starts the command. `remark` gets each line of its standard error, which is not passed on as it
   * is: a terminal would obey it, and the report would seem to go on for as long as anybody holds it.
   *
   * @throws {Deno.errors.NotFound} if there is no such program
   */
  constructor(command: readonly [string, ...string[]], remark: (line: string) => void) {
    const [program, ...args] = command;
    const pipes = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    this.#child = new Deno.Command(program, { args, ...pipes, detached: true }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.getReader();
    this.#input.closed.catch(() => {});
    this.#remarked = this.#passOn(remark);
  }

  /**
   * Writes a request, and does not wait until it is read. That the driver is gone, or reads nothing,
   * shows when its reply is waited for.
   */
  send(request: Request): void {
    const bytes = new TextEncoder().encode(`${JSON.stringify(request)}\n`);
    this.#input.write(bytes).catch(() => {});
  }

  /** The next line, waited for so many milliseconds at most, or until somebody stops the run. */
  async receive(milliseconds: number, stop?: AbortSignal): Promise<Received> {
    const deadline = performance.now() + milliseconds;
    while (this.#lines.length === 0) {
      if (this.#isEndless) return { kind: "endless" };
      const chunk = await this.#read(deadline - performance.now(), stop);
      if (typeof chunk === "string") return { kind: chunk };
      this.#split(chunk.text);
    }
    return { kind: "line", line: this.#lines.shift() ?? "" };
  }

  /** Lines that came without being asked for, as far as they are here already. */
  extraLines(): readonly string[] {
    return this.#lines;
  }

  /**
   * How the driver ended: waits for it, and asks it to end if it takes longer than that. What else is
   * in its process group does not outlive it.
   */
  async end(milliseconds: number): Promise<string> {
    this.#input.close().catch(() => {});
    const drained = this.#drain();
    const asked = setTimeout(() => this.#signal("SIGTERM"), milliseconds);
    const forced = setTimeout(() => this.#signal("SIGKILL"), milliseconds + grace);
    const { code, signal } = await this.#child.status;
    clearTimeout(asked);
    clearTimeout(forced);
    this.#signal("SIGKILL");
    await this.#settle(drained);
    return signal === null ? `status ${code}` : `signal ${signal}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end(0);
  }

  async #read(
    milliseconds: number,
    stop?: AbortSignal,
  ): Promise<{ readonly text: string } | "silence" | "ended" | "stopped"> {
    if (stop?.aborted === true) return "stopped";
    this.#pending ??= this.#output.read();
    const { promise, resolve } = Promise.withResolvers<"silence" | "stopped">();
    const timer = setTimeout(() => resolve("silence"), Math.max(0, milliseconds));
    const stopped = (): void => resolve("stopped");
    stop?.addEventListener("abort", stopped);
    const result = await Promise.race([this.#pending, promise]);
    clearTimeout(timer);
    stop?.removeEventListener("abort", stopped);
    if (typeof result === "string") return result;
    this.#pending = undefined;
    if (result.done) return "ended";
    return { text: this.#decoder.decode(result.value, { stream: true }) };
  }

  #split(chunk: string): void {
    const [first = "", ...rest] = chunk.split("\n");
    this.#partial.push(first);
    this.#partialLength += first.length;
    this.#isEndless ||= this.#partialLength > longestLine;
    if (this.#isEndless) {
      this.#partial.length = 0;
      return;
    }
    const last = rest.pop();
    if (last === undefined) return;
    this.#lines.push(this.#partial.join(""), ...rest);
    this.#partial = [last];
    this.#partialLength = last.length;
  }

  /** Reads on, so that a driver that writes more than anybody wants does not block for ever. */
  async #drain(): Promise<void> {
    for (let left = longestLine; left > 0;) {
      const chunk = await this.#read(10_000);
      if (typeof chunk === "string") return;
      this.#split(chunk.text);
      left -= chunk.text.length;
    }
    this.#signal("SIGKILL");
    await this.#output.cancel().catch(() => {});
  }

  async #passOn(remark: (line: string) => void): Promise<void> {
    const { signal } = this.#letGo;
    const stream = this.#child.stderr.pipeThrough(new TransformStream(), { signal });
    for await (const batch of splitLines(stream)) {
      for (const line of linesOf(batch)) remark(line);
      if (batch.end !== undefined && batch.end.tail !== "") remark(batch.end.tail);
    }
  }

  /** Lets go of the pipes, whoever holds their other ends. */
  async #settle(drained: Promise<void>): Promise<void> {
    let timer;
    const late = new Promise((resolve) => timer = setTimeout(resolve, aftermath));
    await Promise.race([Promise.all([drained, this.#remarked]), late]);
    clearTimeout(timer);
    await this.#output.cancel().catch(() => {});
    this.#letGo.abort();
    await this.#remarked;
  }

  /** Signals the process group; where there are none, the process. */
  #signal(signal: "SIGTERM" | "SIGKILL"): void {
    try {
      if (Deno.build.os === "windows") this.#child.kill(signal);
      else Deno.kill(-this.#child.pid, signal);
    } catch {
      // Nobody of it is left.
    }
  }
}
