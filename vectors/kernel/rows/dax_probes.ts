/**
 * Functions of fs/dax.c and those that it calls: what mkclean visited, what was worked on or deleted.
 *
 * @module
 */
import { textIn } from "../line_words.ts";
import type { DaxRow } from "./row.ts";

/** Probes on DAX writeback and removal. */
export const daxProbes: readonly DaxRow[] = [
  {
    source: "pfn_mkclean_range()",
    words: "vm_start vm_end",
    events: "mkclean: the pass visits this VMA",
    anchor: "before",
    lines: "visits",
    versions: "6.1 to 7.2",
    read: (words) => {
      const start = Number(textIn(words, "vm_start"));
      const end = Number(textIn(words, "vm_end"));
      const known = Number.isFinite(start) && Number.isFinite(end);
      const visit = known ? { kind: "vma", start, end } as const : undefined;
      return { kind: "mkclean_visits", by: "vma", visit };
    },
  },
  {
    source: "follow_invalidate_pte()",
    words: "addr",
    events: "mkclean: the pass visits what is mapped here",
    anchor: "before",
    lines: "visits",
    versions: "5.10",
    read: (words) => {
      const address = Number(textIn(words, "addr"));
      const visit = Number.isFinite(address)
        ? { kind: "address", address, vacant: false } as const
        : undefined;
      return { kind: "mkclean_visits", by: "address", visit };
    },
  },
  {
    source: "follow_invalidate_pte() returns",
    words: "ret",
    events: "none: if it returned an error, nothing is mapped there",
    anchor: "after",
    lines: "visits",
    versions: "5.10",
    // -EINVAL: no PTE and no PMD maps the address.
    read: (words) => Number(textIn(words, "ret")) < 0 ? { kind: "visit_vacant" } : "nothing",
  },
  {
    source: "dax_flush()",
    words: "none",
    events: "none: the pass works on an entry",
    anchor: "inside",
    lines: undefined,
    versions: "5.10 to 7.2",
    read: () => ({ kind: "pass_works" }),
  },
  {
    source: "dax_delete_mapping_entry()",
    words: "index",
    events: "remove_entry",
    anchor: "before",
    lines: "removals",
    versions: "5.10 to 7.2",
    read: (words) => {
      const pgoff = Number(textIn(words, "index"));
      return Number.isSafeInteger(pgoff) ? { kind: "entry_deleted", pgoff } : "nothing";
    },
  },
];
