/**
 * What pins and devices do (`events/pin.ts`).
 *
 * @module
 */
import { noteWrite } from "../storage.ts";
import type { PinEvent } from "../events/pin.ts";
import { blockOf, Folio } from "../folio.ts";
import { pteIndex } from "../page_table.ts";
import type { State } from "../state.ts";
import { Tag } from "../xarray.ts";
import { forgetFolio } from "./page_cache.ts";

/** Ghost of what a device wrote to a folio, in `state.dma`. */
export const Dma = {
  /** Nobody has marked the folio dirty since. */
  UNMARKED: 1,
  MARKED: 2,
} as const;

/** In `state.pinnedBlock`: the task had a block pinned, and has it no more. */
export const wasPinned = 0x80;

/** Applies an event of pins in place. */
export function pinStep(state: State, event: PinEvent): void {
  const { task, page } = event;
  const folio = (state.pinned[task] ?? 0) - 1;
  switch (event.kind) {
    case "pin":
      state.pinned[task] = state.pfn[pteIndex(state, event.mapping, page)] ?? 0;
      return;
    case "dma_write":
      state.memory[folio] = (state.memory[folio] ?? 0) | event.writes;
      state.dma[folio] = Dma.UNMARKED;
      state.written[task] = event.writes;
      return;
    case "mark_pinned_dirty":
      state.folio[folio] = (state.folio[folio] ?? 0) | Folio.DIRTY;
      if (state.slot[page] === folio + 1) state.tag[page] = (state.tag[page] ?? 0) | Tag.DIRTY;
      if (state.dma[folio] === Dma.UNMARKED) state.dma[folio] = Dma.MARKED;
      return;
    case "unpin":
      state.pinned[task] = 0;
      state.dma[folio] = 0;
      noteWrite(state, page, state.written[task] ?? 0);
      state.written[task] = 0;
      return forgetFolio(state, folio);
    case "settle_buffer":
      state.settled[folio] = state.memory[folio] ?? 0;
      return;
    case "send_buffer":
      state.settled[folio] = 0;
      return;
    case "pin_block":
      state.pinnedBlock[task] = blockOf(state, page) + 1;
      return;
    case "unpin_block":
      state.pinnedBlock[task] = wasPinned;
      return;
    case "dma_write_block": {
      const block = (state.pinnedBlock[task] ?? 0) - 1;
      if (block < state.media.length) state.media[block] = (state.media[block] ?? 0) | event.writes;
      return;
    }
    case "refuse_pin":
    case "sleep_on_pins":
      return;
    default:
      return event satisfies never;
  }
}

/** True if some task has the folio pinned. */
export function isPinned(state: State, folio: number): boolean {
  return folio >= 0 && state.pinned.includes(folio + 1);
}

/** True if some task has the page's block pinned. */
export function isBlockPinned(state: State, page: number): boolean {
  const block = blockOf(state, page);
  return block >= 0 && state.pinnedBlock.includes(block + 1);
}
