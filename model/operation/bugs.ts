/**
 * What a file system can do wrong, one thing at a time. The sound model with one of these is a bad
 * implementation: it imitates a bug that real kernels had, and breaks what the bug broke.
 *
 * @module
 */
import { daxBugs } from "./bugs/dax_bugs.ts";
import { directBugs } from "./bugs/direct_bugs.ts";
import { errorBugs } from "./bugs/error_bugs.ts";
import { removalBugs } from "./bugs/removal_bugs.ts";
import { syncBugs } from "./bugs/sync_bugs.ts";

/** Every bug by its name. */
export const bugs = {
  ...directBugs,
  ...syncBugs,
  ...errorBugs,
  ...removalBugs,
  ...daxBugs,
} as const;

/** The name of a bug. */
export type Bug = keyof typeof bugs;

/** True if this is the name of a bug. */
export function isBug(name: string): name is Bug {
  return Object.hasOwn(bugs, name);
}

/** All names, in the order of the systems. */
export const bugNames: readonly Bug[] = Object.keys(bugs).filter(isBug);
