/**
 * The families of events beside those of a DAX mapping: hands each event to the file that knows its
 * effect, and says which events nothing hinders.
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

/** An event of another family than those of a DAX mapping. */
type FamilyEvent = Exclude<Event, DaxEvent>;

/** Events that can happen in every state. A new kind of event is named here, or has a case below. */
type Unhindered = Extract<Event, {
  kind:
    | "call_begin"
    | "look_up"
    | "zero_block"
    | "remove_extent"
    | "map_page"
    | "unmap_page"
    | "sync_begin"
    | "tag_towrite"
    | "set_mark"
    | "clear_mark"
    | "mkclean"
    | "flush_tlb"
    | "sync_end"
    | "release"
    | "unlock"
    | "contend"
    | "direct_begin"
    | "invalidated"
    | "direct_write"
    | "direct_read"
    | "convert_unwritten"
    | "invalidate_again"
    | "set_wb_error"
    | "direct_end"
    | "write_back_line"
    | "fence"
    | "evict_line"
    | "drain_device"
    | "flush_device"
    | "commit"
    | "fsync_begin"
    | "fsync_end"
    | "dsync_end"
    | "mark_inode_dirty"
    | "mmap"
    | "freeze"
    | "refuse_change"
    | "report_error"
    | "crash"
    | "pin"
    | "refuse_pin"
    | "dma_write"
    | "mark_pinned_dirty"
    | "unpin"
    | "settle_buffer"
    | "send_buffer"
    | "pin_block"
    | "unpin_block"
    | "dma_write_block"
    | "sleep_on_pins"
    | "find_folio"
    | "put_folio"
    | "map_blocks"
    | "read_folio"
    | "write_begin"
    | "copy_in"
    | "map_folio"
    | "reserve_blocks"
    | "mark_dirty"
    | "protect_folio"
    | "clear_dirty_for_io"
    | "start_writeback"
    | "zap_folio"
    | "write_folio"
    | "end_writeback"
    | "shift_extent"
    | "removal_end"
    | "set_size"
    | "zero_tail"
    | "growth_end"
    | "observe";
}>;

/** Applies an event in place. */
export function stepInFamily(state: State, event: FamilyEvent): void {
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

/** True if an event can happen at all in this state. */
export function enabledInFamily(state: State, event: FamilyEvent | Unhindered): boolean {
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
      return isUnhindered(event);
  }
}

function isUnhindered(_: Unhindered): true {
  return true;
}
