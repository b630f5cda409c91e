/**
 * Sync calls of which no line tells the file: they may be of any file system of which no sync call has
 * printed a line. Of those that are recorded, one whose files were never marked dirty has lost nothing.
 *
 * @module
 */
import type { FileId, Moment, Where } from "../observation.ts";
import type { SilentSyncObservation } from "./silent_sync_observation.ts";
import type { UnjudgedOccasions } from "./why.ts";

/** A file system of which some file was marked dirty. */
interface DirtiedFileSystem {
  /** When, for the first time; undefined if it may have been before the recording. */
  readonly dirtied: Where | undefined;
  /** Sync calls since that may be of it: the return of the first, and how many. */
  first: Where | undefined;
  calls: number;
}

/** What is known of file systems and their sync calls. */
export interface SilentSyncs {
  /** By device; all that no line names are one. */
  readonly dirtied: Map<string, DirtiedFileSystem>;
  /** File systems whose sync calls print a line. */
  readonly shown: Set<string>;
}

/** Nothing is known. */
export function createSilentSyncs(): SilentSyncs {
  return { dirtied: new Map(), shown: new Set() };
}

/** A folio of the file is marked dirty. */
export function fileDirtied(silent: SilentSyncs, file: FileId, where: Where): void {
  if (!silent.dirtied.has(file.dev) && !isOfDevice(file)) begin(silent, file.dev, where);
}

/** True for the inode of a block device: what is cached of that is the file system's own. */
export function isOfDevice({ dev, ino }: FileId): boolean {
  const [major, minor] = dev.split(":").map(Number);
  return major !== undefined && minor !== undefined && ino === major * 2 ** 20 + minor;
}

function begin({ dirtied }: SilentSyncs, dev: string, where: Where | undefined): void {
  dirtied.set(dev, { dirtied: where, first: undefined, calls: 0 });
}

/** Stands for the devices of file systems that no line names. */
const elsewhere = "";

/**
 * Takes the check past what is said of such calls.
 *
 * @param before true if one moment is before another whatever the clocks say
 */
export function silentSync(
  silent: SilentSyncs,
  seen: SilentSyncObservation,
  before: (one: Moment, other: Moment) => boolean,
): void {
  switch (seen.kind) {
    case "sync_calls_shown":
      silent.shown.add(seen.dev);
      return;
    case "dirty_unshown":
      return begin(silent, elsewhere, undefined);
    case "elsewhere_dirtied":
      if (!silent.dirtied.has(elsewhere)) begin(silent, elsewhere, seen.where);
      return;
    case "sync_unnamed":
      for (const fileSystem of silent.dirtied.values()) {
        const { dirtied } = fileSystem;
        if (dirtied !== undefined && !before(dirtied, seen.since)) continue;
        fileSystem.first ??= seen.where;
        fileSystem.calls++;
      }
      return;
    default:
      return seen satisfies never;
  }
}

/** Calls that may be of a file system whose sync calls print nothing; undefined if there is none. */
export function silentOf({ dirtied, shown }: SilentSyncs): UnjudgedOccasions | undefined {
  let found: UnjudgedOccasions | undefined;
  for (const [dev, { first, calls }] of dirtied) {
    if (first === undefined || shown.has(dev)) continue;
    if (found !== undefined && found.count >= calls) continue;
    found = { missing: "file", line: first.line, count: calls };
  }
  return found;
}
