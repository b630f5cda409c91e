/**
 * What a punch, zero range, truncate, collapse or insert does to the watched page (`explain.ts`).
 *
 * @module
 */
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Pte } from "../page_table.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, isPmdEntry } from "../xarray.ts";
import {
  type Alternative,
  alternative,
  mapping,
  on,
  page,
  removeEntry,
  unmap,
} from "./alternative.ts";
import type { Projection } from "./projection.ts";

type Removed = Extract<Projection, { kind: "removal" }>;

/** What a removal does to the watched page, at one moment inside the call. */
export function explainRemoval(state: State, seen: Removed): readonly Alternative[] {
  const present = entryKind(state, page) !== Entry.NONE;
  if (seen.relation === "inside") {
    // What is truncated away may be added again as a hole, what is collapsed makes place for others.
    const becomes = seen.why === "zero_range" ? "unwritten" : "hole";
    return [alternative([
      unmap,
      ...(present ? [removeEntry(seen.why, 1)] : []),
      { kind: "remove_extent", ...on, becomes },
    ])];
  }
  const nothing = alternative([]);
  if (seen.relation === "shifted") {
    // What comes here instead may be a hole. Behind the end of the file only an insert brings anything,
    // and only to as many pages as it inserts: that a truncate has met just these is not believed.
    const gone = alternative([unmap, ...(present ? [removeEntry(seen.why, 0)] : [])]);
    const hole: Event = { kind: "remove_extent", ...on, becomes: "hole" };
    const opened = alternative([...gone.events, hole]);
    if (state.extent[page] !== Extent.BEYOND) return [gone, opened];
    return seen.why === "insert" ? [gone, { ...opened, farfetched: true }] : [gone];
  }
  if (!present) return [nothing];
  const huge = ((state.pte[mapping] ?? 0) & Pte.HUGE) !== 0;
  const unmapsHuge = huge ? [unmap] : [];
  if (seen.relation === "partial") {
    return [nothing, alternative([unmap, removeEntry(seen.why, 1)])];
  }
  if (!isPmdEntry(state, page)) return [nothing];
  const whole = alternative([...unmapsHuge, removeEntry(seen.why, 0)]);
  if (seen.relation === "edge") return [nothing, whole];
  return seen.removesWholeEntries ? [whole] : [whole, alternative(unmapsHuge, 1)];
}
