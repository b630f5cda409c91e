/**
 * What each event does to a state. It never judges: an event that a correct kernel would not produce
 * has its effect all the same, and the invariants say that it was wrong.
 *
 * The cases are a `switch`, not a `match`: this is the explorer's innermost loop.
 *
 * @module
 */
import { flushBlock } from "./storage.ts";
import type { Event, LockEntry, MapPage, Mkclean, RemoveEntry } from "./event.ts";
import { Extent, readsAsHole } from "./extent.ts";
import { Content, setContent } from "./content.ts";
import { allocateBlock, canAllocate, freeBlock } from "./effects/blocks.ts";
import { enabledInFamily, stepInFamily } from "./effects/families.ts";
import { Pte, pteAccess, pteIndex, pteOf } from "./page_table.ts";
import { acquirable, acquire, release } from "./rwsem.ts";
import type { State } from "./state.ts";
import { dropTranslation, mayStore, translate } from "./tlb.ts";
import { sleepOn, wakeAll, wakeNext } from "./wait_queue.ts";
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
  tagOf,
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
      return wakeNext(state, headOf(state, event.page));
    case "wait_entry":
      return sleepOn(state, event.task, headOf(state, event.page));
    case "look_up": {
      const locked = holderOf(state, event.page) === event.task + 1 ? Saw.LOCKED : 0;
      const extent = state.extent[event.page] ?? 0;
      state.saw[event.task] = locked | (readsAsHole(extent) ? Saw.HOLE : Saw.MAPPED);
      return;
    }
    case "allocate": {
      state.extent[event.page] = event.unwritten ? Extent.UNWRITTEN : Extent.MAPPED;
      const stale = event.unzeroed ?? event.unwritten;
      allocateBlock(state, event.page, stale);
      return setContent(state, event.page, stale ? Content.STALE : Content.ZEROED);
    }
    case "zero_block":
      state.unflushed[event.page] = 0;
      // Where there is no block, nothing is zeroed.
      if (state.extent[event.page] === Extent.HOLE) return;
      return setContent(state, event.page, Content.ZEROED);
    case "insert_entry": {
      const pmd = event.order === "pmd";
      storeEntry(state, event.page, event.value === "zero" ? Entry.ZERO : Entry.PFN, pmd);
      if (event.dirty) raise(state.tag, headOf(state, event.page), Tag.DIRTY);
      return;
    }
    case "remove_entry":
      return removeEntry(state, event);
    case "split_entry":
      return splitEntry(state, event.page);
    case "remove_extent":
      state.extent[event.page] = event.becomes === "hole"
        ? Extent.HOLE
        : event.becomes === "unwritten"
        ? Extent.UNWRITTEN
        : Extent.BEYOND;
      freeBlock(state, event.page);
      return forgetData(state, event.page);
    case "map_page":
      return mapPage(state, event);
    case "unmap_page":
      return unmapPage(state, event.mapping, event.page);
    case "store":
      if (pteAccess(state, event.mapping, event.page) === Pte.ANON) return;
      state.unflushed[event.page] = 1;
      return setContent(state, event.page, Content.DATA);
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
    case "mkclean":
      return mkclean(state, event);
    case "flush_tlb":
      return dropTranslation(state, pteIndex(state, event.mapping, event.page));
    case "flush": {
      const end = event.only ? event.page + 1 : endPageOf(state, event.page);
      const first = event.only ? event.page : firstPageOf(state, event.page);
      for (let page = first; page < end; page++) {
        state.unflushed[page] = 0;
        clearOwed(state, page, Owed.FLUSH);
        flushBlock(state, page);
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
      return stepInFamily(state, event);
  }
}

/**
 * True if the event can happen at all in this state: locks exclude, hardware checks permissions.
 * Says nothing of whether a correct kernel would do it.
 */
