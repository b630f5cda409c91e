/**
 * What happens to folios, slots and blocks (`events/page_cache.ts`).
 *
 * @module
 */
import { changeMap, noteWrite, readBlock, withLine, writeBlock } from "../storage.ts";
import type {
  MapFolio,
  PageCacheEvent,
  RemoveFolio,
  ShiftExtent,
  StoreFolio,
} from "../events/page_cache.ts";
import { Removed } from "./blocks.ts";
import { Extent } from "../extent.ts";
import {
  blockOf,
  fileOf,
  Folio,
  folioAt,
  folioInHand,
  folioLockedBy,
  isCached,
  rememberedBlock,
  rememberedExtent,
  rememberExtent,
} from "../folio.ts";
import { Pte, pteIndex } from "../page_table.ts";
import type { State } from "../state.ts";
import { dropTranslation, mayStore, translate } from "../tlb.ts";
import { Tag } from "../xarray.ts";

/** Applies an event of the page cache in place. */
export function pageCacheStep(state: State, event: PageCacheEvent): void {
  switch (event.kind) {
    case "find_folio":
      return take(state, event.task, state.slot[event.page] ?? 0);
    case "add_folio": {
      const folio = freeFolio(state);
      state.slot[event.page] = folio + 1;
      state.locked[folio] = event.task + 1;
      return take(state, event.task, folio + 1);
    }
    case "lock_folio":
      state.locked[folioInHand(state, event.task)] = event.task + 1;
      return;
    case "unlock_folio":
      state.locked[folioInHand(state, event.task)] = 0;
      return;
    case "put_folio":
      return take(state, event.task, 0);
    case "map_blocks":
      state.iomap[event.task] = rememberExtent(
        state.extent[event.page] ?? 0,
        state.block[event.page] ?? 0,
      );
      return;
    case "read_folio":
    case "write_begin":
      return readFolio(state, event.task);
    case "copy_in":
      if (event.whole) state.memory[folioInHand(state, event.task)] = 0;
      raise(state.memory, folioInHand(state, event.task), event.writes);
      raise(state.folio, folioInHand(state, event.task), Folio.UPTODATE);
      return noteWrite(state, event.page, event.writes);
    case "map_folio":
      return mapFolio(state, event);
    case "store_folio":
      return storeFolio(state, event);
    case "reserve_blocks":
      state.reserved[event.page] = (1 << (state.size[fileOf(state, event.page)] ?? 0)) - 1;
      return;
    case "mark_dirty": {
      const folio = folioInHand(state, event.task);
      raise(state.folio, folio, Folio.DIRTY);
      raise(state.tag, event.page, Tag.DIRTY);
      if (state.backing[folio] === 0) state.backing[folio] = state.block[event.page] ?? 0;
      if (state.dirtyBlocks.length > 0) raise(state.dirtyBlocks, folio, blocksOf(event.part));
      return;
    }
    case "protect_folio": {
      const index = pteIndex(state, event.mapping, event.page);
      if (state.pte[index] !== Pte.WRITE) return;
      state.pte[index] = Pte.READ;
      return dropTranslation(state, index);
    }
    case "zap_folio": {
      const index = pteIndex(state, event.mapping, event.page);
      state.pte[index] = Pte.NONE;
      if (event.tlbFlush !== "deferred") dropTranslation(state, index);
      return;
    }
    case "clear_dirty_for_io":
      drop(state.folio, folioInHand(state, event.task), Folio.DIRTY);
      return;
    case "start_writeback": {
      const folio = folioInHand(state, event.task);
      raise(state.folio, folio, Folio.WRITEBACK);
      const dirty = ((state.folio[folio] ?? 0) & Folio.DIRTY) !== 0 ? Tag.DIRTY : 0;
      state.tag[event.page] = Tag.WRITEBACK | dirty;
      state.settled[folio] = state.memory[folio] ?? 0;
      return;
    }
    case "write_folio": {
      const folio = folioInHand(state, event.task);
      const content = (event.bounced ? state.settled[folio] : state.memory[folio]) ?? 0;
      const block = (state.backing[folio] ?? 0) - 1;
      if (state.dirtyBlocks.length > 0) drop(state.dirtyBlocks, folio, blocksOf(event.part));
      if (event.part === undefined) return writeBlock(state, block, content);
      return writeBlock(state, block, withLine(readBlock(state, block), content, event.part));
    }
    case "end_writeback": {
      const folio = folioInHand(state, event.task);
      drop(state.folio, folio, Folio.WRITEBACK);
      drop(state.tag, event.page, Tag.WRITEBACK);
      state.settled[folio] = 0;
      return;
    }
    case "remove_folio":
      return removeFolio(state, event);
    case "shift_extent":
      return shiftExtent(state, event);
    case "removal_end":
      raise(state.removed, event.page, Removed.RETURNED);
      return;
    case "set_size":
      state.size[event.file] = event.size;
      return changeMap(state);
    case "zero_tail":
      return drop(state.memory, folioInHand(state, event.task), event.writes);
    case "growth_end":
    case "observe":
      return;
    default:
      return event satisfies never;
  }
}

