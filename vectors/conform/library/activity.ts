/**
 * A call into a file system that is being tested, from its first step to its end.
 *
 * @module
 */
import type { Performed, Returned } from "./operations.ts";

/** How a call ended. */
export type CallEnd =
  | { readonly kind: "returned"; readonly returned: Returned }
  | { readonly kind: "threw"; readonly error: unknown };

type Steps = Generator<unknown, Returned, unknown> | AsyncGenerator<unknown, Returned, unknown>;

/** A call; {@linkcode step} it until it has {@linkcode ended}. */
export class Activity {
  readonly #perform: () => Performed;
  #steps: Steps | undefined;
  #begun = false;
  #awaited: Promise<void> | undefined;
  #ended: CallEnd | undefined;

  constructor(perform: () => Performed) {
    this.#perform = perform;
  }

  /** How it ended, if it has. */
  get ended(): CallEnd | undefined {
    return this.#ended;
  }

  /** What it waits for, if that is not in the hands of whoever schedules. */
  get awaited(): Promise<void> | undefined {
    return this.#awaited;
  }

  /** Goes on to its next `yield`, or to its end. */
  step(): void {
    try {
      if (!this.#begun) {
        this.#begun = true;
        const performed = this.#perform();
        if (!isSteps(performed)) return this.#take(performed, (returned) => this.#end(returned));
        this.#steps = performed;
      }
      const next = this.#steps?.next();
      if (next !== undefined) {
        this.#take(next, ({ done, value }) => done === true && this.#end(value));
      }
    } catch (error) {
      this.#ended = { kind: "threw", error };
    }
  }

  #end(returned: Returned): void {
    this.#ended = { kind: "returned", returned };
  }

  /** Uses a value now, or when its promise is fulfilled. */
  #take<T>(value: T | Promise<T>, use: (value: T) => unknown): void {
    if (!(value instanceof Promise)) {
      use(value);
      return;
    }
    this.#awaited = value.then(use).catch((error) => {
      this.#ended = { kind: "threw", error };
    }).then(() => {
      this.#awaited = undefined;
    });
  }
}

function isSteps(performed: Performed): performed is Steps {
  return typeof performed === "object" && performed !== null && "next" in performed &&
    typeof performed.next === "function";
}
