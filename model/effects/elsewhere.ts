/**
 * Hands an event that is not of a DAX mapping to the file that knows its effect.
 *
 * @module
 */
import type { DaxEvent, Event } from "../event.ts";
import type { State } from "../state.ts";
import { directStep } from "./direct_io.ts";
import { storageEnabled, storageStep } from "./storage.ts";
import { lockEnabled, lockStep } from "./lock.ts";
import { pageCacheEnabled, pageCacheStep } from "./page_cache.ts";
import { pinStep } from "./pin.ts";

/** An event of another family. */
type Elsewhere = Exclude<Event, DaxEvent>;

/** Applies the event in place. */
export function stepElsewhere(state: State, event: Elsewhere): void {
  switch (event.kind) {
    case "lock":
    case "unlock":
    case "contend":
      return lockStep(state, event);
    case "direct_begin":
    case "invalidated":
    case "direct_write":
    case "direct_read":
    case "convert_unwritten":
    case "invalidate_again":
    case "set_wb_error":
    case "direct_end":
      return directStep(state, event);
    case "store_line":
    case "write_back_line":
    case "fence":
    case "evict_line":
    case "drain_device":
    case "flush_device":
    case "commit":
    case "fsync_begin":
    case "fsync_end":
    case "dsync_end":
    case "mark_inode_dirty":
    case "mmap":
    case "freeze":
    case "refuse_change":
    case "report_error":
    case "crash":
      return storageStep(state, event);
    case "pin":
    case "refuse_pin":
    case "dma_write":
    case "mark_pinned_dirty":
    case "unpin":
    case "settle_buffer":
    case "send_buffer":
    case "pin_block":
    case "unpin_block":
    case "dma_write_block":
    case "sleep_on_pins":
      return pinStep(state, event);
    default:
      return pageCacheStep(state, event);
  }
}

/** True if the event can happen at all in this state. */
export function enabledElsewhere(state: State, event: Event): boolean {
  switch (event.kind) {
    case "lock":
      return lockEnabled(state, event);
    case "store_line":
      return storageEnabled(state, event);
    case "add_folio":
    case "lock_folio":
    case "unlock_folio":
    case "store_folio":
    case "remove_folio":
      return pageCacheEnabled(state, event);
    default:
      return true;
  }
}