/** True if an event of the page cache can happen at all in this state. */
export function pageCacheEnabled(state: State, event: PageCacheEvent): boolean {
  switch (event.kind) {
    case "find_folio":
    case "start_writeback":
      return true;
    case "add_folio":
      return state.slot[event.page] === 0;
    case "lock_folio": {
      const folio = folioInHand(state, event.task);
      return folio >= 0 && state.locked[folio] === 0;
    }
    case "unlock_folio":
      return state.locked[folioInHand(state, event.task)] === event.task + 1;
    case "store_folio":
      return mayStore(state, event.mapping, event.page);
    case "remove_folio":
      return folioAt(state, event.page) >= 0 && !isCached(state, event.page, Folio.WRITEBACK) &&
        (folioLockedBy(state, event.page) < 0 || folioLockedBy(state, event.page) === event.task);
    default:
      return true;
  }
}

/** One of the two blocks of a page, or both, as bits. */
function blocksOf(part: 0 | 1 | undefined): number {
  return part === undefined ? 3 : 1 << part;
}

function raise(view: Uint8Array, index: number, bits: number): void {
  view[index] = (view[index] ?? 0) | bits;
}

function drop(view: Uint8Array, index: number, bits: number): void {
  view[index] = (view[index] ?? 0) & ~bits;
}

/** The lowest folio that nobody has; the bounds must provide for one. */
function freeFolio(state: State): number {
  let folio = 0;
  while (isKnown(state, folio)) folio++;
  if (folio < state.folio.length) return folio;
  throw new RangeError(`${state.folio.length} folios do not suffice`);
}

function isKnown(state: State, folio: number): boolean {
  return state.slot.includes(folio + 1) || state.hand.includes(folio + 1) ||
    state.pinned.includes(folio + 1) || state.pfn.includes(folio + 1);
}

/** Puts a folio into the task's hand, and forgets the one that it held if nobody else has it. */
function take(state: State, task: number, folio: number): void {
  const before = folioInHand(state, task);
  state.hand[task] = folio;
  if (before >= 0) forgetFolio(state, before);
}

/** What a folio held means nothing once nobody has it: equal worlds should look equal. */
export function forgetFolio(state: State, folio: number): void {
  if (isKnown(state, folio)) return;
  state.folio[folio] = 0;
  state.locked[folio] = 0;
  state.memory[folio] = 0;
  state.backing[folio] = 0;
  state.settled[folio] = 0;
  if (state.dirtyBlocks.length > 0) state.dirtyBlocks[folio] = 0;
}

function readFolio(state: State, task: number): void {
  const folio = folioInHand(state, task);
  const iomap = state.iomap[task] ?? 0;
  const block = rememberedExtent(iomap) === Extent.MAPPED ? rememberedBlock(iomap) : -1;
  state.memory[folio] = block < 0 ? 0 : readBlock(state, block);
  state.backing[folio] = block + 1;
  raise(state.folio, folio, Folio.UPTODATE);
  state.iomap[task] = 0;
}

function mapFolio(state: State, { task, mapping, page, access }: MapFolio): void {
  const index = pteIndex(state, mapping, page);
  state.pte[index] = access === "write" ? Pte.WRITE : Pte.READ;
  state.pfn[index] = state.hand[task] ?? 0;
  translate(state, index, state.pte[index] ?? 0);
}

function storeFolio(state: State, { mapping, page, writes, part }: StoreFolio): void {
  raise(state.memory, (state.pfn[pteIndex(state, mapping, page)] ?? 0) - 1, writes);
  drop(state.removed, page, Removed.GONE);
  if (part !== undefined && part >= (state.size[fileOf(state, page)] ?? 0)) {
    raise(state.behind, page, writes);
  }
  noteWrite(state, page, writes);
}

function removeFolio(state: State, { page }: RemoveFolio): void {
  const folio = folioAt(state, page);
  state.slot[page] = 0;
  state.tag[page] = 0;
  drop(state.folio, folio, Folio.DIRTY);
  if (state.dirtyBlocks.length > 0) state.dirtyBlocks[folio] = 0;
  for (let index = 0; index < state.pfn.length; index++) {
    if (state.pfn[index] !== folio + 1) continue;
    state.pfn[index] = 0;
    state.pte[index] = Pte.NONE;
    dropTranslation(state, index);
  }
  forgetFolio(state, folio);
}

/** Of a DAX file, the block's memory moves with it: what of it is in no entry, and still unflushed. */
function shiftExtent(state: State, { page, to }: ShiftExtent): void {
  const block = blockOf(state, page);
  state.unflushed[to] = state.unflushed[page] ?? 0;
  state.unflushed[page] = 0;
  const { pages, tasks } = state.bounds;
  for (let task = 0; task < tasks; task++) {
    state.owed[task * pages + to] = state.owed[task * pages + page] ?? 0;
    state.owed[task * pages + page] = 0;
  }
  if (state.content.length > 0) {
    state.content[to] = state.content[page] ?? 0;
    state.content[page] = 0;
  }
  state.extent[to] = state.extent[page] ?? 0;
  state.block[to] = block + 1;
  state.extent[page] = Extent.HOLE;
  state.block[page] = 0;
  if (block >= 0) state.owner[block] = to + 1;
}
