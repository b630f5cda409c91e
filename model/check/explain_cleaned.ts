/**
 * What may have come before DIRTY was seen to be cleared.
 *
 * @module
 */
import { match } from "ts-pattern";
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
import type { Projection } from "./explain.ts";

type Seen = Extract<Projection, { kind: "cleaned" }>;

/** k2..k6 of one pass, of which only the end is recorded. */
export function explainCleaned(state: State, seen: Seen): readonly Alternative[] {
  const sameSize = isPmdEntry(state, page) === (seen.order === "pmd");
  const dirty = (tagOf(state, page) & Tag.DIRTY) !== 0;
  const kind = entryKind(state, page);
  if (!sameSize || (kind !== Entry.PFN && kind !== Entry.ZERO)) return [];
  // The pass proves the mark. On a hole nothing but a wrong read fault can have set it (DAX-TAG-3);
  // on a block only where read faults are known to.
  if (!dirty && kind === Entry.PFN && !seen.readFaultsMark) return [];
  const marked: readonly Event[] = dirty ? [] : [{ kind: "set_mark", ...on, mark: "DIRTY" }];
  const pass = (protect: readonly Event[]): readonly Event[] => [
    ...marked,
    lock(seen.order),
    { kind: "clear_mark", ...on, mark: "TOWRITE" },
    ...protect,
    { kind: "flush", ...on },
    { kind: "clear_dirty", ...on },
    unlock,
  ];
  const protects = alternative(pass([{ kind: "mkclean", ...on, mapping }]));
  if (pteAccess(state, mapping, page) !== Pte.WRITE) return [protects];
  const misses = alternative(pass([]));
  return match(seen.visit)
    .with("visited", () => [protects])
    .with("visited-elsewhere", () => ((state.pte[0] ?? 0) & Pte.HUGE) !== 0 ? [protects] : [misses])
    .with("doubtful", "unseen", () => [protects, misses])
    .with("absent", () => [misses, { ...alternative(pass([unmap])), gone: seen.unmapsSeen }])
    .exhaustive();
}
