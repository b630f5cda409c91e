/**
 * What the invariants of DAX mappings ask.
 *
 * @module
 */
import type { JudgeRow } from "./row.ts";

const quiet = "quiet(page)";
const mapped = "has_mapping(page)";
/** The pages that an event of this order is about, of an event that has one. */
const pagesOfOrder = [
  's = order == "pmd" ? start(page) : page',
  'e = order == "pmd" ? s + pmdPages : page + 1',
] as const;
const pmdRange = ["s = start(page)", "e = s + pmdPages"] as const;
const onCallEnd = { on: ["call_end"], looks: "after" } as const;

/** Rows of holes, entries, blocks and marks, in the order of the catalogue. */
export const daxJudges: readonly JudgeRow[] = [
  {
    id: "DAX-HOLE-1",
    ...onCallEnd,
    asked: `${quiet} and extent[page] == MAPPED`,
    holds: "not is_mapped(PTE_ZERO, page, page + 1)",
  },
  {
    id: "DAX-HOLE-2",
    on: ["map_page"],
    looks: "before",
    asked: 'access == "zero"',
    holds: "locker(page) == task + 1 and saw[task] == SAW_HOLE + SAW_LOCKED",
  },
  {
    id: "DAX-HOLE-3",
    ...onCallEnd,
    asked: `${quiet} and is_mapped(PTE_ZERO, page, page + 1)`,
    holds: "kind(page) == ZERO",
  },
  {
    id: "DAX-HOLE-4",
    ...onCallEnd,
    asked: `${quiet} and entry[page] == PFN + PMD`,
    holds: "not is_mapped(PTE_ZERO, start(page), start(page) + pmdPages)",
  },
  {
    id: "DAX-HOLE-5",
    on: ["insert_entry"],
    looks: "before",
    where: [
      's = order == "pmd" ? start(page) : first(page)',
      'e = order == "pmd" ? s + pmdPages : end(page)',
    ],
    asked: 'value != "zero" and any p in [s, e): kind(p) == ZERO',
    holds: "not is_mapped(PTE_ZERO, s, e)",
  },
  {
    id: "DAX-ENTRY-1",
    on: ["remove_entry", "insert_entry"],
    looks: "before",
    asked: "locker(page) != 0",
    holds: "locker(page) == task + 1",
  },
  {
    id: "DAX-ENTRY-1",
    on: ["lock_entry"],
    looks: "before",
    where: pmdRange,
    asked: 'order == "pmd" and any p in [s, e): locker(p) != 0',
    holds: "false",
  },
  {
    id: "DAX-ENTRY-2",
    on: ["insert_entry", "lock_entry"],
    looks: "before",
    where: pmdRange,
    asked: 'order == "pmd"',
    holds: "all p in [s, e): kind(p) == NONE or entry[p] & PMD",
  },
  {
    id: "DAX-ENTRY-2",
    on: ["map_page"],
    looks: "before",
    where: [
      ...pmdRange,
      'other = order == "pmd" ? 0 : PTE_HUGE',
      "is_other = any p in [s, e): access_of(mapping, p) != PTE_NONE and " +
      "(pte[at(mapping, p)] & PTE_HUGE) == other",
    ],
    asked: 'order == "pmd" or is_other',
    holds: "not is_other",
  },
  {
    id: "DAX-ENTRY-3",
    ...onCallEnd,
    asked: `${quiet} and kind(page) == PFN`,
    holds: "extent[page] == MAPPED",
  },
  {
    id: "DAX-ENTRY-4",
    ...onCallEnd,
    asked: `${quiet} and ${mapped}`,
    holds: "kind(page) != NONE",
  },
  {
    id: "DAX-ENTRY-5",
    on: ["unlock_entry"],
    looks: "after",
    where: ["h = head(page)", "slept = count t in [0, tasks): waits[t] == h + 1"],
    asked: "slept > 0",
    holds: "(count t in [0, tasks): waits[t] == h + 1) < slept",
  },
  {
    id: "DAX-ENTRY-5",
    on: ["remove_entry"],
    looks: "after",
    where: ["h = head(page)", "slept = count t in [0, tasks): waits[t] == h + 1"],
    asked: "slept > 0",
    holds: "all t in [0, tasks): waits[t] != h + 1",
  },
  {
    id: "DAX-EMPTY-1",
    ...onCallEnd,
    asked: `${quiet} and kind(page) == EMPTY`,
    holds: `not ${mapped}`,
  },
  {
    id: "DAX-ZERO-1",
    on: ["map_page"],
    looks: "before",
    where: pagesOfOrder,
    asked: 'contents and (access == "read" or access == "write")',
    holds: "all p in [s, e): content[p] != STALE",
  },
  {
    id: "DAX-ZERO-2",
    on: ["zero_block", "allocate"],
    looks: "before",
    asked: "contents",
    holds: "content[page] != DATA",
  },
  {
    id: "DAX-SIZE-1",
    on: ["map_folio", "removal_end"],
    looks: "after",
    asked: "removed[page] & RETURNED and within(page) >= size[file_of(page)]",
    holds: "not is_mapped(PTE_READ, page, page + 1) and not is_mapped(PTE_WRITE, page, page + 1)",
  },
  {
    id: "DAX-SIZE-1",
    on: ["map_page"],
    looks: "after",
    asked: 'extent[page] == BEYOND and access != "anonymous"',
    holds: "false",
  },
  {
    id: "DAX-SIZE-1",
    ...onCallEnd,
    asked: `${quiet} and extent[page] == BEYOND`,
    holds: `not ${mapped}`,
  },
  {
    id: "DAX-COW-1",
    on: ["store"],
    looks: "before",
    asked: "given(privateFrom) and mapping >= privateFrom",
    holds: "access_of(mapping, page) == PTE_ANON",
  },
  {
    id: "DAX-TAG-1",
    on: ["map_page"],
    looks: "after",
    asked: 'access == "write"',
    holds: "tags(page) & DIRTY",
  },
  {
    id: "DAX-TAG-2",
    on: ["remove_entry"],
    looks: "before",
    where: ['lost = why != "invalidate" and why != "downgrade"'],
    asked: "tags(page) & (lost ? DIRTY : DIRTY + TOWRITE)",
    holds: "lost and from < end(page) and first(page) < to",
  },
  {
    id: "DAX-TAG-3",
    on: ["insert_entry", "set_mark"],
    looks: "after",
    asked: "tags(page) & DIRTY or kind(page) == ZERO",
    holds: "not (tags(page) & DIRTY) or kind(page) == PFN",
  },
  {
    id: "DAX-TAG-4",
    on: ["remove_entry"],
    looks: "before",
    asked: 'why != "invalidate" and why != "downgrade" and ' +
      "not (from <= first(page) and to >= end(page))",
    holds: "not (tags(page) & DIRTY)",
  },
  {
    id: "DAX-CLEAN-1",
    on: ["mkclean", "flush", "clear_dirty"],
    looks: "before",
    asked: "true",
    holds: "locker(page) == task + 1",
  },
  {
    id: "DAX-CLEAN-2",
    on: ["clear_dirty"],
    looks: "before",
    asked: "pass[head(page)] & PROTECTED or is_writable(first(page), end(page))",
    holds: "not is_writable(first(page), end(page))",
  },
  {
    id: "DAX-CLEAN-3",
    on: ["clear_dirty"],
    looks: "before",
    asked: "true",
    holds: "pass[head(page)] & FLUSHED",
  },
  {
    id: "DAX-CLEAN-3",
    on: ["mkclean"],
    looks: "before",
    asked: "access_of(mapping, page) == PTE_WRITE",
    holds: "not (pass[head(page)] & FLUSHED)",
  },
  {
    id: "DAX-WAIT-1",
    on: ["sync_end"],
    looks: "before",
    asked: "any p in [0, pages): owed[task * pages + p] & (OWED_CLEAN + OWED_BEGAN)",
    holds: "all p in [0, pages): not (owed[task * pages + p] & OWED_CLEAN)",
  },
];
