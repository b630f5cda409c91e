/**
 * Signals while a command is recorded: none ends this process, which has a tracing instance to take away.
 *
 * @module
 */

/** ^C comes to the command, too; these may have been sent to this process alone. */
const passedOn = ["SIGTERM", "SIGHUP"] as const;

/** Listens from now on. */
export class CommandSignals {
  #command: Deno.ChildProcess | undefined;
  readonly #ignore = (): void => {};
  readonly #passers = passedOn.map((signal) => ({
    signal,
    pass: (): void => {
      try {
        this.#command?.kill(signal);
      } catch {
        // It has ended.
      }
    },
  }));

  constructor() {
    Deno.addSignalListener("SIGINT", this.#ignore);
    for (const { signal, pass } of this.#passers) Deno.addSignalListener(signal, pass);
  }

  /** The command to which signals are passed on. */
  passTo(command: Deno.ChildProcess): void {
    this.#command = command;
  }

  /** Listens no longer. */
  end(): void {
    Deno.removeSignalListener("SIGINT", this.#ignore);
    for (const { signal, pass } of this.#passers) Deno.removeSignalListener(signal, pass);
  }
}