export function enabled(state: State, event: Event): boolean {
  if (state.crashed.length > 0 && state.crashed[0] === 1) return false;
  switch (event.kind) {
    case "lock_entry":
      return holderOf(state, event.page) === 0;
    case "unlock_entry":
      return holderOf(state, event.page) === event.task + 1;
    case "store":
      return mayStore(state, event.mapping, event.page);
    case "load":
      return loadPossible(state, event.mapping, event.page, event.sees);
    case "wait_entry":
      return holderOf(state, event.page) !== 0;
    case "split_entry":
      return isPmdEntry(state, event.page);
    case "remove_entry":
    case "insert_entry":
    case "clear_dirty":
    case "flush":
      return entryKind(state, event.page) !== Entry.NONE;
    case "call_end":
      return state.inflight[event.page] !== 0;
    case "acquire":
      return acquirable(state, event);
    case "allocate":
      return canAllocate(state, event.page);
    default:
      return enabledInFamily(state, event);
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
  state.holder[headOf(state, page)] = task + 1;
}

/**
 * Writes an entry into every slot that it covers; marks of what it replaces go with it. A real entry
 * of its size is kept, and so is a real PMD entry under a PTE fault.
 */
function storeEntry(state: State, page: number, kind: number, pmd: boolean): void {
  if (entryKind(state, page) === Entry.PFN && (!pmd || isPmdEntry(state, page))) return;
  if (!pmd && isPmdEntry(state, page)) {
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
  const dataGoes = event.why !== "invalidate" && event.why !== "downgrade";
  for (let page = firstPageOf(state, event.page); page < end; page++) {
    state.entry[page] = Entry.NONE;
    clearOwed(state, page, Owed.CLEAN);
    if (dataGoes && page >= event.from && page < event.to) forgetData(state, page);
  }
  state.tag[head] = 0;
  state.holder[head] = 0;
  state.pass[head] = 0;
  if (event.wake === "next") wakeNext(state, head);
  else wakeAll(state, head);
}

function splitEntry(state: State, page: number): void {
  const head = headOf(state, page);
  const end = endPageOf(state, page);
  const kind = entryKind(state, page);
  const marks = tagOf(state, page);
  for (let each = head; each < end; each++) {
    state.entry[each] = kind;
    state.tag[each] = marks;
    state.holder[each] = 0;
    state.pass[each] = 0;
  }
  wakeAll(state, head);
}

/** The page's content is meant to go: nothing of it is owed any more. */
function forgetData(state: State, page: number): void {
  setContent(state, page, Content.STALE);
  state.unflushed[page] = 0;
  clearOwed(state, page, Owed.FLUSH);
}

function mapPage(state: State, event: MapPage): void {
  const { mapping, page, order, access } = event;
  const start = order === "pte" ? page : pmdStart(state, page);
  const end = order === "pte" ? page + 1 : start + state.bounds.pmdPages;
  const value = pteOf(access) | (order === "pte" ? 0 : Pte.HUGE);
  for (let each = start; each < end; each++) {
    state.pte[pteIndex(state, mapping, each)] = value;
    translate(state, pteIndex(state, mapping, each), value);
  }
}

function unmapPage(state: State, mapping: number, page: number): void {
  const huge = ((state.pte[pteIndex(state, mapping, page)] ?? 0) & Pte.HUGE) !== 0;
  const start = huge ? pmdStart(state, page) : page;
  const end = huge ? start + state.bounds.pmdPages : page + 1;
  for (let each = start; each < end; each++) {
    const index = pteIndex(state, mapping, each);
    state.pte[index] = Pte.NONE;
    dropTranslation(state, index);
  }
}

function mkclean(state: State, { mapping, page, tlbFlush }: Mkclean): void {
  const pte = state.pte[pteIndex(state, mapping, page)] ?? 0;
  if ((pte & ~Pte.HUGE) !== Pte.WRITE) return;
  const huge = pte & Pte.HUGE;
  const start = huge !== 0 ? pmdStart(state, page) : page;
  const end = huge !== 0 ? start + state.bounds.pmdPages : page + 1;
  for (let each = start; each < end; each++) {
    const index = pteIndex(state, mapping, each);
    state.pte[index] = Pte.READ | huge;
    if (tlbFlush !== "deferred") dropTranslation(state, index);
  }
  raise(state.pass, headOf(state, page), Pass.PROTECTED);
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
