/**
 * Lines of an inode and its journal or log: which of them change the way to the data, and not times alone.
 *
 * @module
 */
import { type Moment, sameFile, type Where } from "../../../model/check/observation.ts";
import type { RecordHead } from "../record.ts";
import type { CacheReading } from "../rows/cache_reading.ts";
import type { LineOutcome } from "../rows/row.ts";
import { placeOf } from "./place.ts";
import type { PageCacheTask } from "./tasks.ts";
import type { PageCacheTranslation } from "./translation.ts";

type Of<K extends CacheReading["kind"]> = Extract<CacheReading, { kind: K }>;

/** What a line says of an inode and its journal. */
type InodeReading = Of<
  | "inode_changes"
  | "inode_dirtied"
  | "may_map"
  | "inode_logged"
  | "inode_map_changed"
  | "inode_pinned"
  | "converting"
>;

/** Blocks that are mapped come into the cache of extents (`ext4_map_create_blocks`). */
export const mapsBlocks = "ext4_es_insert_extent";

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
  { emit, seen }: PageCacheTranslation,
  task: PageCacheTask,
  record: RecordHead,
  reading: InodeReading,
): void {
  const { file } = reading;
  const apart = changeApart(task);
  const attributes = changesAttributes(task);
  task.changing = reading.kind === "inode_dirtied" ? undefined : file;
  if (attributes && reading.kind !== "inode_pinned") return;
  const times = attributes || (task.times !== undefined && sameFile(task.times, file));
  if (reading.kind !== "inode_dirtied" || reading.written) task.times = undefined;
  switch (reading.kind) {
    case "inode_changes":
      if (reading.times) task.times = file;
      return;
    case "inode_dirtied": {
      const begins = !reading.written;
      const where = placeOf(record, reading);
      return emit({ kind: "inode_logged", where, file, times, begins, apart });
    }
    case "may_map":
      task.mayMap = file;
      // Where the lines that would follow are not known to be recorded, it has mapped blocks.
      return seen.has(mapsBlocks) ? undefined : emit({
        kind: "inode_logged",
        where: placeOf(record, reading),
        file,
        times: false,
        begins: true,
        apart,
      });
    case "inode_logged":
    case "inode_map_changed":
      return emit({ ...reading, apart, where: placeOf(record, reading) });
    case "inode_pinned":
      return emit({ ...reading, times, apart, where: placeOf(record, reading) });
    case "converting":
      task.converting = file;
      return emit({
        kind: "inode_logged",
        where: placeOf(record, reading),
        file,
        times: false,
        begins: reading.begins,
        apart,
      });
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
function changeApart({ syscall, wroteBack }: PageCacheTask): Moment | undefined {
  if (syscall === undefined || !givesNoBlock.has(syscall.name)) return undefined;
  const { line, time, cpu } = syscall.record;
  return wroteBack > line ? undefined : { line, time, cpu };
}

/** Blocks were mapped, of whatever file: in writeback it is that of the task's transaction. */
export function blocksMapped(
  { emit }: PageCacheTranslation,
  { mayMap, changing }: PageCacheTask,
  where: Where,
  reading: LineOutcome<CacheReading>,
): void {
  // Writeback began that transaction.
  if (mayMap !== undefined) {
    emit({ kind: "inode_logged", where, file: mayMap, times: false, apart: undefined });
  }
  if (changing === undefined || typeof reading !== "object") return;
  if (reading.kind !== "extent_seen" || !sameFile(changing, reading.file)) return;
  const { file, first, count } = reading;
  emit({ kind: "blocks_mapped", where, file, blocks: { first, last: first + count - 1 } });
}
