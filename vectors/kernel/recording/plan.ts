/**
 * What to record on a kernel and a file system, so that as much as can be is decided: which events,
 * which system calls, which probes.
 *
 * @module
 */
import { tracepoints } from "../tracepoints.ts";
import { eventGroup } from "./event_group.ts";
import { mkcleanProbe, type ProbeDefinition } from "./probe_definition.ts";

/** What is recorded where. */
export interface Situation {
  /** `6.12.107`; undefined if it is not known. */
  readonly kernel: string | undefined;
  /** As /proc/filesystems names it; undefined for all that are known. */
  readonly fileSystem: string | undefined;
  /** Whether files bypass the page cache; undefined if some may. */
  readonly dax: boolean | undefined;
}

/** What to switch on. */
export interface RecordingPlan {
  /** `fs_dax/dax_pte_fault`, in the order of the tables. Those that the kernel lacks are left out there. */
  readonly events: readonly string[];
  /** System calls by name, of which entry and exit are recorded. */
  readonly syscalls: readonly string[];
  readonly probes: readonly ProbeDefinition[];
}

/** Groups of events that belong to one file system alone. */
const ownGroups: ReadonlyMap<string, readonly string[]> = new Map([
  ["ext4", ["ext4", "jbd2"]],
  ["xfs", ["xfs", "iomap"]],
]);

/** Calls that promise something, take something away, or change what is mapped. */
const syscalls: readonly string[] = [
  "fsync",
  "fdatasync",
  "msync",
  "sync_file_range",
  "syncfs",
  "fallocate",
  "ftruncate",
  "truncate",
  "ioctl",
  "mmap",
  "munmap",
  "mremap",
  "mprotect",
  "madvise",
];

/** The plan for a situation. */
export function planFor({ kernel, fileSystem, dax }: Situation): RecordingPlan {
  const foreign = new Set(
    [...ownGroups].flatMap(([name, groups]) =>
      fileSystem === undefined || name === fileSystem ? [] : groups
    ),
  );
  const events = tracepoints.flatMap(({ tracepoint }) => {
    const group = eventGroup(tracepoint);
    if (group === undefined || foreign.has(group)) return [];
    return group === "fs_dax" && dax === false ? [] : [`${group}/${tracepoint}`];
  });
  const probe = dax === false ? undefined : mkcleanProbe(kernel);
  return { events, syscalls, probes: probe === undefined ? [] : [probe] };
}
