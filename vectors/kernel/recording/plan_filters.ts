/**
 * Filters of a plan: what is surely of no use stays out. An event may be filtered by what it tells, and by
 * its device where it names one: the file system's, and all that this stands on.
 *
 * Nothing is filtered by inode or process. A verdict on a file also rests on lines of others: of the
 * journal's inode, of other files in its transaction, of workers, and of interrupts, which print as the task
 * that they meet.
 *
 * @module
 */
import { deviceFilter } from "./device_filter.ts";
import { eventFilter } from "./event_filter.ts";
import type { ProbeDefinition } from "./probe_definition.ts";

/** A filter, as tracefs takes it. */
interface PlanFilter {
  readonly expression: string;
  /** True if the event stays off where the kernel does not take it. */
  readonly needed: boolean;
}

/** The filters of a plan. */
export interface PlanFilters {
  /** By what an event tells: it needs none of some kernels, or takes none. */
  readonly ofEvent: (event: string) => PlanFilter | undefined;
  /** By the device that an event names. */
  readonly ofDevice: (event: string) => string | undefined;
  /** By the device that a probe prints. */
  readonly ofProbe: (probe: ProbeDefinition) => string | undefined;
}

/**
 * The filters for these devices, none for all of them.
 *
 * @param formatOf what tracefs says of the fields of an event; empty for one that the kernel lacks
 */
export function planFilters(
  devices: readonly string[],
  formatOf: (event: string) => string,
): PlanFilters {
  return {
    ofEvent: eventFilter,
    ofDevice: (event) =>
      devices.length === 0 || eventFilter(event) !== undefined
        ? undefined
        : deviceFilter(formatOf(event), devices),
    ofProbe: ({ arguments: printed, paired }) =>
      paired === true || !printed.some((each) => each.startsWith("dev="))
        ? undefined
        : deviceFilter("\tfield:u32 dev;", devices),
  };
}
