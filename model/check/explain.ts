/**
 * Which events an observation may stand for, in the small world of one page and one mapping.
 *
 * The page's entry is a PMD entry or not, and its neighbours are not part of the world: what another
 * page of the range does to the entry is projected onto this one. The world's only mapping is the
 * watched one; what other mappings do reaches it through the entry. Task 0 is whoever acts.
 *
 * Each alternative is a sequence of events that a kernel, right or wrong, may have run. What the
 * alternatives leave out cannot have happened, so every one left out needs its reason here.
 *
 * @module
 */
import type { Event } from "../event.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, isPmdEntry, type Order, Owed, Tag, tagOf } from "../xarray.ts";
import { Pte, pteAccess } from "../page_table.ts";
import {
  type Alternative,
  alternative,
  lock,
  mapping,
  on,
  page,
  removeEntry,
  unlock,
  unmap,
} from "./alternative.ts";
import { explainCleaned } from "./explain_cleaned.ts";
import { explainHole, explainReadFault, explainWriteFault } from "./explain_fault.ts";
import { explainRemoval } from "./explain_removal.ts";
import { explainWritten } from "./explain_written.ts";
import type { FaultProjection, Projection } from "./projection.ts";

/**
 * All ways in which the projection can have happened in this state; none if it cannot have. A
 * `switch`: the automaton's steps are computed by it.
 */
export function explain(state: State, projection: Projection): readonly Alternative[] {
  switch (projection.kind) {
    case "write_fault":
      return eitherWay(projection, (seen) => explainWriteFault(state, seen));
    case "read_fault":
      return eitherWay(projection, (seen) => explainReadFault(state, seen));
    case "hole":
      return eitherWay(projection, (seen) => explainHole(state, seen));
    case "cleaned":
      return explainCleaned(state, projection);
    case "sync_begin":
      return [alternative([{ kind: "sync_begin", task: projection.slot }])];
    case "sync_end":
      return explainSyncEnd(state, projection);
    case "sync_left":
      return [alternative([{ kind: "sync_end", task: projection.slot }])];
    case "removal":
      return explainRemoval(state, projection);
    case "drift":
      return explainDrift(state, projection);
    case "unmap":
      return explainUnmap(state, projection);
    case "written":
      return explainWritten(state, projection.here);
    case "store":
      return [alternative([{ kind: "store", mapping, page }])];
    default:
      return projection satisfies never;
  }
}

/** munmap and its like; mprotect, which may write-protect and give back what it took. */
function explainUnmap(
  state: State,
  { done, access }: Extract<Projection, { kind: "unmap" }>,
): readonly Alternative[] {
  const nothing = alternative([]);
  const gone = alternative([unmap]);
  if (access === "nothing") return done ? [gone] : [nothing, gone];
  const present = pteAccess(state, mapping, page);
  const order = ((state.pte[mapping] ?? 0) & Pte.HUGE) !== 0 ? "pmd" : "pte";
  if (access === "write") {
    // A PTE that is dirty, as one is whose store made the entry DIRTY, may be written to again.
    const dirty = (tagOf(state, page) & Tag.DIRTY) !== 0;
    if (present !== Pte.READ || !dirty) return [nothing];
    return [nothing, alternative([unmap, mapAgain(order, "write")])];
  }
  if (present !== Pte.WRITE) return [nothing, gone];
  const protects = alternative([unmap, mapAgain(order, "read")]);
  return done ? [protects, gone] : [nothing, protects, gone];
}

function mapAgain(order: Order, access: "read" | "write"): Event {
  return { kind: "map_page", ...on, mapping, order, access };
}

/** Where the mapping may be the watched one and may be another, both are possible. */
function eitherWay<P extends FaultProjection | Extract<Projection, { kind: "hole" }>>(
  seen: P,
  explained: (seen: P) => readonly Alternative[],
): readonly Alternative[] {
  if (!seen.perhapsOwn) return explained(seen);
  const other = explained({ ...seen, own: false });
  const own = explained({ ...seen, perhapsOwn: false, own: true, fresh: false });
  return [...other, ...own.map((each) => ({ ...each, assumed: true }))];
}

/**
 * A caller that meets nobody finds every DIRTY entry unlocked: to skip one takes a bug of its own, and
 * a line that told of the entry's cleaning may be missing as well. What is seen of it later tells which.
 * Where the recording does not count its events, a missing line is nothing out of the ordinary.
 */
function explainSyncEnd(
  state: State,
  { slot, alone, counted }: Extract<Projection, { kind: "sync_end" }>,
): readonly Alternative[] {
  const end: Event = { kind: "sync_end", task: slot };
  const dirty = (tagOf(state, page) & Tag.DIRTY) !== 0;
  const skips = ((state.owed[slot] ?? 0) & Owed.CLEAN) !== 0;
  if ((!alone && counted) || !skips) return [alternative([end])];
  const departures = alone ? 1 : 0;
  if (!dirty) return [alternative([end], departures)];
  const order = isPmdEntry(state, page) ? "pmd" : "pte";
  const cleaned = (protect: readonly Event[]): Alternative => ({
    ...alternative([
      lock(order),
      { kind: "clear_mark", ...on, mark: "TOWRITE" },
      ...protect,
      { kind: "flush", ...on },
      { kind: "clear_dirty", ...on },
      unlock,
      end,
    ]),
    ...(counted ? { farfetched: true } : { silent: true }),
  });
  return [
    alternative([end], departures),
    cleaned([{ kind: "mkclean", ...on, mapping }]),
    cleaned([]),
  ];
}

/**
 * What a recording never shows. A file may be truncated by its path, by open(2), or by its eviction:
 * then entry and block are gone. Where even removals that leave the block may be missing (a range
 * collapsed, say), the entry may be gone alone.
 */
function explainDrift(
  state: State,
  { breaks, removes, truncates }: Extract<Projection, { kind: "drift" }>,
): readonly Alternative[] {
  const found = [alternative([])];
  const mapped = pteAccess(state, mapping, page) !== Pte.NONE;
  if (breaks !== "nothing" && mapped) found.push(alternative([unmap]));
  if (entryKind(state, page) === Entry.NONE) return found;
  if (breaks === "entries") found.push(alternative([unmap, removeEntry("layout", 0)]));
  if (truncates) {
    found.push({
      ...alternative([
        unmap,
        removeEntry("truncate", 1),
        { kind: "remove_extent", ...on, becomes: "beyond" },
      ]),
      silent: true,
    });
  }
  if (removes) {
    found.push({ ...alternative([unmap, removeEntry("collapse", 1)]), silent: true });
  }
  return found;
}
