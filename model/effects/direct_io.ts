/**
 * What direct I/O does (`events/direct_io.ts`).
 *
 * @module
 */
import { Content, setContent } from "../content.ts";
import {
  changeMap,
  contentOnDisk,
  drainAll,
  forgetWrites,
  isDurable,
  noteWrite,
  writeBlock,
} from "../storage.ts";
import type { DirectEvent } from "../events/direct_io.ts";
import { Extent } from "../extent.ts";
import { blockOf, fileOf, Folio, folioAt, isCached } from "../folio.ts";
import type { State } from "../state.ts";

/** Ghost of a task's direct I/O, in `state.direct`. */
export const Direct = {
  /** Where `page + 1` of the request in flight begins; 0 if there is none. */
  PAGE: 0x0f,
  /** The lock that keeps pages out was dropped since the page cache was last shot down. */
  REOPENED: 0x10,
  /** The lock that keeps pages out was dropped at some time: keeps ADD-3 from being vacuous. */
  WAS_REOPENED: 0x20,
  /** The extent was unwritten when the request began: keeps COH-5 from being vacuous. */
  WAS_UNWRITTEN: 0x40,
} as const;

/** Applies an event of direct I/O in place. */
export function directStep(state: State, event: DirectEvent): void {
  const { task, page } = event;
  switch (event.kind) {
    case "direct_begin":
      state.direct[task] = (page + 1) |
        (state.extent[page] === Extent.UNWRITTEN ? Direct.WAS_UNWRITTEN : 0);
      state.expected[task] = contentOf(state, page);
      return;
    case "invalidated":
      state.direct[task] = (state.direct[task] ?? 0) & ~Direct.REOPENED;
      return;
    case "direct_write": {
      const block = blockOf(state, page);
      forgetWrites(state, page);
      writeBlock(state, block, event.writes);
      if (block >= 0) setContent(state, page, Content.DATA);
      if (event.fua) drainAll(state);
      return;
    }
    case "convert_unwritten":
      state.extent[page] = Extent.MAPPED;
      return changeMap(state);
    case "set_wb_error":
      state.wbErr[fileOf(state, page)] = 1;
      if (isDurable(state)) state.eio[fileOf(state, page)] = 1;
      return;
    case "direct_end":
      state.direct[task] = 0;
      state.expected[task] = 0;
      state.returned[page] = (state.returned[page] ?? 0) | event.writes;
      return noteWrite(state, page, event.writes);
    case "direct_read":
    case "invalidate_again":
      return;
    default:
      return event satisfies never;
  }
}

/** What a read of the page sees: its folio if that is uptodate, else the disk. */
export function contentOf(state: State, page: number): number {
  if (!isCached(state, page, Folio.UPTODATE)) return contentOnDisk(state, page);
  return state.memory[folioAt(state, page)] ?? 0;
}

/** The lock that keeps pages out of the request's mapping was dropped while it is in flight. */
export function reopen(state: State, task: number): void {
  const direct = state.direct[task] ?? 0;
  if (direct !== 0) state.direct[task] = direct | Direct.REOPENED | Direct.WAS_REOPENED;
}

/** True if direct I/O is in flight on the page. */
export function directInFlight(state: State, page: number): boolean {
  for (let task = 0; task < state.bounds.tasks; task++) {
    if (((state.direct[task] ?? 0) & Direct.PAGE) === page + 1) return true;
  }
  return false;
}
