/**
 * Lines of hole punches and truncations: what they take out of the page cache. What names their files are
 * lines of their file systems.
 *
 * @module
 */
import { type CacheRow, probedSince510 } from "./row.ts";
import { fileOfProbe, numberIn } from "./words.ts";
import type { Words } from "../line_words.ts";

/** Bytes of `truncate_inode_pages_range`; its `end` is the last byte, or -1 for all that follow. */
function cutOf(words: Words) {
  const file = fileOfProbe(words);
  const from = numberIn(words, "start");
  const last = numberIn(words, "end");
  if (file === undefined || from === undefined || last === undefined) return undefined;
  return { file, from, to: last === -1 ? Infinity : last + 1 };
}

/** The lines of removals. */
export const removalRows: readonly CacheRow[] = [
  {
    source: "truncate_inode_pages_range()",
    words: "dev ino start end",
    says: "folios of these bytes leave the page cache from here on, under invalidate_lock",
    anchor: "before",
    versions: probedSince510,
    read: (words) => {
      const cut = cutOf(words);
      return cut === undefined ? undefined : { kind: "cut_begun", ...cut };
    },
  },
  {
    source: "truncate_inode_pages_range() returns",
    words: "dev ino start end nrpages",
    changes: "nrpages",
    says: "none of them is left; how many pages the mapping has then",
    anchor: "after",
    versions: probedSince510,
    read: (words) => {
      const cut = cutOf(words);
      if (cut === undefined) return undefined;
      return { kind: "cut_ended", ...cut, pages: numberIn(words, "nrpages") };
    },
  },
];
