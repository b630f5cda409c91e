/**
 * What each event does to a state. It never judges: an event that a correct kernel would not produce
 * has its effect all the same, and the invariants say that it was wrong.
 *
 * The cases are a `switch`, not a `match`: this is the explorer's innermost loop.
 *
 * @module
 */
import type { Event, LockEntry, MapPage, RemoveEntry } from "./event.ts";
import { Extent, readsAsHole } from "./extent.ts";
import { Pte, pteAccess, pteIndex } from "./page_table.ts";
import { acquirable, acquire, release } from "./rwsem.ts";
import type { State } from "./state.ts";
import {
  endPageOf,
  Entry,
  entryKind,
  firstPageOf,
  headOf,
  holderOf,
  isPmdEntry,
  Owed,
  Pass,
  pmdStart,
  Saw,
  Tag,
} from "./xarray.ts";

/**
 * Applies an event in place.
 *
 * @param state changed to what holds after the event
 * @param event one that {@link enabled} allows in this state
 */
export function step(state: State, event: Event): void {
  switch (event.kind) {
    case "call_begin":
      add(state.inflight, event.page, 1);
      return;
    case "call_end":
      add(state.inflight, event.page, -1);
      return;
    case "lock_entry":
      return lockEntry(state, event);
    case "unlock_entry":
      state.holder[headOf(state, event.page)] = 0;
      state.saw[event.task] = 0;
      return;
    case "look_up": {
      const locked = holderOf(state, event.page) === event.task + 1 ? Saw.LOCKED : 0;
      const extent = state.extent[event.page] ?? 0;
      state.saw[event.task] = locked | (readsAsHole(extent) ? Saw.HOLE : Saw.MAPPED);
      return;
    }
    case "allocate":
      state.extent[event.page] = Extent.MAPPED;
      return;
    case "zero_block":
      state.unflushed[event.page] = 0;
      return;
    case "insert_entry": {
      const pmd = event.order === "pmd";
      storeEntry(state, event.page, event.value === "zero" ? Entry.ZERO : Entry.PFN, pmd);
      if (event.dirty) raise(state.tag, headOf(state, event.page), Tag.DIRTY);
      return;
    }
    case "remove_entry":
      return removeEntry(state, event);
    case "remove_extent":
      state.extent[event.page] = event.becomes === "hole"
        ? Extent.HOLE
        : event.becomes === "unwritten"
        ? Extent.UNWRITTEN
        : Extent.BEYOND;
      forgetData(state, event.page);
      return;
    case "map_page":
      return mapPage(state, event);
    case "unmap_page":
      return unmapPage(state, event.mapping, event.page);
    case "store":
      state.unflushed[event.page] = 1;
      return;
    case "load":
      return;
    case "sync_begin":
      return syncBegin(state, event.task);
    case "tag_towrite":
      for (let page = 0; page < state.bounds.pages; page++) {
        if (((state.tag[page] ?? 0) & Tag.DIRTY) !== 0) raise(state.tag, page, Tag.TOWRITE);
      }
      return;
    case "set_mark":
      raise(state.tag, headOf(state, event.page), Tag[event.mark]);
      return;
    case "clear_mark":
      drop(state.tag, headOf(state, event.page), Tag[event.mark]);
      return;
    case "mkclean": {
      const index = pteIndex(state, event.mapping, event.page);
      const pte = state.pte[index] ?? 0;
      if ((pte & ~Pte.HUGE) !== Pte.WRITE) return;
      state.pte[index] = Pte.READ | (pte & Pte.HUGE);
      raise(state.pass, headOf(state, event.page), Pass.PROTECTED);
      return;
    }
    case "flush": {
      const end = endPageOf(state, event.page);
      for (let page = firstPageOf(state, event.page); page < end; page++) {
        state.unflushed[page] = 0;
        clearOwed(state, page, Owed.FLUSH);
      }
      raise(state.pass, headOf(state, event.page), Pass.FLUSHED);
      return;
    }
    case "clear_dirty": {
      const head = headOf(state, event.page);
      drop(state.tag, head, Tag.DIRTY);
      state.pass[head] = 0;
      const end = endPageOf(state, event.page);
      for (let page = firstPageOf(state, event.page); page < end; page++) {
        clearOwed(state, page, Owed.CLEAN);
      }
      return;
    }
    case "sync_end":
      for (let page = 0; page < state.bounds.pages; page++) {
        state.owed[event.task * state.bounds.pages + page] = 0;
      }
      return;
    case "acquire":
      return acquire(state, event);
    case "release":
      return release(state, event.lock);
    default:
      return event satisfies never;
  }
}

/**
 * True if the event can happen at all in this state: locks exclude, hardware checks permissions.
 * Says nothing of whether a correct kernel would do it.
 */
