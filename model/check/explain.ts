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
import { match } from "ts-pattern";
import type { Event, Removal } from "../event.ts";
import { Extent, readsAsHole } from "../extent.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, isPmdEntry, type Order, Owed, Tag, tagOf } from "../xarray.ts";
import {
  allocate,
  type Alternative,
  alternative,
  callBegin,
  callEnd,
  lock,
  lookUp,
  mapping,
  on,
  page,
  removeEntry,
  silentRemoval,
  unlock,
  unmap,
} from "./alternative.ts";
import { explainCleaned } from "./explain_cleaned.ts";
import { explainRemoval } from "./explain_removal.ts";

export type { Alternative } from "./alternative.ts";

/** A fault that mapped something, projected onto one page and one mapping. */
export interface FaultProjection {
  readonly kind: "write_fault" | "read_fault";
  readonly order: Order;
  /** The fault was on the watched page; else on another page of its PMD range. */
  readonly here: boolean;
  /** The fault was in the watched mapping. */
  readonly own: boolean;
  /** Nothing has touched the watched PTE since the CPU faulted: the PTE must have lacked access. */
  readonly fresh: boolean;
  /** What the CPU found there, if that is recorded. */
  readonly found: "nothing" | "protected" | undefined;
  /** The entry was cleaned since the fault began, so the fault may have come before that. */
  readonly overtaken: boolean;
  readonly certain: boolean;
  readonly holeVisible: boolean;
}

/** How the pages that a call removes lie to the watched one. */
export type RemovalRelation =
  | "inside"
  /** The page is cut. */
  | "partial"
  /** In the same PMD range. */
  | "outside"
  /** In no PMD range with the removed pages, or nothing is removed at all. */
  | "elsewhere"
  /** Behind a range that collapses or opens: the page moves, its content stays in the file. */
  | "shifted"
  /** The recording does not tell the range. */
  | "unknown";

/** What mkclean did to the watched mapping in a pass, as far as the recording shows. */
export type VisitKnown =
  | "visited"
  /** Visited at another page of the entry: enough for a PMD mapping, not for PTEs (5.10). */
  | "visited-elsewhere"
  | "doubtful"
  /** Visits are not recorded. */
  | "unseen"
  | "absent";

/** An observation, projected onto one page and one mapping. */
export type Projection =
  | FaultProjection
  | {
    readonly kind: "hole";
    readonly order: Order;
    readonly here: boolean;
    readonly own: boolean;
    /** The extent was allocated since this fault began. */
    readonly raced: boolean;
  }
  | {
    readonly kind: "cleaned";
    readonly order: Order;
    readonly visit: VisitKnown;
    /** Read faults mark entries DIRTY, too (6.0 and 6.1). */
    readonly readFaultsMark: boolean;
    /** The mapping cannot have been undone unseen while its process lives. */
    readonly unmapsSeen: boolean;
  }
  | { readonly kind: "unmap"; readonly done: boolean }
  | { readonly kind: "sync_begin"; readonly slot: number }
  /** `alone`: no other sync call was in flight on the file while this one was. */
  | { readonly kind: "sync_end"; readonly slot: number; readonly alone: boolean }
  | {
    readonly kind: "removal";
    readonly why: Removal;
    readonly relation: RemovalRelation;
    readonly removesWholeEntries: boolean;
    readonly removesElsewhere: boolean;
  }
  | { readonly kind: "store" };

/** A string that is equal for equal projections: the memo's key. */
export function projectionKey(projection: Projection): string {
  return Object.values(projection).join(" ");
}

/** All ways in which the projection can have happened in this state; none if it cannot have. */
export function explain(state: State, projection: Projection): readonly Alternative[] {
  return match(projection)
    .with({ kind: "write_fault" }, (seen) => explainWriteFault(state, seen))
    .with({ kind: "read_fault" }, (seen) => explainReadFault(state, seen))
    .with({ kind: "hole" }, (seen) => explainHole(state, seen))
    .with({ kind: "cleaned" }, (seen) => explainCleaned(state, seen))
    .with({ kind: "sync_begin" }, ({ slot }) => [
      alternative([{ kind: "sync_begin", task: slot }]),
    ])
    .with({ kind: "sync_end" }, ({ slot, alone }) => {
      // A caller that meets no other finds every DIRTY entry: to skip one takes a bug of its own.
      const skips = ((state.owed[slot] ?? 0) & Owed.CLEAN) !== 0;
      return [alternative([{ kind: "sync_end", task: slot }], alone && skips ? 1 : 0)];
    })
    .with({ kind: "removal" }, (seen) => explainRemoval(state, seen))
    .with(
      { kind: "unmap" },
      ({ done }) => done ? [alternative([unmap])] : [alternative([]), alternative([unmap])],
    )
    .with({ kind: "store" }, () => [alternative([{ kind: "store", mapping, page }])])
    .exhaustive();
}

type Seen<K extends Projection["kind"]> = Extract<Projection, { kind: K }>;

