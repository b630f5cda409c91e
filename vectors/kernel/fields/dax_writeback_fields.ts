/**
 * Fields of the fs_dax events of writeback (include/trace/events/fs_dax.h).
 *
 * @module
 */

import { device, exactNumber, roundedNumber } from "./field_text.ts";

/** `dax_writeback_range`, `dax_writeback_range_done`. */
interface DaxWritebackRange {
  readonly dev: string;
  readonly ino: number;
  /** First page; in `_done` where the walk stopped, not where it began. */
  readonly start: number;
  /** Last page, inclusive; 0x7ffffffffffff says "to the end". */
  readonly end: number;
}

/** `dax_writeback_one`: the DIRTY tag of one entry was cleared. */
interface DaxWritebackOne {
  readonly dev: string;
  readonly ino: number;
  /** First page of the entry. */
  readonly pgoff: number;
  /** Pages: 1, or 512 for an entry of 2 MiB. */
  readonly pglen: number;
}

const RANGE = /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) pgoff (0x[0-9a-f]+|0)-(0x[0-9a-f]+|0)$/;
const ONE = /^dev (\d+):(\d+) ino (0x[0-9a-f]+|0) pgoff (0x[0-9a-f]+|0) pglen (0x[0-9a-f]+|0)$/;

/** Decodes the range of a writeback; undefined if `body` has not its shape. */
export function daxWritebackRange(body: string): DaxWritebackRange | undefined {
  const [, major = "", minor = "", inode = "", from = "", to = ""] = RANGE.exec(body) ?? [];
  const ino = exactNumber(inode);
  const start = roundedNumber(from);
  const end = roundedNumber(to);
  if (ino === undefined || start === undefined || end === undefined) return undefined;
  return { dev: device(major, minor), ino, start, end };
}

/** Decodes the writeback of one entry; undefined if `body` has not its shape. */
export function daxWritebackOne(body: string): DaxWritebackOne | undefined {
  const [, major = "", minor = "", inode = "", page = "", pages = ""] = ONE.exec(body) ?? [];
  const ino = exactNumber(inode);
  const pgoff = roundedNumber(page);
  const pglen = roundedNumber(pages);
  if (ino === undefined || pgoff === undefined || pglen === undefined) return undefined;
  return { dev: device(major, minor), ino, pgoff, pglen };
}
