/**
 * Lines of an inode and its journal or log: which of them change the way to the data, and not times alone.
 *
 * @module
 */
import { fileKey, type Moment, sameFile } from "../../../model/check/observation.ts";
import type { RecordHead } from "../record.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import { isWriting } from "./calls.ts";
import { isMapping, mapsBlocks, markedWritten, marksInodes } from "./mapped_blocks.ts";
import { placeOf } from "./place.ts";
import type { PageCacheTask } from "./tasks.ts";
import type { PageCacheTranslation } from "./translation.ts";
import { xfsChanged, xfsPinned } from "./xfs_changes.ts";

type Of<K extends CacheReading["kind"]> = Extract<CacheReading, { kind: K }>;

/** What a line says of an inode and its journal. */
type InodeReading = Of<
  | "inode_changes"
  | "inode_dirtied"
  | "may_map"
  | "tree_changed"
  | "inode_grows"
  | "inode_logged"
  | "extent_changed"
  | "disk_size_grows"
  | "inode_pinned"
  | "converting"
>;

/** Calls that change mode, owner, times, names and attributes of a file, and nothing of the way to its data. */
export const attributeCalls: readonly string[] = [
  "chmod",
  "fchmod",
  "fchmodat",
  "chown",
  "fchown",
  "fchownat",
  "lchown",
  "utimensat",
  "futimesat",
  "utimes",
  "utime",
  "rename",
  "renameat",
  "renameat2",
  "link",
  "linkat",
  "unlink",
  "unlinkat",
  "setxattr",
  "lsetxattr",
  "fsetxattr",
  "removexattr",
  "lremovexattr",
  "fremovexattr",
];

/** Takes the task past one line. */
export function inodeLine(
  translation: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  reading: InodeReading,
): void {
  const { file } = reading;
  const { emit, seen } = translation;
  const attributes = changesAttributes(task);
  task.changing = reading.kind === "inode_dirtied" ? undefined : file;
  if (attributes && reading.kind !== "inode_pinned") return;
  const times = attributes || (task.times !== undefined && sameFile(task.times, file));
  if (reading.kind !== "inode_dirtied" || reading.written) task.times = undefined;
  const change = { where: placeOf(record, reading), file, apart: changeApart(task) } as const;
  switch (reading.kind) {
    case "inode_changes":
      if (reading.times) task.times = file;
      return;
    case "inode_dirtied": {
      // Of the blocks that it is mapping, only their number.
      if (isMapping(translation, task, file)) return;
      return emit({ ...change, kind: "inode_logged", times, begins: !reading.written });
    }
    case "may_map":
      task.mayMap = { file, told: reading.once ? "not_yet" : "again" };
      // Where the lines that would follow are not known to be recorded, it has mapped blocks.
      return seen.has(mapsBlocks)
        ? undefined
        : emit({ ...change, kind: "inode_logged", times: false, begins: true });
    case "tree_changed":
      if (isMapping(translation, task, file)) return;
      if (reading.maps && seen.has(mapsBlocks)) {
        task.treeChanged = file;
        return;
      }
      return emit({ ...change, kind: "inode_logged", times: false });
    case "inode_grows": {
      task.mayMap = undefined;
      // Whatever it has written back before, it maps nothing now. ext4 sets the size before it begins the
      // transaction, so writeback may leave it to this one, if it marks nothing written later.
      const apart = isWriting(task) && !translation.mapsWritten.has(fileKey(file))
        ? entryOf(task)
        : undefined;
      return emit({ ...change, kind: "inode_logged", times: false, begins: reading.begins, apart });
    }
    case "inode_logged":
      task.mayMap = undefined;
      return emit({ ...reading, ...change });
    case "converting": {
      task.converting = file;
      task.mayMap = undefined;
      const part = markedWritten(task, file);
      // What it marks written is told when it is done, if that is recorded.
      if (reading.begins && seen.has(mapsBlocks) && seen.has(marksInodes)) return;
      const { begins } = reading;
      // What was marked written before it begins is of the change before.
      const own = begins ? undefined : part;
      return emit({ ...change, kind: "inode_logged", times: false, begins, part: own });
    }
    case "extent_changed":
    case "disk_size_grows": {
      const changed = xfsChanged(task, reading);
      return changed && emit({ ...change, kind: "inode_map_changed", ...changed });
    }
    case "inode_pinned": {
      const { part, unwritten } = xfsPinned(task, file);
      return emit({ ...reading, ...change, times: times || unwritten, part });
    }
    default:
      return reading satisfies never;
  }
}

/** True if that is all that its system call does: rename may also write back what it gives a name to. */
function changesAttributes({ syscall, wroteBack }: PageCacheTask): boolean {
  return syscall !== undefined && attributeCalls.includes(syscall.name) &&
    wroteBack <= syscall.record.line;
}

/** Calls that give what was dirty no block, or an unwritten one: writeback changes that again. */
const givesNoBlock: ReadonlySet<string> = new Set(["truncate", "ftruncate", "fallocate"]);

/**
 * The entry of its system call, if that is one whose changes what was dirty before does without. A call that
 * has written something back in it is none, and no write: it may map a block that a page waits for.
 */
function changeApart(task: PageCacheTask): Moment | undefined {
  const { syscall, wroteBack } = task;
  if (syscall === undefined || !givesNoBlock.has(syscall.name)) return undefined;
  return wroteBack > syscall.record.line ? undefined : entryOf(task);
}

function entryOf({ syscall }: PageCacheTask): Moment | undefined {
  if (syscall === undefined) return undefined;
  const { line, time, cpu } = syscall.record;
  return { line, time, cpu };
}
