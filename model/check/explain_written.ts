/**
 * What write(2) does to the watched page (`explain.ts`, `designs/dax_write.ts`).
 *
 * @module
 */
import { Extent } from "../extent.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, isPmdEntry, Tag, tagOf } from "../xarray.ts";
import {
  allocate,
  type Alternative,
  alternative,
  callBegin,
  callEnd,
  page,
  removeEntry,
  unmap,
} from "./alternative.ts";

/** The write has reached this page, or (`here` false) another one of its PMD range. */
export function explainWritten(state: State, here: boolean): readonly Alternative[] {
  const present = entryKind(state, page) !== Entry.NONE;
  const clean = (tagOf(state, page) & (Tag.DIRTY | Tag.TOWRITE)) === 0;
  // What must be written back first stays: -EBUSY, which nobody looks at.
  const deleted = present && clean ? [removeEntry("invalidate", here ? 1 : 0)] : [];
  const nothing = alternative([]);
  if (!here) {
    const zero = isPmdEntry(state, page) && entryKind(state, page) !== Entry.PFN;
    return zero ? [nothing, alternative([unmap, ...deleted])] : [nothing];
  }
  if (state.extent[page] === Extent.MAPPED) {
    // A block that files share is replaced by another one.
    return deleted.length === 0 ? [nothing] : [nothing, alternative([unmap, ...deleted])];
  }
  return [alternative([callBegin, allocate, ...deleted, unmap, callEnd])];
}
