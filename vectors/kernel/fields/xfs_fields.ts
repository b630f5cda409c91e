/**
 * Fields of the xfs events of fsync and of changes of extents (fs/xfs/xfs_trace.h). Inode numbers
 * are hexadecimal with 0x.
 *
 * @module
 */

import { device, exactNumber, roundedNumber } from "./field_text.ts";

/** `xfs_file_fsync`; that it is fdatasync only the system call tells. */
interface XfsFileFsync {
  readonly dev: string;
  readonly ino: number;
}

/** `xfs_free_file_space`, `xfs_zero_file_space`, `xfs_alloc_file_space`. */
interface XfsFileSpace {
  readonly dev: string;
  readonly ino: number;
  /** The range in bytes; undefined in older kernels, where only the system call tells it. */
  readonly range: { readonly offset: number; readonly len: number } | undefined;
}

/** `xfs_itruncate_extents_start`: extents behind `newSize` bytes go. */
interface XfsTruncate {
  readonly dev: string;
  readonly ino: number;
  readonly newSize: number;
}

/** `xfs_reflink_remap_range`: extents of one file become extents of another, too. */
interface XfsRemap {
  readonly dev: string;
  readonly ino: number;
  /** Inode number of the file that gets them. */
  readonly toIno: number;
}

// Class xfs_inode_class up to 6.13, which gained iflags on the way, then xfs_simple_io_class.
const INODE = /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0)(?: iflags \S+)?$/;
const SPACE =
  /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) isize \S+ disize \S+ pos (0x[0-9a-f]+|0) bytecount (0x[0-9a-f]+|0)$/;

const TRUNCATES = /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) (?:di)?size \S+ new_size (0x[0-9a-f]+|0)$/;
// Class xfs_double_io_class; `bytecount` was `count` and `pos` was `offset` in older kernels.
const REMAPS =
  /^dev (\d+):(\d+) (?:byte)?count \S+ ino (0x[0-9a-f]+|0) .* -> ino (0x[0-9a-f]+|0) .*(?:pos|offset) \S+$/;

/** Decodes `xfs_itruncate_extents_start`; undefined if `body` has not its shape. */
export function xfsTruncate(body: string): XfsTruncate | undefined {
  const [, major = "", minor = "", inode = "", size = ""] = TRUNCATES.exec(body) ?? [];
  const ino = exactNumber(inode);
  const newSize = roundedNumber(size);
  if (ino === undefined || newSize === undefined) return undefined;
  return { dev: device(major, minor), ino, newSize };
}

/** Decodes a clone; undefined if `body` has not its shape. */
export function xfsRemap(body: string): XfsRemap | undefined {
  const [, major = "", minor = "", from = "", to = ""] = REMAPS.exec(body) ?? [];
  const ino = exactNumber(from);
  const toIno = exactNumber(to);
  if (ino === undefined || toIno === undefined) return undefined;
  return { dev: device(major, minor), ino, toIno };
}

/** Decodes an fsync; undefined if `body` has not its shape. */
export function xfsFileFsync(body: string): XfsFileFsync | undefined {
  const [, major = "", minor = "", inode = ""] = INODE.exec(body) ?? [];
  const ino = exactNumber(inode);
  return ino === undefined ? undefined : { dev: device(major, minor), ino };
}

/** Decodes a change of extents; undefined if `body` has not its shape. */
export function xfsFileSpace(body: string): XfsFileSpace | undefined {
  const plain = xfsFileFsync(body);
  if (plain !== undefined) return { ...plain, range: undefined };
  const [, major = "", minor = "", inode = "", from = "", bytes = ""] = SPACE.exec(body) ?? [];
  const ino = exactNumber(inode);
  const offset = roundedNumber(from);
  const len = roundedNumber(bytes);
  if (ino === undefined || offset === undefined || len === undefined) return undefined;
  return { dev: device(major, minor), ino, range: { offset, len } };
}
