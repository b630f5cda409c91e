/**
 * What a removal may do to the watched page, at one moment inside the call.
 *
 * @module
 */
import { Pte } from "../page_table.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, isPmdEntry } from "../xarray.ts";
import {
  type Alternative,
  alternative,
  on,
  page,
  removeEntry,
  silentRemoval,
  unmap,
} from "./alternative.ts";
import type { Projection } from "./explain.ts";

type Seen = Extract<Projection, { kind: "removal" }>;

/** T5, T6: what a removal does to the watched page, at one moment inside the call. */
export function explainRemoval(state: State, seen: Seen): readonly Alternative[] {
  const present = entryKind(state, page) !== Entry.NONE;
  const huge = ((state.pte[0] ?? 0) & Pte.HUGE) !== 0;
  const unmapsHuge = huge ? [unmap] : [];
  // Every removal unmaps the whole file first, to find pages that are pinned.
  const unmapped: readonly Alternative[] = [alternative([]), alternative([unmap])];
  if (seen.relation === "unknown") {
    const removed = [unmap, ...(present ? [silentRemoval] : [])];
    return [...unmapped, alternative(removed)];
  }
  if (seen.relation === "inside") {
    const becomes = seen.why === "zero_range"
      ? "unwritten"
      : seen.why === "truncate"
      ? "beyond"
      : "hole";
    return [alternative([
      unmap,
      ...(present ? [removeEntry(seen.why, 1)] : []),
      { kind: "remove_extent", ...on, becomes },
    ])];
  }
  if (!present) return unmapped;
  if (seen.relation === "shifted") return [alternative([unmap, removeEntry(seen.why, 0)])];
  if (seen.relation === "elsewhere") {
    // Breaking layouts deletes every entry of the file since 6.15 (chapter 4).
    const deleted = alternative([unmap, removeEntry("layout", 0)]);
    return seen.removesElsewhere ? [...unmapped, deleted] : unmapped;
  }
  const gone = [...unmapsHuge, removeEntry(seen.why, seen.relation === "partial" ? 1 : 0)];
  if (seen.relation === "partial") return [alternative([]), alternative([unmap, ...gone])];
  if (!isPmdEntry(state, page)) {
    const deleted = alternative([unmap, removeEntry("layout", 0)]);
    return seen.removesElsewhere ? [...unmapped, deleted] : unmapped;
  }
  const whole = alternative(gone);
  return seen.removesWholeEntries ? [whole] : [whole, alternative([...unmapsHuge], 1)];
}
