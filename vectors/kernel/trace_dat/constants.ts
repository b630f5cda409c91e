/**
 * Values of constants that format files have by name alone: the kernel turns only those into numbers
 * that are declared with TRACE_DEFINE_ENUM.
 *
 * @module
 */
import { faultConstant } from "../rows/fault_flags.ts";

/** include/uapi/linux/ioprio.h; block events print these. */
const ioPriorities: ReadonlyMap<string, number> = new Map([
  ["IOPRIO_CLASS_NONE", 0],
  ["IOPRIO_CLASS_RT", 1],
  ["IOPRIO_CLASS_BE", 2],
  ["IOPRIO_CLASS_IDLE", 3],
  ["IOPRIO_CLASS_INVALID", 7],
]);

/** `enum inode_state_flags_enum`, include/linux/fs.h, since 6.18. Before, they were macros, which formats have as numbers. */
const inodeStates: ReadonlyMap<string, number> = new Map([
  ["I_DIRTY_SYNC", 1 << 4],
  ["I_DIRTY_DATASYNC", 1 << 5],
  ["I_DIRTY_PAGES", 1 << 6],
]);

/** The value of a constant; undefined for a name that is not known. */
export function namedConstant(name: string): number | undefined {
  return ioPriorities.get(name) ?? inodeStates.get(name) ?? faultConstant(name);
}
