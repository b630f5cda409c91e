/**
 * The xfs events of fsync and of changes of extents (fs/xfs/xfs_trace.h). Inode numbers are
 * hexadecimal with 0x.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { nameClone, nameRemovalCall, nameTruncate } from "../translate/naming.ts";
import { syncEntered } from "../translate/sync_events.ts";
import { fileOf, roundedNumber } from "./field_text.ts";
import { type Met, tracepoint, type TracepointRow } from "./row.ts";

/** The fields of an event that only names a file. */
interface OfFile {
  readonly file: FileId;
}

/** `xfs_itruncate_extents_start`: extents from `newSize` bytes on go. */
interface XfsTruncate extends OfFile {
  readonly newSize: number;
}

/** `xfs_reflink_remap_range`: extents of one file become extents of another, too. */
interface XfsRemap extends OfFile {
  /** The file that gets them. */
  readonly to: FileId;
}

// Class xfs_inode_class up to 6.13, which gained iflags on the way, then xfs_simple_io_class.
const INODE =
  /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0)(?: iflags \S+| isize \S+ disize \S+ pos (?:0x[0-9a-f]+|0) bytecount (?:0x[0-9a-f]+|0))?$/;
const TRUNCATES = /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) (?:di)?size \S+ new_size (0x[0-9a-f]+|0)$/;
// Class xfs_double_io_class; `bytecount` was `count` and `pos` was `offset` in older kernels.
const REMAPS =
  /^dev (\d+):(\d+) (?:byte)?count \S+ ino (0x[0-9a-f]+|0) .* -> ino (0x[0-9a-f]+|0) .*(?:pos|offset) \S+$/;

/** Decodes an event that names its file; undefined if `body` has not its shape. */
export function xfsFile(body: string): OfFile | undefined {
  const [, major = "", minor = "", inode = ""] = INODE.exec(body) ?? [];
  const file = fileOf(major, minor, inode);
  return file === undefined ? undefined : { file };
}

/** Decodes `xfs_itruncate_extents_start`; undefined if `body` has not its shape. */
export function xfsTruncate(body: string): XfsTruncate | undefined {
  const [, major = "", minor = "", inode = "", size = ""] = TRUNCATES.exec(body) ?? [];
  const file = fileOf(major, minor, inode);
  const newSize = roundedNumber(size);
  return file === undefined || newSize === undefined ? undefined : { file, newSize };
}

/** Decodes a clone; undefined if `body` has not its shape. */
export function xfsRemap(body: string): XfsRemap | undefined {
  const [, major = "", minor = "", from = "", into = ""] = REMAPS.exec(body) ?? [];
  const file = fileOf(major, minor, from);
  const to = fileOf(major, minor, into);
  return file === undefined || to === undefined ? undefined : { file, to };
}

const removal = {
  prints: "dev ino",
  events: "none: names the file of a removal",
  anchor: "inside",
  lines: "removals",
  versions: "5.10 to 7.2",
  decode: xfsFile,
  take: ({ translation, task, record, fields: { file } }: Met<OfFile>) =>
    nameRemovalCall(translation, task, record, file, 0),
} as const;

/** Tracepoints of the group `xfs`. */
export const xfs: readonly TracepointRow[] = [
  tracepoint("xfs_file_fsync", {
    prints: "dev ino",
    events: "none: names the file of a sync call",
    anchor: "before",
    lines: "syncs",
    versions: "5.10 to 7.2",
    decode: xfsFile,
    take: ({ translation, task, record, fields: { file } }) =>
      syncEntered(translation, task, record, file),
  }),
  tracepoint("xfs_free_file_space", removal),
  tracepoint("xfs_zero_file_space", removal),
  tracepoint("xfs_collapse_file_space", removal),
  tracepoint("xfs_insert_file_space", removal),
  tracepoint("xfs_itruncate_extents_start", {
    ...removal,
    prints: "dev ino new_size",
    decode: xfsTruncate,
    take: ({ translation, task, record, fields: { file, newSize } }) =>
      nameTruncate(translation, task, record, file, newSize),
  }),
  tracepoint("xfs_reflink_remap_range", {
    ...removal,
    prints: "dev ino -> ino",
    events: "none: names the files of a clone",
    decode: xfsRemap,
    take: ({ translation, task, record, fields: { file, to } }) =>
      nameClone(translation, task, record, file, to),
  }),
];
