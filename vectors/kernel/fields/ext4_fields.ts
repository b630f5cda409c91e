/**
 * Fields of the ext4 events of fsync and of changes of size and extents
 * (include/trace/events/ext4.h). Devices are printed with a comma, inode numbers in decimal.
 *
 * @module
 */

import { device, exactNumber, roundedNumber } from "./field_text.ts";

/** `ext4_sync_file_enter`. */
interface Ext4SyncFileEnter {
  readonly dev: string;
  readonly ino: number;
  /** True for fdatasync, and for msync. */
  readonly datasync: boolean;
}

/** `ext4_sync_file_exit`. */
interface Ext4SyncFileExit {
  readonly dev: string;
  readonly ino: number;
  /** 0 or a negative errno. */
  readonly ret: number;
}

/**
 * `ext4_punch_hole`, `ext4_zero_range`, `ext4_fallocate_enter`, and `ext4_collapse_range`,
 * `ext4_insert_range`, which print no mode.
 */
interface Ext4Range {
  readonly dev: string;
  readonly ino: number;
  /** Bytes. */
  readonly offset: number;
  /** Bytes. */
  readonly len: number;
  /** Names of the `FALLOC_FL_*` that are set; for a punch 5.10 and 6.12 print none. */
  readonly mode: ReadonlySet<string>;
}

/** `ext4_fallocate_exit`. */
interface Ext4FallocateExit {
  readonly dev: string;
  readonly ino: number;
  /** Bytes. */
  readonly offset: number;
  readonly blocks: number;
  /** 0 or a negative errno. */
  readonly ret: number;
}

/** `ext4_truncate_enter`, `ext4_truncate_exit`; the new size is not printed. */
interface Ext4Truncate {
  readonly dev: string;
  readonly ino: number;
  /** `i_blocks`: units of 512 bytes. */
  readonly blocks: number;
}

const SYNC_ENTER = /^dev (\d+),(\d+) ino (\d+) parent \d+ datasync (-?\d+) ?$/;
const SYNC_EXIT = /^dev (\d+),(\d+) ino (\d+) ret (-?\d+)$/;
const RANGE = /^dev (\d+),(\d+) ino (\d+) offset (-?\d+) len (-?\d+)(?: mode ?(\S*))?$/;
const FALLOCATE_EXIT = /^dev (\d+),(\d+) ino (\d+) pos (-?\d+) blocks (\d+) ret (-?\d+)$/;
const TRUNCATE = /^dev (\d+),(\d+) ino (\d+) blocks (\d+)$/;

/** Decodes the beginning of an fsync; undefined if `body` has not its shape. */
export function ext4SyncFileEnter(body: string): Ext4SyncFileEnter | undefined {
  const [, major = "", minor = "", inode = "", datasync] = SYNC_ENTER.exec(body) ?? [];
  const ino = exactNumber(inode);
  if (ino === undefined) return undefined;
  return { dev: device(major, minor), ino, datasync: datasync !== "0" };
}

/** Decodes the end of an fsync; undefined if `body` has not its shape. */
export function ext4SyncFileExit(body: string): Ext4SyncFileExit | undefined {
  const [, major = "", minor = "", inode = "", result = ""] = SYNC_EXIT.exec(body) ?? [];
  const ino = exactNumber(inode);
  const ret = exactNumber(result);
  if (ino === undefined || ret === undefined) return undefined;
  return { dev: device(major, minor), ino, ret };
}

/** Decodes a change of a range of bytes; undefined if `body` has not its shape. */
export function ext4Range(body: string): Ext4Range | undefined {
  const [, major = "", minor = "", inode = "", from = "", bytes = "", mode = ""] =
    RANGE.exec(body) ?? [];
  const ino = exactNumber(inode);
  const offset = roundedNumber(from);
  const len = roundedNumber(bytes);
  if (ino === undefined || offset === undefined || len === undefined) return undefined;
  const names = new Set(mode === "" ? [] : mode.split("|"));
  return { dev: device(major, minor), ino, offset, len, mode: names };
}

/** Decodes the end of a fallocate; undefined if `body` has not its shape. */
export function ext4FallocateExit(body: string): Ext4FallocateExit | undefined {
  const [, major = "", minor = "", inode = "", from = "", count = "", result = ""] =
    FALLOCATE_EXIT.exec(body) ?? [];
  const ino = exactNumber(inode);
  const offset = roundedNumber(from);
  const blocks = exactNumber(count);
  const ret = exactNumber(result);
  if (ino === undefined || offset === undefined) return undefined;
  if (blocks === undefined || ret === undefined) return undefined;
  return { dev: device(major, minor), ino, offset, blocks, ret };
}

/** Decodes a truncate; undefined if `body` has not its shape. */
export function ext4Truncate(body: string): Ext4Truncate | undefined {
  const [, major = "", minor = "", inode = "", count = ""] = TRUNCATE.exec(body) ?? [];
  const ino = exactNumber(inode);
  const blocks = exactNumber(count);
  if (ino === undefined || blocks === undefined) return undefined;
  return { dev: device(major, minor), ino, blocks };
}
