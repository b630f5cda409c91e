/**
 * Lines of an inode of XFS and the log: when a checkpoint begins to hold it, when that is in the log, and
 * what of it a transaction changes. A transaction that changes an inode which the next checkpoint holds
 * already prints no pin, so what it changes must be seen by itself.
 *
 * @module
 */
import type { FileId } from "../../../model/check/observation.ts";
import type { CacheReading } from "./cache_reading.ts";
import type { CacheRow, CacheWordsRow, LineOutcome } from "./row.ts";
import { xfsBytes } from "./direct_io.ts";
import { fileOfTracepoint, numberIn } from "./words.ts";
import type { Words } from "../line_words.ts";

function row(
  source: string,
  says: string,
  anchor: CacheRow["anchor"],
  versions: string,
  read: (file: FileId, words: Words) => LineOutcome<CacheReading>,
): CacheWordsRow {
  return {
    source,
    words: "dev ino",
    says,
    anchor,
    versions,
    read: (words) => {
      const file = fileOfTracepoint(words);
      return file && read(file, words);
    },
  };
}

function pin(source: string, kind: "inode_pinned" | "inode_unpinned"): CacheWordsRow {
  const says = kind === "inode_pinned"
    ? "a change of the inode waits for a checkpoint of the log"
    : "a checkpoint with the inode is in the log; with pincount 1 none is missing";
  return {
    ...row(source, says, "before", "5.10 to 6.18", (file, words) => {
      const pins = numberIn(words, "pincount");
      if (pins === undefined) return undefined;
      return kind === "inode_pinned" ? { kind, file, pins, times: false } : { kind, file, pins };
    }),
    words: "dev ino pincount",
  };
}

/** The lowest start of an extent without blocks (`isnullstartblock()`, fs/xfs/libxfs/xfs_format.h). */
const firstDelayed = 2 ** 52 - 2 ** 17;

/** Of an extent that has blocks, and is not written (`XFS_EXT_UNWRITTEN`): before, a hole was there. */
const GETS_BLOCKS = / flag 1 caller xfs_bmap_add_extent_(?:delay|hole)_real\+/;

/** A delayed allocation is in no transaction: when it gets its blocks, another line tells. */
function extentChanged(source: string, says: string, anchor: CacheRow["anchor"]): CacheWordsRow {
  return {
    source,
    words: "dev ino startblock flag caller",
    says,
    anchor,
    versions: "5.10 to 6.18",
    read: (words, { body }) => {
      const file = fileOfTracepoint(words);
      if (file === undefined) return undefined;
      if ((numberIn(words, "startblock") ?? 0) >= firstDelayed) return "nothing";
      const how = body.includes(" caller xfs_bmap_add_extent_unwritten_real+")
        ? "marked_written"
        : GETS_BLOCKS.test(body)
        ? "unwritten"
        : "other";
      return { kind: "extent_changed", file, how };
    },
  };
}

/** Lines of inodes of XFS. */
export const xfsInodeRows: readonly CacheRow[] = [
  pin("xfs_inode_pin", "inode_pinned"),
  pin("xfs_inode_unpin", "inode_unpinned"),
  row(
    "xfs_update_time",
    "only times of the inode change next",
    "before",
    "5.10 to 6.18",
    (file) => ({ kind: "inode_changes", file, times: true }),
  ),
  extentChanged(
    "xfs_iext_insert",
    "an extent of the file is new, unless its blocks are not allocated yet",
    "before",
  ),
  extentChanged(
    "xfs_iext_remove",
    "an extent of the file goes, unless its blocks are not allocated yet",
    "before",
  ),
  extentChanged(
    "xfs_bmap_post_update",
    "an extent of the file has changed, unless its blocks are not allocated yet",
    "after",
  ),
  {
    ...row(
      "xfs_setfilesize",
      "the size on the device grows to what was written",
      "before",
      "5.10 to 6.18",
      (file, words) => {
        const from = numberIn(words, "disize");
        const to = xfsBytes(words)?.to;
        return from === undefined || to === undefined
          ? { kind: "extent_changed", file, how: "other" }
          : { kind: "disk_size_grows", file, from: Math.min(from, to), to };
      },
    ),
    words: "dev ino disize pos bytecount offset count",
  },
  row(
    "xfs_setattr",
    "the size of the file changes next, or its mode or owner",
    "before",
    "5.10 to 6.18",
    (file) => ({ kind: "extent_changed", file, how: "other" }),
  ),
];
