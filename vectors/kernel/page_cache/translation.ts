/**
 * What the translation of the page cache's lines has met so far: shared by its parts.
 *
 * @module
 */
import { mappingId } from "../../../model/check/mapping_id.ts";
import type { FileId, MappingId, Where } from "../../../model/check/observation.ts";
import type {
  FolioSeen,
  PageCacheObservation,
} from "../../../model/check/page_cache/observation.ts";
import type { RecordHead } from "../record.ts";
import { createDisksOfFiles, type DisksOfFiles } from "./disk_of_files.ts";
import type { MappedRange } from "./mapped_range.ts";
import {
  type AskedSync,
  createPageCacheTask,
  type OpenDirect,
  type OpenSync,
  type PageCacheTask,
} from "./tasks.ts";

/** An fsync by io_uring that is not over. */
export interface OpenRequest {
  /** The line was seen that every request has. */
  readonly submitted: boolean;
  /** Who goes on with it. */
  task: PageCacheTask | undefined;
  /** Sync calls that were made for it by a worker that has gone on with another request since. */
  left: readonly OpenSync[];
}

/** A translation in progress. */
export interface PageCacheTranslation {
  readonly emit: (observation: PageCacheObservation) => void;
  readonly tasks: Map<number, PageCacheTask>;
  /** The task of a line before, and its id: lines of one task come in runs. */
  latest: PageCacheTask | undefined;
  latestPid: number;
  /** True once a probe was seen. */
  probes: boolean;
  /** Rows of which a line was seen, of those in `shown`. */
  readonly seen: Set<string>;
  readonly cpus: Set<number>;
  /** The last of them. */
  latestCpu: number;
  /** Devices of which a bio was seen to be queued. */
  readonly devices: Set<string>;
  /** Partitions of bios that are on their way, where a bio's end names the disk. */
  readonly partitions: Map<string, string>;
  /** Which files are on partitions of which disks. */
  readonly disks: DisksOfFiles;
  /** By CPU: the folio whose DIRTY mark is being set, with the line that told so. */
  readonly marking: ({ readonly line: number; readonly folio: FolioSeen } | undefined)[];
  readonly declared: Map<string, FileId>;
  /** Descriptors by the thread group and number that a call used. */
  readonly descriptors: Map<string, string>;
  /** Direct I/O that is under way, by file and position. */
  readonly direct: Map<string, OpenDirect>;
  /** Requests of io_uring that are an fsync and not over, by their addresses. */
  readonly requests: Map<string, OpenRequest>;
  /** Files of ext4 that were given blocks which nothing marks written later. */
  readonly mapsWritten: Set<string>;
  /** Mappings of files, by whose memory they are in. */
  readonly mapped: Map<string, readonly MappedRange[]>;
  /** Mappings that were asked to be synchronous. */
  asked: AskedSync[];
  calls: number;
}

/** A translation that has met nothing. */
export function createPageCacheTranslation(
  emit: (observation: PageCacheObservation) => void,
): PageCacheTranslation {
  return {
    emit,
    tasks: new Map(),
    latest: undefined,
    latestPid: -1,
    probes: false,
    seen: new Set(),
    cpus: new Set(),
    latestCpu: -1,
    devices: new Set(),
    partitions: new Map(),
    disks: createDisksOfFiles(),
    marking: [],
    declared: new Map(),
    descriptors: new Map(),
    direct: new Map(),
    requests: new Map(),
    mapsWritten: new Set(),
    mapped: new Map(),
    asked: [],
    calls: 0,
  };
}

/** The task's state, made on first sight. */
export function taskOf(translation: PageCacheTranslation, record: RecordHead): PageCacheTask {
  let task = knownTask(translation, record.pid);
  if (task === undefined) {
    task = createPageCacheTask(record);
    translation.tasks.set(record.pid, task);
  }
  if (record.tgid !== undefined) task.group = record.tgid;
  return task;
}

/** The task's state, if a line of it was read. */
export function knownTask(
  translation: PageCacheTranslation,
  pid: number,
): PageCacheTask | undefined {
  if (translation.latestPid === pid) return translation.latest;
  const task = translation.tasks.get(pid);
  if (task === undefined) return undefined;
  translation.latestPid = pid;
  return translation.latest = task;
}

/** A line of this CPU was read. */
export function noteCpu(translation: PageCacheTranslation, cpu: number): void {
  if (cpu === translation.latestCpu) return;
  translation.latestCpu = cpu;
  translation.cpus.add(cpu);
}

/** A record's place, with the words that a diagram uses for it. */
export function whereOf({ line, time, cpu, task, pid }: RecordHead, text: string): Where {
  return { line, time, cpu, task, pid, text, role: "other" };
}

/** True if lines of every CPU were read, and of a task that makes no system call: so all tasks were. */
export function showsEverybody(
  { tasks, cpus: read }: PageCacheTranslation,
  cpus: number | undefined,
): boolean {
  return read.size >= (cpus ?? 1) && tasks.values().some(({ read, calls }) => read && !calls);
}

/** The task's VMA in which the file's first byte would lie at this address. */
export function mappingOf({ pid }: RecordHead, { group }: PageCacheTask, base: number): MappingId {
  return mappingId(base, group === undefined ? { task: pid } : { group });
}
