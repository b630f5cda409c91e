/**
 * What a file system can do wrong, one thing at a time. The sound model with one of these is a bad
 * implementation: it imitates a bug that real kernels had, and breaks what the bug broke.
 *
 * @module
 */
import { daxFaults } from "./faults/dax_faults.ts";
import { directFaults } from "./faults/direct_faults.ts";
import { removalFaults } from "./faults/removal_faults.ts";
import { syncFaults } from "./faults/sync_faults.ts";

/** Every fault by its name. */
export const faults = { ...directFaults, ...syncFaults, ...removalFaults, ...daxFaults } as const;

/** The name of a fault. */
export type Fault = keyof typeof faults;

/** True if this is the name of a fault. */
export function isFault(name: string): name is Fault {
  return Object.hasOwn(faults, name);
}

/** All names, in the order of the systems. */
export const faultNames: readonly Fault[] = Object.keys(faults).filter(isFault);
