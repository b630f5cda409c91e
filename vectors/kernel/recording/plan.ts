/**
 * What to record on a kernel and a file system, so that as much as can be is decided: which events,
 * which system calls, which probes. It comes from the tables of what is read.
 *
 * @module
 */
import type { LineClass } from "../../../model/line_class.ts";
import { pageCacheIds } from "../../../model/check/page_cache/ids.ts";
import { alternativesOf, unmet } from "../../../model/line_class.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { shownClasses } from "../line_classes.ts";
import { isProbed, rows } from "../rows.ts";
import type { KernelTypes } from "./btf.ts";
import { attributeCalls } from "../page_cache/inode_lines.ts";
import { eventGroup } from "./event_group.ts";
import { driverOf } from "./mount.ts";
import { definePageCacheProbes } from "./page_cache_probes.ts";
import { namesArguments } from "./probes_by_names.ts";
import { mkcleanProbe, type ProbeDefinition } from "./probe_definition.ts";

/** What is recorded where. */
interface Situation {
  /** `6.12.107`; undefined if it is not known. */
  readonly kernel: string | undefined;
  /** As /proc/filesystems names it; undefined for all that are known. */
  readonly fileSystem: string | undefined;
  /** Whether files bypass the page cache; undefined if some may. */
  readonly dax: boolean | undefined;
  /** The kernel's types, for probes that reach around an inode; undefined if they are not known. */
  readonly types?: KernelTypes | undefined;
  /** Ids of the invariants that are to be decided; undefined for all. */
  readonly ids: readonly string[] | undefined;
}

/** Why nothing that can be recorded decides an invariant. */
interface StaysUndecided {
  readonly id: string;
  /** Classes of lines that nothing shows. */
  readonly lacks: readonly LineClass[];
  /** True if probes would show them in a later kernel: return probes print arguments from 6.9 on (tried: 6.12). */
  readonly inLaterKernels: boolean;
}

/** What to switch on. */
export interface RecordingPlan {
  /** `fs_dax/dax_pte_fault`, in the order of the tables. A kernel may lack some of them. */
  readonly events: readonly string[];
  /** System calls by name, of which entry and exit are recorded. */
  readonly syscalls: readonly string[];
  readonly probes: readonly ProbeDefinition[];
  /** Functions of which no probe can be defined, since the kernel's types are not known. */
  readonly missing: readonly string[];
  /** Invariants that were asked for and stay undecided. */
  readonly undecided: readonly StaysUndecided[];
}

/** Groups of events that are asked for of one file system alone. */
const ownGroups: ReadonlyMap<string, readonly string[]> = new Map([
  ["ext4", ["ext4", "jbd2"]],
  // ext4 prints the return of its sync function; of XFS the completion of a request tells it.
  ["xfs", ["xfs", "io_uring"]],
]);

/** Groups of which only what concerns DAX files is read. */
const ofDax: ReadonlySet<string> = new Set(["fs_dax", "iomap"]);

/** True if no event of this file system itself is read: its files show in the page cache's events alone. */
export function isForeign(fileSystem: string): boolean {
  return !ownGroups.has(driverOf(fileSystem));
}

/** Calls that promise something, take something away, or change what is mapped. */
const calls: readonly (readonly [name: string, lines: LineClass])[] = [
  ["fsync", "syncs"],
  ["fdatasync", "syncs"],
  ["msync", "syncs"],
  ["sync_file_range", "syncs"],
  ["syncfs", "syncs"],
  ["write", "direct-io"],
  ["writev", "direct-io"],
  ["pwrite64", "direct-io"],
  ["pwritev", "direct-io"],
  ["pwritev2", "direct-io"],
  ...attributeCalls.map((name) => [name, "syncs"] as const),
  ["fallocate", "removals"],
  ["ftruncate", "removals"],
  ["truncate", "removals"],
  ["ioctl", "removals"],
  ["mmap", "unmaps"],
  ["munmap", "unmaps"],
  ["mremap", "unmaps"],
  ["mprotect", "unmaps"],
  ["madvise", "unmaps"],
];

/** The plan for a situation. */
export function planFor(
  { kernel, fileSystem, dax, types, ids }: Situation,
): RecordingPlan {
  const driver = fileSystem === undefined ? undefined : driverOf(fileSystem);
  const asked = invariants.filter(({ id }) => ids === undefined || ids.includes(id));
  const wanted = ids === undefined
    ? undefined
    : new Set(asked.flatMap(({ needs }) => needs.flatMap(alternativesOf)));
  // That a pass did not visit a mapping says something only if nothing has unmapped it.
  if (wanted?.has("visits")) wanted.add("unmaps");
  // What belongs to no class helps to read the rest, such as the page fault before a DAX fault.
  const isWanted = (lines: LineClass | undefined): boolean =>
    wanted === undefined || lines === undefined || wanted.has(lines);
  const foreign = new Set(
    [...ownGroups].flatMap(([name, groups]) =>
      driver === undefined || name === driver ? [] : groups
    ),
  );
  const ofPageCache: ReadonlySet<string> = new Set(pageCacheIds);
  const wantsCache = dax !== true &&
    (ids === undefined || asked.some(({ id }) => ofPageCache.has(id)));
  const events = rows.flatMap((row) => {
    const group = eventGroup(row.source);
    if (isProbed(row) || group === undefined || foreign.has(group)) return [];
    const forDax = row.events !== undefined && isWanted(row.lines) &&
      !(ofDax.has(group) && dax === false);
    const forCache = row.says !== undefined && wantsCache &&
      !(group === "fs_dax" && dax === false);
    return forDax || forCache ? [`${group}/${row.source}`] : [];
  });
  const probe = dax === false || !isWanted("visits") ? undefined : mkcleanProbe(kernel);
  const probed = dax !== true && (namesArguments(kernel) || types !== undefined);
  const forCache = probed && wantsCache
    ? definePageCacheProbes(types, kernel, driver)
    : { probes: [], missing: [] };
  return {
    events,
    syscalls: calls.filter(([, lines]) => isWanted(lines)).map(([name]) => name),
    probes: [...(probe === undefined ? [] : [probe]), ...forCache.probes],
    missing: forCache.missing,
    undecided: ids === undefined ? [] : asked
      .map(({ id, needs }) => ({
        id,
        lacks: unmet(needs, shownClasses),
        inLaterKernels: dax !== true && ofPageCache.has(id),
      }))
      .filter(({ id, lacks }) => lacks.length > 0 && !(probed && ofPageCache.has(id))),
  };
}
