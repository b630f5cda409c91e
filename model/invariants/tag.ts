/**
 * The DIRTY mark: who must set it, and when it may go (spec/4-mkclean.md).
 *
 * @module
 */
import { type Invariant, invariant, Judgement, keptIf } from "../invariant.ts";
import { endPageOf, Entry, entryKind, firstPageOf, Tag, tagOf } from "../xarray.ts";

/** Judges of the DIRTY mark, in the order of the chapter. */
export const markInvariants: readonly Invariant[] = [
  invariant({
    id: "DAX-TAG-1",
    about: "mapping",
    needs: ["marks", "page-tables"],
    on: ["map_page"],
    judge: (_before, { page, access }, after) =>
      access === "write" ? keptIf((tagOf(after, page) & Tag.DIRTY) !== 0) : Judgement.IDLE,
    breach: "a writable PTE was installed for an entry that is not DIRTY",
    loss: "stores through it are invisible to every later fsync",
    implies: ["DUR-1"],
  }),
  invariant({
    id: "DAX-TAG-2",
    about: "entry",
    needs: ["marks", "entries"],
    on: ["remove_entry"],
    judge: (before, { page, why, from, to }) => {
      const marks = tagOf(before, page);
      const removes = why !== "invalidate" && why !== "downgrade";
      if ((marks & (removes ? Tag.DIRTY : Tag.DIRTY | Tag.TOWRITE)) === 0) return Judgement.IDLE;
      return keptIf(removes && from < endPageOf(before, page) && firstPageOf(before, page) < to);
    },
    breach: "a DIRTY entry was dropped although its range stays in the file",
    loss: "the next fsync does not flush what was stored through a mapping",
    implies: ["DUR-1"],
  }),
  invariant({
    id: "DAX-TAG-3",
    about: "entry",
    needs: ["holes", "passes"],
    onlyBreachShows: true,
    on: ["insert_entry", "set_mark"],
    judge: (_before, { page }, after) => {
      if ((tagOf(after, page) & Tag.DIRTY) === 0) {
        return entryKind(after, page) === Entry.ZERO ? Judgement.KEPT : Judgement.IDLE;
      }
      return keptIf(entryKind(after, page) === Entry.PFN);
    },
    breach: "a ZERO or EMPTY entry was marked DIRTY",
    loss: "fsync flushes the zero page; if it meets the entry locked, it warns and fails with EIO",
  }),
  invariant({
    id: "DAX-TAG-4",
    about: "entry",
    needs: ["faults", "passes", "removals"],
    on: ["remove_entry"],
    judge: (before, { page, from, to, why }) => {
      if (why === "invalidate" || why === "downgrade") return Judgement.IDLE;
      const whole = from <= firstPageOf(before, page) && to >= endPageOf(before, page);
      return whole ? Judgement.IDLE : keptIf((tagOf(before, page) & Tag.DIRTY) === 0);
    },
    breach: "a DIRTY entry was deleted by a call that does not remove all of its pages",
    loss:
      "what was stored to the pages that stay was never flushed, and the next fsync finds no mark",
    implies: ["DUR-1"],
  }),
];
