/**
 * Locks with modes around parts of a program.
 *
 * @module
 */
import type { Step } from "../design.ts";
import type { Lock } from "../events/lock.ts";
import { does } from "./program.ts";
import type { Guard } from "./semaphore_steps.ts";

/** What is locked, and how. */
export type Locking = Omit<Lock, "kind" | "name">;

/** Names of the files in the order of their numbers, which is the order of their addresses. */
export const files = ["X", "Y"] as const;

const nameOf = { ADD: "ADD", BLOCK: "BLOCK", SHARED: "SH", DEFERRED: "DF", EXCLUSIVE: "EX" };

/** The step that takes the lock. */
export function lockStep(label: string, locking: Locking, file: string): Step {
  const name = `${nameOf[locking.mode]}(${file})`;
  return does(label, `lock ${name}`, { kind: "lock", ...locking, name });
}

/** The step that gives it back. */
export function unlockStep(label: string, { task, lock, mode }: Locking, file: string): Step {
  return does(label, `unlock ${nameOf[mode]}(${file})`, { kind: "unlock", task, lock });
}

/** A lock around something. Labels begin with `label`. */
export function modeGuard(locking: Locking, file: string, label: string = locking.mode): Guard {
  return {
    take: [lockStep(`${label} lock`, locking, file)],
    give: [unlockStep(`${label} unlock`, locking, file)],
  };
}
