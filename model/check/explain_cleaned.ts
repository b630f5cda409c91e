/**
 * Which events a recorded end of cleaning may stand for (`explain.ts`).
 *
 * @module
 */
import { match } from "../match.ts";
import type { Event } from "../event.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, isPmdEntry, Tag, tagOf } from "../xarray.ts";
import {
  type Alternative,
  alternative,
  lock,
  mapping,
  on,
  page,
  unlock,
  unmap,
} from "./alternative.ts";
import type { Projection } from "./projection.ts";

type Cleaned = Extract<Projection, { kind: "cleaned" }>;

/** A pass over one entry, of which only the end is recorded. */
export function explainCleaned(state: State, seen: Cleaned): readonly Alternative[] {
  const found = passes(state, seen);
  return seen.overtaken ? [...found, alternative([])] : found;
}

function passes(state: State, seen: Cleaned): readonly Alternative[] {
  const kind = entryKind(state, page);
  const sameSize = isPmdEntry(state, page) === (seen.order === "pmd");
  if (!sameSize || (kind !== Entry.PFN && kind !== Entry.ZERO)) return [];
  if ((tagOf(state, page) & Tag.DIRTY) !== 0) {
    return kind === Entry.PFN ? protections(state, seen, []) : [];
  }
  // A pass has set TOWRITE again when another had the entry locked, but had not yet cleared DIRTY.
  if (kind === Entry.PFN && seen.again) return protections(state, seen, [], []);
  // A read fault marked it (6.0, 6.1). Other kernels clean no entry that no write fault marked: that
  // no other task's write fault is missing from the recording, nothing in it can tell.
  if (!seen.readFaultsMark) return [];
  return protections(state, seen, [{ kind: "set_mark", ...on, mark: "DIRTY" }]);
}

function protections(
  state: State,
  seen: Cleaned,
  marks: readonly Event[],
  clears: readonly Event[] = [{ kind: "clear_dirty", ...on }],
): readonly Alternative[] {
  const pass = (protect: readonly Event[]): Alternative =>
    alternative([
      ...marks,
      lock(seen.order),
      { kind: "clear_mark", ...on, mark: "TOWRITE" },
      ...protect,
      { kind: "flush", ...on },
      ...clears,
      unlock,
    ]);
  const protects = pass([{ kind: "mkclean", ...on, mapping }]);
  const misses = pass([]);
  const huge = ((state.pte[mapping] ?? 0) & Pte.HUGE) !== 0;
  const access = pteAccess(state, mapping, page);
  if (seen.visit === "vacant") return access === Pte.NONE ? [misses] : [pass([unmap])];
  if (access !== Pte.WRITE) return [protects];
  const unseen = [misses, { ...pass([unmap]), gone: seen.unmapsSeen }];
  return match(seen.visit)
    .with("visited", () => [protects])
    .with("doubtful", "unseen", () => [protects, misses])
    .with("first_page", () => huge ? [protects] : unseen)
    .with("vacant_first_page", () => huge ? [pass([unmap])] : unseen)
    // The mapping of a PMD holds the entry's first page, too: a line is missing.
    .with("absent", () => huge ? [protects, ...unseen] : unseen)
    .exhaustive();
}
