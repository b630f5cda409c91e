/**
 * XFS: which bytes a change of an inode is of. The pin of its transaction comes last, and prints none: it
 * is of what its task has changed since it began.
 *
 * @module
 */
import { type FileId, sameFile } from "../../../model/check/observation.ts";
import type { PartOfFile } from "../../../model/check/page_cache/sector_observation.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import type { XfsChange } from "./open_change.ts";
import type { PageCacheTask } from "./tasks.ts";

type Of<K extends CacheReading["kind"]> = Extract<CacheReading, { kind: K }>;

function bytes(file: FileId, from: number, to: number): XfsChange {
  return { kind: "part", file, part: { blockSize: 1, first: from, count: to - from } };
}

/** The task begins to mark these bytes written; with that the size on the device may grow. */
export function marksWritten(
  task: PageCacheTask,
  { file, from, to, size }: Of<"direct_converted">,
): void {
  task.xfsChange = size === undefined
    ? undefined
    : bytes(file, size < to ? Math.min(from, size) : from, to);
}

/** A line of a change. Undefined if what it changes leads to no data. */
export function xfsChanged(
  task: PageCacheTask,
  reading: Of<"extent_changed" | "disk_size_grows">,
): { readonly part: PartOfFile | undefined } | undefined {
  const { file } = reading;
  if (reading.kind === "disk_size_grows") {
    const { from, to } = reading;
    const change = bytes(file, from, to);
    task.xfsChange = change;
    return { part: partOf(change, file) };
  }
  const { xfsChange } = task;
  const own = xfsChange !== undefined && sameFile(xfsChange.file, file) ? xfsChange : undefined;
  if (reading.how === "unwritten") {
    if (own === undefined) task.xfsChange = { kind: "unwritten", file };
    return undefined;
  }
  if (reading.how !== "marked_written" || own?.kind !== "part") {
    task.xfsChange = { kind: "more", file };
  }
  return { part: partOf(task.xfsChange, file) };
}

/** The transaction is committed, and pins the inode. */
export function xfsPinned(
  task: PageCacheTask,
  file: FileId,
): { readonly part: PartOfFile | undefined; readonly unwritten: boolean } {
  const { xfsChange } = task;
  task.xfsChange = undefined;
  const own = xfsChange !== undefined && sameFile(xfsChange.file, file) ? xfsChange : undefined;
  return { part: partOf(own, file), unwritten: own?.kind === "unwritten" };
}

function partOf(change: XfsChange | undefined, file: FileId): PartOfFile | undefined {
  return change?.kind === "part" && sameFile(change.file, file) ? change.part : undefined;
}
