/**
 * Which events a recorded fault may stand for (`explain.ts`).
 *
 * @module
 */
import type { Event } from "../event.ts";
import { Extent, readsAsHole } from "../extent.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { State } from "../state.ts";
import { Entry, entryKind, isPmdEntry, type Order, Tag, tagOf } from "../xarray.ts";
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
import type { FaultProjection, Projection } from "./projection.ts";

/** A shared write fault, from locking the entry to unlocking it (chapter 1, A9). */
export function explainWriteFault(state: State, seen: FaultProjection): readonly Alternative[] {
  const nothing = alternative([]);
  if (!seen.here && seen.order === "pte") {
    if (!isPmdEntry(state, page)) return [nothing];
    const left = underPmd(state, seen.order);
    return seen.certain && !seen.overtaken ? left : [...left, nothing];
  }
  const access = pteAccess(state, mapping, page);
  // A PMD that is there would have served a fault anywhere in it.
  const faulted = seen.own && seen.fresh;
  if (faulted && access === Pte.WRITE && seen.found !== "nothing") return [];
  if (faulted && seen.here && access === Pte.NONE && seen.found === "protected") return [];
  // Where nothing is mapped any more, something that is not recorded has undone the mapping.
  const undone = faulted && seen.found === "nothing" && access !== Pte.NONE ? [unmap] : [];
  const body = (way: readonly Event[]): readonly Event[] => [
    callBegin,
    ...undone,
    ...way,
    lock(seen.order),
    lookUp,
    ...(state.extent[page] === Extent.MAPPED ? [] : [allocate]),
    ...unmapsZero(state, seen),
    { kind: "insert_entry", ...on, order: seen.order, value: "pfn", dirty: true },
    ...(seen.own ? [mapPage(seen.order, "write")] : []),
    unlock,
    callEnd,
  ];
  const farfetched = isRewritten(state, seen);
  const found: Alternative[] = makeWay(state, seen.order).map((way) => ({
    ...way,
    events: body(way.events),
    farfetched,
    undone: undone.length > 0,
  }));
  if (!seen.own && access === Pte.ZERO && entryKind(state, page) === Entry.ZERO) {
    // p7b is not recorded: it may have missed the watched mapping (DAX-HOLE-5), if that is another.
    const missed = alternative(body([]).filter((event) => event !== unmap));
    found.push(seen.perhapsOwn ? { ...missed, assumed: true } : missed);
  }
  if (seen.overtaken) found.push(overtaken(state, seen));
  if (!seen.certain) found.push(nothing);
  // Another thread had installed the PMD; this fault changed nothing.
  if (seen.order === "pte" && seen.own && access === Pte.WRITE && !seen.fresh) found.push(nothing);
  return found;
}

/** A PTE fault under a real PMD entry marks the whole entry (p7c). */
function underPmd(state: State, order: Order): readonly Alternative[] {
  return entryKind(state, page) === Entry.PFN
    ? [alternative([{ kind: "set_mark", ...on, mark: "DIRTY" }])]
    : makeWay(state, order);
}

/** The fault came before the entry was last cleaned: nothing of it is left but a protected PTE. */
function overtaken(state: State, seen: FaultProjection): Alternative {
  const unmapped = pteAccess(state, mapping, page) === Pte.NONE;
  const left = seen.own && unmapped && entryKind(state, page) === Entry.PFN;
  return alternative(left ? [mapPage(seen.order, "read")] : []);
}

/** What a read fault did that mapped a block, or, where holes do not show, perhaps the zero page. */
export function explainReadFault(state: State, seen: FaultProjection): readonly Alternative[] {
  const nothing = alternative([]);
  if (!seen.here && seen.order === "pte") {
    const way = makeWay(state, seen.order);
    return seen.certain || !isPmdEntry(state, page) ? way : [...way, nothing];
  }
  const access = pteAccess(state, mapping, page);
  // The CPU faults on a read only where nothing is mapped: something that is not recorded has undone
  // the mapping, as write(2) into a hole does.
  const undone = seen.own && seen.fresh && access !== Pte.NONE ? [unmap] : [];
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
      ? [mapPage(seen.order, "read")]
      : []),
    unlock,
    callEnd,
  ];
  const farfetched = isRewritten(state, { ...seen, allocated: false });
  const found: Alternative[] = makeWay(state, seen.order).map((way) => ({
    ...way,
    events: mapsBlock(way.events),
    farfetched,
    undone: undone.length > 0,
  }));
  if (!seen.holeVisible) {
    found.push(...explainHole(state, { ...seen, kind: "hole", raced: false }));
  }
  if (!seen.certain) found.push(nothing);
  return found;
}

/** The zero page is mapped while the entry is locked, on a lookup made under that lock. */
export function explainHole(
  state: State,
  seen: Extract<Projection, { kind: "hole" }>,
): readonly Alternative[] {
  if (!seen.here && seen.order === "pte") return makeWay(state, seen.order);
  const install: readonly Event[] = [
    { kind: "insert_entry", ...on, order: seen.order, value: "zero", dirty: false },
    ...(seen.own ? [mapPage(seen.order, "zero")] : []),
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
  const events = [unmap, ...empties, punched, ...locked, lookUp, ...install];
  return [{ ...alternative(events), silent: true }];
}

/** A block is there although the page was truncated unseen: it was written again, unseen, too. */
function isRewritten(state: State, { here, allocated }: FaultProjection): boolean {
  return here && state.extent[page] === Extent.BEYOND && allocated === false;
}

function mapPage(order: Order, access: "zero" | "read" | "write"): Event {
  return { kind: "map_page", ...on, mapping, order, access };
}

/**
 * What must go before an entry of this order can be locked. A PTE fault downgrades a ZERO or EMPTY PMD
 * entry; a PMD fault falls back where a PTE entry stands, so that one must have left unseen.
 */
function makeWay(state: State, order: Order): readonly Alternative[] {
  if (order === "pte" && isPmdEntry(state, page) && entryKind(state, page) !== Entry.PFN) {
    return [alternative([unmap, removeEntry("downgrade", 1)])];
  }
  const smaller = entryKind(state, page) !== Entry.NONE && !isPmdEntry(state, page);
  if (order === "pte" || !smaller) return [alternative([])];
  const left = { ...alternative([unmap, silentRemoval]), silent: true };
  if ((tagOf(state, page) & Tag.DIRTY) === 0) return [left];
  return [alternative([]), { ...left, departures: 1 }];
}

function unmapsZero(state: State, seen: FaultProjection): readonly Event[] {
  const zero = entryKind(state, page) === Entry.ZERO;
  return zero && (seen.here || seen.order === "pmd") ? [unmap] : [];
}
