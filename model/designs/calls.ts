/**
 * Programs as sequences of calls: a fault, a store with the faults that it takes, a system call.
 *
 * @module
 */
import type { Actor, Step } from "../design.ts";

/**
 * Steps of one call. The first one bears the label `first`, the labels of the others begin with it,
 * and whichever ends the call goes to `next`.
 */
export type Call = (first: string, next: string) => readonly Step[];

/** A task that makes these calls. */
export function task(name: string, number: number, ...calls: readonly Call[]): Actor {
  return actor({ name, task: number, environment: false }, calls);
}

/** Something that may happen at any time, or not at all. */
export function environment(name: string, number: number, ...calls: readonly Call[]): Actor {
  return actor({ name, task: number, environment: true }, calls);
}

/**
 * An actor whose steps are made when they are first asked for: whoever imports the catalogue needs
 * those of few designs.
 */
function actor(who: Omit<Actor, "program">, calls: readonly Call[]): Actor {
  let steps: readonly Step[] | undefined;
  return {
    ...who,
    get program() {
      return steps ??= program(calls);
    },
  };
}

/** A program that makes these calls, one after another. */
function program(calls: readonly Call[]): readonly Step[] {
  return calls.flatMap((call, index) =>
    call(`${index + 1}`, index + 1 < calls.length ? `${index + 2}` : "end")
  );
}
