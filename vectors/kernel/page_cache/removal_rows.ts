/**
 * Lines of hole punches and truncations: what they take out of the page cache, and of which file.
 *
 * @module
 */
import type { Reading } from "./reading.ts";
import { type PageCacheRow, probedOn } from "./row.ts";
import { fileOfProbe, fileOfTracepoint, numberIn, type Words } from "./words.ts";

/** Bytes of `truncate_inode_pages_range`; its `end` is the last byte, or -1 for all that follow. */
function cutOf(words: Words) {
  const file = fileOfProbe(words);
  const from = numberIn(words, "start");
  const last = numberIn(words, "end");
  if (file === undefined || from === undefined || last === undefined) return undefined;
  return { file, from, to: last === -1 ? Infinity : last + 1 };
}

/** A line of a file system that holds invalidate_lock exclusive in every removal. */
function naming(source: string, says: string): PageCacheRow {
  return {
    source,
    words: "dev ino",
    says,
    anchor: "inside",
    versions: "5.10 to 7.3",
    read: (words): Reading | undefined => {
      const file = fileOfTracepoint(words);
      return file === undefined ? undefined : { kind: "removal_named", file };
    },
  };
}

/** The lines of removals. */
export const removalRows: readonly PageCacheRow[] = [
  naming("ext4_punch_hole", "the task punches a hole into the file"),
  naming("ext4_zero_range", "the task zeroes a range of the file"),
  naming("ext4_truncate_enter", "the task truncates the file"),
  naming("ext4_collapse_range", "the task takes a range out of the file"),
  naming("ext4_insert_range", "the task opens a range in the file"),
  naming("xfs_free_file_space", "the task takes blocks from the file"),
  naming("xfs_itruncate_extents_start", "the task takes blocks from the end of the file"),
  naming("xfs_collapse_file_space", "the task takes a range out of the file"),
  naming("xfs_insert_file_space", "the task opens a range in the file"),
  {
    source: "truncate_inode_pages_range()",
    words: "dev ino start end",
    says: "folios of these bytes leave the page cache from here on, under invalidate_lock",
    anchor: "before",
    versions: probedOn,
    read: (words) => {
      const cut = cutOf(words);
      return cut === undefined ? undefined : { kind: "cut_begun", ...cut };
    },
  },
  {
    source: "truncate_inode_pages_range() returns",
    words: "dev ino start end nrpages",
    says: "none of them is left; how many pages the mapping has then",
    anchor: "after",
    versions: probedOn,
    read: (words) => {
      const cut = cutOf(words);
      if (cut === undefined) return undefined;
      return { kind: "cut_ended", ...cut, pages: numberIn(words, "nrpages") };
    },
  },
];
