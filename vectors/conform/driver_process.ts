/**
 * A driver as a process: lines go in, lines come out, and it may die, fall silent or babble.
 *
 * @module
 */
import { longestLine, type Request } from "./protocol.ts";

/** What came of waiting for a line. */
export type Received =
  | { readonly kind: "line"; readonly line: string }
  /** Nothing for as long as the runner waits. */
  | { readonly kind: "silence" }
  /** Standard output was closed. */
  | { readonly kind: "ended" }
  /** A line that is longer than the protocol allows. */
  | { readonly kind: "endless" };

/** A running driver. Disposing of it kills it. */
export class DriverProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #output: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #decoder = new TextDecoder();
  readonly #lines: string[] = [];
  #partial: string[] = [];
  #partialLength = 0;
  #pending: Promise<ReadableStreamReadResult<Uint8Array<ArrayBuffer>>> | undefined;

  /**
   * Starts the command.
   *
   * @throws {Deno.errors.NotFound} if there is no such program
   */
  constructor(command: readonly [string, ...string[]]) {
    const [program, ...args] = command;
    this.#child = new Deno.Command(program, { args, stdin: "piped", stdout: "piped" }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.getReader();
    this.#input.closed.catch(() => {});
  }

  /** Writes a request. That the driver is gone shows when its reply is waited for. */
  async send(request: Request): Promise<void> {
    try {
      await this.#input.write(new TextEncoder().encode(`${JSON.stringify(request)}\n`));
    } catch {
      // A broken pipe: `receive` says that the driver has ended.
    }
  }

  /** The next line, waited for so many milliseconds at most. */
  async receive(milliseconds: number): Promise<Received> {
    const deadline = performance.now() + milliseconds;
    while (this.#lines.length === 0) {
      if (this.#partialLength > longestLine) return { kind: "endless" };
      const chunk = await this.#read(deadline - performance.now());
      if (chunk === "silence") return { kind: "silence" };
      if (chunk === "ended") return { kind: "ended" };
      this.#split(chunk);
    }
    return { kind: "line", line: this.#lines.shift() ?? "" };
  }

  /** Lines that came without being asked for, as far as they are here already. */
  extraLines(): readonly string[] {
    return this.#lines;
  }

  /** How the driver ended: waits for it, and kills it if it takes longer than that. */
  async end(milliseconds: number): Promise<string> {
    this.#input.close().catch(() => {});
    const drained = this.#drain();
    const timer = setTimeout(() => this.#kill(), Math.max(0, milliseconds));
    const { code, signal } = await this.#child.status;
    clearTimeout(timer);
    await drained;
    return signal === null ? `status ${code}` : `signal ${signal}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill();
    await this.end(0);
  }

  async #read(milliseconds: number): Promise<string | "silence" | "ended"> {
    this.#pending ??= this.#output.read();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), Math.max(0, milliseconds));
    const result = await Promise.race([this.#pending, promise]);
    clearTimeout(timer);
    if (result === undefined) return "silence";
    this.#pending = undefined;
    return result.done ? "ended" : this.#decoder.decode(result.value, { stream: true });
  }

  #split(chunk: string): void {
    const [first = "", ...rest] = chunk.split("\n");
    this.#partial.push(first);
    this.#partialLength += first.length;
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
      if (chunk === "ended" || chunk === "silence") return;
      this.#split(chunk);
      left -= chunk.length;
    }
    this.#kill();
    await this.#output.cancel().catch(() => {});
  }

  #kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended on its own.
    }
  }
}