/** p2..p9 of a shared write fault (chapter 1, A9). */
function explainWriteFault(state: State, seen: FaultProjection): readonly Alternative[] {
  const nothing = alternative([]);
  if (!seen.here && seen.order === "pte") {
    // A PTE fault under a real PMD entry marks the whole entry (p7c); a PTE entry is its own.
    if (!isPmdEntry(state, page)) return [nothing];
    const real = entryKind(state, page) === Entry.PFN;
    return real
      ? [alternative([{ kind: "set_mark", ...on, mark: "DIRTY" }])]
      : makeWay(state, seen.order);
  }
  const access = pteAccess(state, mapping, page);
  const faulted = seen.own && seen.here && seen.fresh;
  if (faulted && access === Pte.WRITE && seen.found !== "nothing") return [];
  if (faulted && access === Pte.NONE && seen.found === "protected") return [];
  // Where nothing is mapped any more, something that is not recorded has undone the mapping.
  const undone = faulted && seen.found === "nothing" && access !== Pte.NONE ? [unmap] : [];
  const insert = (dirty: boolean): Event => ({
    kind: "insert_entry",
    ...on,
    order: seen.order,
    value: "pfn",
    dirty,
  });
  const map = (as: "read" | "write"): readonly Event[] =>
    seen.own ? [{ kind: "map_page", ...on, mapping, order: seen.order, access: as }] : [];
  const clearsWay = makeWay(state, seen.order);
  const body = (dirty: boolean, as: "read" | "write", way: readonly Event[]): readonly Event[] => [
    callBegin,
    ...undone,
    ...way,
    lock(seen.order),
    lookUp,
    ...(state.extent[page] === Extent.MAPPED ? [] : [allocate]),
    ...unmapsZero(state, seen),
    insert(dirty),
    ...map(as),
    unlock,
    callEnd,
  ];
  const found = clearsWay.map(({ events, departures }) =>
    alternative(body(true, "write", events), departures)
  );
  if (seen.own === false && access === Pte.ZERO && entryKind(state, page) === Entry.ZERO) {
    // p7b is not recorded: it may have missed the watched mapping (DAX-HOLE-5).
    found.push(alternative(body(true, "write", []).filter((event) => event !== unmap)));
  }
  if (seen.overtaken) {
    for (const { events, departures } of clearsWay) {
      found.push(alternative(body(false, "read", events), departures));
    }
  }
  if (!seen.certain) found.push(nothing);
  // p3: another thread had installed the PMD; this fault changed nothing.
  if (seen.order === "pte" && seen.own && access === Pte.WRITE && !seen.fresh) found.push(nothing);
  return found;
}

/**
 * What must go before an entry of this order can be locked. A PTE fault downgrades a ZERO or EMPTY PMD
 * entry (g4); a PMD fault falls back where a PTE entry stands, so that one must have left unseen.
 */
function makeWay(state: State, order: Order): readonly Alternative[] {
  if (order === "pte" && isPmdEntry(state, page) && entryKind(state, page) !== Entry.PFN) {
    return [alternative([unmap, removeEntry("downgrade", 1)])];
  }
  const smaller = entryKind(state, page) !== Entry.NONE && !isPmdEntry(state, page);
  if (order === "pte" || !smaller) return [alternative([])];
  if ((tagOf(state, page) & Tag.DIRTY) === 0) return [alternative([unmap, silentRemoval])];
  return [alternative([]), alternative([unmap, silentRemoval], 1)];
}

function unmapsZero(state: State, seen: FaultProjection): readonly Event[] {
  const zero = entryKind(state, page) === Entry.ZERO;
  return zero && (seen.here || seen.order === "pmd") ? [unmap] : [];
}

function explainReadFault(state: State, seen: FaultProjection): readonly Alternative[] {
  const nothing = alternative([]);
  if (!seen.here && seen.order === "pte") return makeWay(state, seen.order);
  const access = pteAccess(state, mapping, page);
  // The CPU faults on a read only where nothing is mapped: something that is not recorded has undone
  // the mapping, as write(2) into a hole does.
  const undone = seen.own && seen.here && seen.fresh && access !== Pte.NONE ? [unmap] : [];
  const real = entryKind(state, page) === Entry.PFN;
  const mapsBlock = (way: readonly Event[]): readonly Event[] => [
    callBegin,
    ...undone,
    ...way,
    lock(seen.order),
    ...(state.extent[page] === Extent.MAPPED ? [] : [allocate]),
    ...(real ? [] : [unmap]),
    { kind: "insert_entry", ...on, order: seen.order, value: "pfn", dirty: false },
    ...(seen.own && (access !== Pte.WRITE || undone.length > 0)
      ? [{ kind: "map_page", ...on, mapping, order: seen.order, access: "read" } as const]
      : []),
    unlock,
    callEnd,
  ];
  const found = makeWay(state, seen.order).map(({ events, departures }) =>
    alternative(mapsBlock(events), departures)
  );
  if (!seen.holeVisible) {
    found.push(...explainHole(state, { ...seen, kind: "hole", raced: false }));
  }
  if (!seen.certain) found.push(nothing);
  return found;
}

/** p6: the zero page is mapped while the entry is locked, on a lookup made under that lock. */
function explainHole(state: State, seen: Seen<"hole">): readonly Alternative[] {
  if (!seen.here && seen.order === "pte") return makeWay(state, seen.order);
  const install: readonly Event[] = [
    { kind: "insert_entry", ...on, order: seen.order, value: "zero", dirty: false },
    ...(seen.own
      ? [{ kind: "map_page", ...on, mapping, order: seen.order, access: "zero" } as const]
      : []),
    unlock,
    callEnd,
  ];
  const locked: readonly Event[] = [callBegin, lock(seen.order)];
  const empties = entryKind(state, page) === Entry.PFN
    ? [unmap, silentRemoval]
    : makeWay(state, seen.order)[0]?.events ?? [];
  if (readsAsHole(state.extent[page] ?? 0)) {
    return [alternative([...empties, ...locked, lookUp, ...install])];
  }
  // The extent was allocated while this fault was under way: what it saw is older than the lock.
  if (seen.raced) return [alternative([...locked, ...install])];
  // It was punched by something that the recording does not show.
  const punched: Event = { kind: "remove_extent", ...on, becomes: "hole" };
  return [alternative([unmap, ...empties, punched, ...locked, lookUp, ...install])];
}