export function enabled(state: State, event: Event): boolean {
  switch (event.kind) {
    case "lock_entry": {
      const holder = holderOf(state, event.page);
      if (holder !== 0) return false;
      if (event.order === "pte") return true;
      const start = pmdStart(state, event.page);
      for (let page = start; page < start + state.bounds.pmdPages; page++) {
        if (state.holder[page] !== 0) return false;
      }
      return true;
    }
    case "unlock_entry":
      return holderOf(state, event.page) === event.task + 1;
    case "store":
      return pteAccess(state, event.mapping, event.page) === Pte.WRITE;
    case "load":
      return loadPossible(state, event.mapping, event.page, event.sees);
    case "remove_entry":
    case "insert_entry":
    case "clear_dirty":
    case "flush":
      return entryKind(state, event.page) !== Entry.NONE;
    case "call_end":
      return state.inflight[event.page] !== 0;
    case "acquire":
      return acquirable(state, event);
    default:
      return true;
  }
}

function add(view: Uint8Array, index: number, by: number): void {
  view[index] = (view[index] ?? 0) + by;
}

function raise(view: Uint8Array, index: number, bits: number): void {
  view[index] = (view[index] ?? 0) | bits;
}

function drop(view: Uint8Array, index: number, bits: number): void {
  view[index] = (view[index] ?? 0) & ~bits;
}

function loadPossible(state: State, mapping: number, page: number, sees: "zero" | "data"): boolean {
  const access = pteAccess(state, mapping, page);
  if (access === Pte.NONE) return false;
  return sees === "zero" || access !== Pte.ZERO;
}

function lockEntry(state: State, event: LockEntry): void {
  const { page, order, task } = event;
  const pmd = order === "pmd";
  if (entryKind(state, page) === Entry.NONE || (pmd && !isPmdEntry(state, page))) {
    storeEntry(state, page, Entry.EMPTY, pmd);
  }
  const head = headOf(state, page);
  state.holder[head] = task + 1;
  state.pass[head] = 0;
}

/** Writes an entry into every slot that it covers; marks of what it replaces go with it. */
function storeEntry(state: State, page: number, kind: number, pmd: boolean): void {
  if (!pmd && isPmdEntry(state, page)) {
    // A PTE fault under a PMD entry: a real entry is kept whole (p7c).
    const end = endPageOf(state, page);
    for (let slot = firstPageOf(state, page); slot < end; slot++) {
      state.entry[slot] = kind | Entry.PMD;
    }
    return;
  }
  if (!pmd) {
    state.entry[page] = kind;
    return;
  }
  const start = pmdStart(state, page);
  const replacesSmaller = !isPmdEntry(state, page);
  for (let slot = start; slot < start + state.bounds.pmdPages; slot++) {
    state.entry[slot] = kind | Entry.PMD;
    if (!replacesSmaller) continue;
    state.tag[slot] = 0;
    state.holder[slot] = 0;
  }
}

function removeEntry(state: State, event: RemoveEntry): void {
  const head = headOf(state, event.page);
  const end = endPageOf(state, event.page);
  for (let page = firstPageOf(state, event.page); page < end; page++) {
    state.entry[page] = Entry.NONE;
    clearOwed(state, page, Owed.CLEAN);
    if (page >= event.from && page < event.to) forgetData(state, page);
  }
  state.tag[head] = 0;
  state.holder[head] = 0;
  state.pass[head] = 0;
}

/** The page's content is meant to go: nothing of it is owed any more. */
function forgetData(state: State, page: number): void {
  state.unflushed[page] = 0;
  clearOwed(state, page, Owed.FLUSH);
}

function mapPage(state: State, event: MapPage): void {
  const { mapping, page, order, access } = event;
  const value = access === "zero" ? Pte.ZERO : access === "read" ? Pte.READ : Pte.WRITE;
  if (order === "pte") {
    state.pte[pteIndex(state, mapping, page)] = value;
    return;
  }
  const start = pmdStart(state, page);
  for (let each = start; each < start + state.bounds.pmdPages; each++) {
    state.pte[pteIndex(state, mapping, each)] = value | Pte.HUGE;
  }
}

function unmapPage(state: State, mapping: number, page: number): void {
  const index = pteIndex(state, mapping, page);
  if (((state.pte[index] ?? 0) & Pte.HUGE) === 0) {
    state.pte[index] = Pte.NONE;
    return;
  }
  const start = pmdStart(state, page);
  for (let each = start; each < start + state.bounds.pmdPages; each++) {
    state.pte[pteIndex(state, mapping, each)] = Pte.NONE;
  }
}

function syncBegin(state: State, task: number): void {
  const { pages } = state.bounds;
  for (let page = 0; page < pages; page++) {
    const dirty = ((state.tag[headOf(state, page)] ?? 0) & Tag.DIRTY) !== 0;
    const clean = dirty ? Owed.CLEAN | Owed.BEGAN_DIRTY : 0;
    const flush = state.unflushed[page] !== 0 ? Owed.FLUSH | Owed.BEGAN_DIRTY : 0;
    state.owed[task * pages + page] = clean | flush;
  }
}

function clearOwed(state: State, page: number, what: number): void {
  const { pages, tasks } = state.bounds;
  for (let task = 0; task < tasks; task++) drop(state.owed, task * pages + page, what);
}
