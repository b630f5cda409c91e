/**
 * What the events of the page cache do, and those of pins.
 *
 * @module
 */
import type { PageCacheEvent } from "../events/page_cache.ts";
import type { PinEvent } from "../events/pin.ts";
import type { EventRow, EventRows } from "./row.ts";

const folios = ["folios"] as const;
const blocks = ["blocks"] as const;

/** The folio in the task's hand; -1 if there is none. */
const inHand = "f = hand[task] - 1";
/** The folio that the task has pinned. */
const inPin = "f = pinned[task] - 1";
const ptes = "for i in [0, mappings * pages): if pfn[i] == f + 1: ";

const reads: EventRow = {
  world: ["folios", "blocks"],
  does: [
    inHand,
    "b = (iomap[task] & 3) == MAPPED ? iomap[task] / 4 - 1 : -1",
    "memory[f] = b < 0 ? 0 : on_block(b)",
    "backing[f] = b + 1",
    "folio[f] gains PG_UPTODATE",
    "iomap[task] = 0",
  ],
};

/** Rows of folios, slots, writeback and removal. */
export const pageCacheRows: EventRows<PageCacheEvent> = {
  find_folio: { world: folios, does: ["do take(task, slot[page])"] },
  add_folio: {
    world: folios,
    possible: "slot[page] == 0",
    does: [
      "f = lowest n in [0, folios): not known(n)",
      "slot[page] = f + 1",
      "locked[f] = task + 1",
      "do take(task, f + 1)",
    ],
  },
  lock_folio: {
    world: folios,
    possible: "hand[task] != 0 and locked[hand[task] - 1] == 0",
    does: [inHand, "locked[f] = task + 1"],
  },
  unlock_folio: {
    world: folios,
    possible: "locked[hand[task] - 1] == task + 1",
    does: [inHand, "locked[f] = 0"],
  },
  put_folio: { world: folios, does: ["do take(task, 0)"] },
  map_blocks: { world: blocks, does: ["iomap[task] = extent[page] + 4 * block[page]"] },
  read_folio: reads,
  write_begin: reads,
  copy_in: {
    world: folios,
    does: [
      inHand,
      "if whole: memory[f] = 0",
      "memory[f] gains writes",
      "folio[f] gains PG_UPTODATE",
      "do note_write(page, writes)",
    ],
  },
  map_folio: {
    world: folios,
    does: [
      "i = at(mapping, page)",
      'pte[i] = access == "write" ? PTE_WRITE : PTE_READ',
      "pfn[i] = hand[task]",
      "tlb[i] = pte[i]",
    ],
  },
  store_folio: {
    world: folios,
    possible: "may_store(mapping, page)",
    does: [
      "memory[pfn[at(mapping, page)] - 1] gains writes",
      "removed[page] loses GONE",
      "if given(part) and part >= size[file_of(page)]: behind[page] gains writes",
      "do note_write(page, writes)",
    ],
  },
  reserve_blocks: { world: blocks, does: ["reserved[page] = (1 << size[file_of(page)]) - 1"] },
  mark_dirty: {
    world: folios,
    does: [
      inHand,
      "folio[f] gains PG_DIRTY",
      "tag[page] gains DIRTY",
      "if backing[f] == 0: backing[f] = block[page]",
      "dirtyBlocks[f] gains given(part) ? 1 << part : 3",
    ],
  },
  protect_folio: {
    world: folios,
    does: [
      "i = at(mapping, page)",
      "writable = pte[i] == PTE_WRITE",
      "if writable: pte[i] = PTE_READ",
      "if writable: tlb[i] = PTE_NONE",
    ],
  },
  clear_dirty_for_io: { world: folios, does: [inHand, "folio[f] loses PG_DIRTY"] },
  start_writeback: {
    world: folios,
    does: [
      inHand,
      "folio[f] gains PG_WRITEBACK",
      "tag[page] = WRITEBACK + (folio[f] & PG_DIRTY ? DIRTY : 0)",
      "settled[f] = memory[f]",
    ],
  },
  zap_folio: {
    does: [
      "i = at(mapping, page)",
      "pte[i] = PTE_NONE",
      'if tlbFlush != "deferred": tlb[i] = PTE_NONE',
    ],
  },
  write_folio: {
    world: ["folios", "blocks"],
    does: [
      inHand,
      "b = backing[f] - 1",
      "data = bounced ? settled[f] : memory[f]",
      "dirtyBlocks[f] loses given(part) ? 1 << part : 3",
      "do write_block(b, given(part) ? with_line(on_block(b), data, part) : data)",
    ],
  },
  end_writeback: {
    world: folios,
    does: [inHand, "folio[f] loses PG_WRITEBACK", "tag[page] loses WRITEBACK", "settled[f] = 0"],
  },
  remove_folio: {
    world: folios,
    possible: "slot[page] != 0 and not is_cached(page, PG_WRITEBACK) and " +
      "may_lock(slot[page] - 1, task)",
    does: [
      "f = slot[page] - 1",
      "slot[page] = 0",
      "tag[page] = 0",
      "folio[f] loses PG_DIRTY",
      "dirtyBlocks[f] = 0",
      `${ptes}pte[i] = PTE_NONE`,
      `${ptes}tlb[i] = PTE_NONE`,
      `${ptes}pfn[i] = 0`,
      "do forget_folio(f)",
    ],
  },
  shift_extent: {
    does: [
      "b = block[page]",
      "unflushed[to] = unflushed[page]",
      "unflushed[page] = 0",
      "for t in [0, tasks): owed[t * pages + to] = owed[t * pages + page]",
      "for t in [0, tasks): owed[t * pages + page] = 0",
      "content[to] = content[page]",
      "content[page] = 0",
      "extent[to] = extent[page]",
      "block[to] = b",
      "extent[page] = HOLE",
      "block[page] = 0",
      "owner[b - 1] = to + 1",
    ],
  },
  removal_end: { world: blocks, does: ["removed[page] gains RETURNED"] },
  set_size: { world: blocks, does: ["size[file] = size", "do change_map()"] },
  zero_tail: { world: folios, does: [inHand, "memory[f] loses writes"] },
  growth_end: { world: blocks },
  observe: { world: blocks },
};

/** Rows of pinned pages and of what devices do to them. */
export const pinRows: EventRows<PinEvent> = {
  pin: { world: folios, does: ["pinned[task] = pfn[at(mapping, page)]"] },
  refuse_pin: {},
  dma_write: {
    world: folios,
    does: [inPin, "memory[f] gains writes", "dma[f] = UNMARKED", "written[task] = writes"],
  },
  mark_pinned_dirty: {
    world: folios,
    does: [
      inPin,
      "folio[f] gains PG_DIRTY",
      "if slot[page] == f + 1: tag[page] gains DIRTY",
      "if dma[f] == UNMARKED: dma[f] = MARKED",
    ],
  },
  unpin: {
    world: folios,
    does: [
      inPin,
      "pinned[task] = 0",
      "dma[f] = 0",
      "do note_write(page, written[task])",
      "written[task] = 0",
      "do forget_folio(f)",
    ],
  },
  settle_buffer: { world: folios, does: [inPin, "settled[f] = memory[f]"] },
  send_buffer: { world: folios, does: [inPin, "settled[f] = 0"] },
  pin_block: { world: blocks, does: ["pinnedBlock[task] = block[page]"] },
  unpin_block: { world: blocks, does: ["pinnedBlock[task] = WAS_PINNED"] },
  dma_write_block: { world: blocks, does: ["media[pinnedBlock[task] - 1] gains writes"] },
  sleep_on_pins: {},
};
