/**
 * Semaphores of a file around parts of a program.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Rwsem } from "../rwsem.ts";
import { does } from "./program.ts";

/** Steps that take a lock and give it back, where a design has it. */
export interface Guard {
  /** Steps that take it. */
  readonly take: readonly Step[];
  /** Steps that give it back. */
  readonly give: readonly Step[];
}

/** No lock. */
export const none: Guard = { take: [], give: [] };

/**
 * The steps that take a semaphore and release it: `down_read` and `up_read`, or `down_write` and
 * `up_write`. Labels begin with `label`.
 */
export function guard(
  task: number,
  lock: Rwsem,
  mode: "shared" | "exclusive",
  label: string = lock,
): Guard {
  const [down, up] = mode === "shared" ? ["down_read", "up_read"] : ["down_write", "up_write"];
  return {
    take: [does(`${label} down`, `${down}(${lock})`, { kind: "acquire", task, lock, mode })],
    give: [does(`${label} up`, `${up}(${lock})`, { kind: "release", task, lock })],
  };
}
