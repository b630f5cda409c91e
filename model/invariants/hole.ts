/**
 * Hole mappings against block allocation: the family of the first seed (spec/1-dax-faults.md).
 *
 * @module
 */
import { Extent } from "../extent.ts";
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { anyPte, Pte } from "../page_table.ts";
import type { State } from "../state.ts";
import {
  endPageOf,
  Entry,
  entryKind,
  firstPageOf,
  holderOf,
  isPmdEntry,
  pmdStart,
  Saw,
} from "../xarray.ts";

/** Nobody is inside a call for the page and its entry is unlocked: nothing about it is transient. */
function quiet(state: State, page: number): boolean {
  return state.inflight[page] === 0 && holderOf(state, page) === 0;
}

/** Judges of hole mappings, in the order of the chapter. */
export const holeInvariants: readonly Invariant[] = [
  invariant({
    id: "DAX-HOLE-1",
    about: "mapping",
    needs: ["faults", "holes"],
    on: ["call_end"],
    judge: (_before, { page }, after) => {
      if (!quiet(after, page) || after.extent[page] !== Extent.MAPPED) return Judgement.IDLE;
      return keptIf(!anyPte(after, Pte.ZERO, page, page + 1));
    },
    breach: "a page table still maps the zero page over an allocated block",
    loss: "that process reads zeros for ever, while others read and write the data",
  }),
  invariant({
    id: "DAX-HOLE-2",
    about: "mapping",
    needs: ["faults", "holes"],
    on: ["map_page"],
    judge: (before, { task, page, access }) => {
      if (access !== "zero") return Judgement.IDLE;
      const locked = holderOf(before, page) === task + 1;
      return keptIf(locked && before.saw[task] === (Saw.HOLE | Saw.LOCKED));
    },
    breach: "a hole was mapped on the word of a lookup made outside the entry lock",
    loss: "the block allocated in between is hidden behind the zero page",
  }),
  invariant({
    id: "DAX-HOLE-3",
    about: "mapping",
    needs: ["entries", "page-tables"],
    on: ["call_end"],
    judge: (_before, { page }, after) => {
      if (!quiet(after, page) || !anyPte(after, Pte.ZERO, page, page + 1)) return Judgement.IDLE;
      return keptIf(entryKind(after, page) === Entry.ZERO);
    },
    breach: "the zero page is mapped where the XArray holds no ZERO entry",
    loss: "a later allocation cannot know that there is a hole mapping to remove",
  }),
  invariant({
    id: "DAX-HOLE-4",
    about: "mapping",
    needs: ["faults", "holes"],
    on: ["call_end"],
    judge: (_before, { page }, after) => {
      const real = isPmdEntry(after, page) && entryKind(after, page) === Entry.PFN;
      if (!real || !quiet(after, page)) return Judgement.IDLE;
      const start = pmdStart(after, page);
      return keptIf(!anyPte(after, Pte.ZERO, start, start + after.bounds.pmdPages));
    },
    breach: "a page of a real PMD entry is still mapped to the zero page somewhere",
    loss: "that process reads zeros for ever, while others read and write the data",
  }),
  invariant({
    id: "DAX-HOLE-5",
    about: "mapping",
    needs: ["entries", "page-tables"],
    on: ["insert_entry"],
    judge: (before, { page, value, order }) => {
      if (value === "zero") return Judgement.IDLE;
      const from = order === "pmd" ? pmdStart(before, page) : firstPageOf(before, page);
      const to = order === "pmd" ? from + before.bounds.pmdPages : endPageOf(before, page);
      for (let each = from; each < to; each++) {
        if (entryKind(before, each) === Entry.ZERO) {
          return keptIf(!anyPte(before, Pte.ZERO, from, to));
        }
      }
      return Judgement.IDLE;
    },
    breach: "a ZERO entry was replaced while a page table still mapped its zero page",
    loss: "that process reads zeros where the file has data",
  }),
];
