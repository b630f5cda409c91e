/**
 * The xfs events of fsync and of changes of extents (fs/xfs/xfs_trace.h). Inode numbers are
 * hexadecimal with 0x.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import { fileOf, roundedNumber } from "./field_text.ts";
import { removalRow } from "./removal_row.ts";
import type { Reads, Row } from "./row.ts";
import type { SharedReading } from "./shared_reading.ts";

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

const namesRemoval: Reads<SharedReading> = {
  readBody: (body) => {
    const named = xfsFile(body);
    return named && { kind: "removal_named", file: named.file };
  },
};

/** Lines of the group `xfs` that tell of DAX files, and most of them of the page cache too. */
export const xfs: readonly Row[] = [
  {
    source: "xfs_file_fsync",
    words: "dev ino",
    events: "none: names the file of a sync call",
    says: "a sync call begins",
    anchor: "before",
    lines: "syncs",
    versions: "5.10 to 7.3",
    readBody: (body) => {
      const named = xfsFile(body);
      if (named === undefined) return undefined;
      const { file } = named;
      return { kind: "sync_function", file, descriptor: undefined, metadata: undefined };
    },
    binary: (layout) => {
      const file = layout.file("dev", "ino");
      if (file === undefined) return undefined;
      return (event) => {
        const of = file(event);
        if (of === undefined) return undefined;
        return { kind: "sync_function", file: of, descriptor: undefined, metadata: undefined };
      };
    },
  },
  removalRow("xfs_free_file_space", "the task takes blocks from the file", namesRemoval),
  {
    source: "xfs_zero_file_space",
    words: "dev ino",
    events: "none: names the file of a removal",
    anchor: "inside",
    lines: "removals",
    versions: "5.10 to 7.2",
    ...namesRemoval,
  },
  removalRow("xfs_collapse_file_space", "the task takes a range out of the file", namesRemoval),
  removalRow("xfs_insert_file_space", "the task opens a range in the file", namesRemoval),
  {
    ...removalRow("xfs_itruncate_extents_start", "the task takes blocks from the end of the file", {
      readBody: (body) => {
        const truncate = xfsTruncate(body);
        return truncate && { kind: "truncate_named", ...truncate };
      },
    }),
    words: "dev ino new_size",
  },
  {
    source: "xfs_reflink_remap_range",
    words: "dev ino -> ino",
    events: "none: names the files of a clone",
    anchor: "inside",
    lines: "removals",
    versions: "5.10 to 7.2",
    readBody: (body) => {
      const clone = xfsRemap(body);
      return clone && { kind: "clone_named", ...clone };
    },
  },
];
