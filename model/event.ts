/**
 * The alphabet: every atomic thing that can happen to a file, as designs emit it, vectors carry it
 * and kernel traces are translated into it.
 *
 * Names follow the kernel's. Pages are page offsets in the file, mappings and tasks are numbers of
 * the world at hand.
 *
 * @module
 */
import type { DirectEvent } from "./events/direct_io.ts";
import type { StorageEvent } from "./events/storage.ts";
import type { LockEvent } from "./events/lock.ts";
import type { PageCacheEvent } from "./events/page_cache.ts";
import type { PinEvent } from "./events/pin.ts";
import type { Access } from "./page_table.ts";
import type { Rwsem, RwsemRequest } from "./rwsem.ts";
import type { Mark, Order } from "./xarray.ts";

/** Why an entry leaves the XArray; decides what may be lost with it (DAX-TAG-2, DAX-TAG-4). */
export type Removal =
  | "punch"
  | "zero_range"
  | "truncate"
  | "collapse"
  | "insert"
  | "layout"
  | "invalidate"
  | "downgrade";

interface OnPage {
  readonly task: number;
  readonly page: number;
}

/** A fault, write(2) or removal enters the file system's code for a page. */
interface CallBegin extends OnPage {
  readonly kind: "call_begin";
}
/** A fault, write(2) or removal leaves that code: nothing of it is transient any more. */
interface CallEnd extends OnPage {
  readonly kind: "call_end";
}
/** `grab_mapping_entry`: locks the entry that covers the page, or a new EMPTY one. */
export interface LockEntry extends OnPage {
  readonly kind: "lock_entry";
  readonly order: Order;
}
/** `put_unlocked_entry` or `dax_unlock_entry`: the entry is unlocked, and a sleeper woken. */
interface UnlockEntry extends OnPage {
  readonly kind: "unlock_entry";
}
/** `->iomap_begin` reports the extent; the task remembers what it saw and whether it held the lock. */
interface LookUp extends OnPage {
  readonly kind: "look_up";
}
/** `->iomap_begin` allocates and zeroes a block; in old kernels it left it unwritten. */
interface Allocate extends OnPage {
  readonly kind: "allocate";
  readonly unwritten?: true;
  /** True if the block keeps what its last owner left in it. */
  readonly unzeroed?: true;
}
/** The file system zeroes the page's block: long after allocation only in old kernels (DAX-ZERO-2). */
interface ZeroBlock extends OnPage {
  readonly kind: "zero_block";
}
/** `dax_insert_entry`: stores zero or pfn in the locked slot; `dirty` sets the DIRTY mark. */
interface InsertEntry extends OnPage {
  readonly kind: "insert_entry";
  readonly order: Order;
  readonly value: "zero" | "pfn";
  readonly dirty: boolean;
}
/** The entry covering the page is deleted because pages [from, to) of the file go away or change. */
export interface RemoveEntry extends OnPage {
  readonly kind: "remove_entry";
  readonly why: Removal;
  readonly from: number;
  readonly to: number;
  /** Who is woken that waits for the entry; all of them if absent. */
  readonly wake?: "next";
}
/** A PMD entry becomes PTE entries with its kind and marks, unlocked. (design D14) */
interface SplitEntry extends OnPage {
  readonly kind: "split_entry";
}
/** `get_unlocked_entry` finds the entry locked: the task sleeps on its wait queue. */
interface WaitEntry extends OnPage {
  readonly kind: "wait_entry";
}
/** The block map loses the page's block: hole (punch), unwritten (zero range) or beyond the end. */
interface RemoveExtent extends OnPage {
  readonly kind: "remove_extent";
  readonly becomes: "hole" | "unwritten" | "beyond";
}
/** `vmf_insert_*`: a PTE or PMD is set. */
export interface MapPage extends OnPage {
  readonly kind: "map_page";
  readonly mapping: number;
  readonly order: Order;
  readonly access: Access;
}
/** A mapping's PTE of the page is cleared; of a PMD, the whole PMD. */
interface UnmapPage {
  readonly kind: "unmap_page";
  readonly mapping: number;
  readonly page: number;
}
/** A CPU store through a writable PTE. */
export interface Store {
  readonly kind: "store";
  readonly mapping: number;
  readonly page: number;
}
/** A CPU load; `sees` is what it returned: zeros, or what was stored. */
export interface Load {
  readonly kind: "load";
  readonly mapping: number;
  readonly page: number;
  readonly sees: "zero" | "data";
}
/** fsync, fdatasync or msync(MS_SYNC) is entered. */
interface SyncBegin {
  readonly kind: "sync_begin";
  readonly task: number;
}
/** `tag_pages_for_writeback`: every DIRTY entry of the range becomes TOWRITE too. */
interface TagTowrite {
  readonly kind: "tag_towrite";
  readonly task: number;
}
/** A mark of the entry is set: DIRTY by `dax_insert_pfn_mkwrite`, WRITEBACK by design D10. */
interface SetMark extends OnPage {
  readonly kind: "set_mark";
  readonly mark: Mark;
}
/** A mark is cleared, but not DIRTY by writeback: TOWRITE by `dax_writeback_one`. */
interface ClearMark extends OnPage {
  readonly kind: "clear_mark";
  readonly mark: Mark;
}
/** `pfn_mkclean_range`: one mapping's PTEs of the entry are write-protected and cleaned. */
export interface Mkclean extends OnPage {
  readonly kind: "mkclean";
  readonly mapping: number;
  /** The CPU keeps its old translation until a `flush_tlb`. */
  readonly tlbFlush?: "deferred";
}
/** The mapping's CPU forgets its translations of the page. */
interface FlushTlb {
  readonly kind: "flush_tlb";
  readonly mapping: number;
  readonly page: number;
}
/** `dax_flush` of the entry's pages. */
interface Flush extends OnPage {
  readonly kind: "flush";
  /** True if the entry has the size of one page, though it stands in every slot of a PMD (D22). */
  readonly only?: true;
}
/** DIRTY is cleared under xa_lock; the tracepoint `dax_writeback_one` fires just after. */
interface ClearDirty extends OnPage {
  readonly kind: "clear_dirty";
}
/** The sync call returns 0. */
interface SyncEnd {
  readonly kind: "sync_end";
  readonly task: number;
}
/** `down_read` or `down_write` of one of the file's semaphores. */
interface Acquire extends RwsemRequest {
  readonly kind: "acquire";
}
/** `up_read` or `up_write`. */
interface Release {
  readonly kind: "release";
  readonly task: number;
  readonly lock: Rwsem;
}
/**
 * What happens to a DAX mapping.
 *
 * @internal
 */
export type DaxEvent =
  | CallBegin
  | CallEnd
  | LockEntry
  | UnlockEntry
  | LookUp
  | Allocate
  | ZeroBlock
  | InsertEntry
  | RemoveEntry
  | SplitEntry
  | WaitEntry
  | RemoveExtent
  | MapPage
  | UnmapPage
  | Store
  | Load
  | SyncBegin
  | TagTowrite
  | SetMark
  | ClearMark
  | Mkclean
  | FlushTlb
  | Flush
  | ClearDirty
  | SyncEnd
  | Acquire
  | Release;

/** One atomic thing that happened. */
export type Event =
  | DaxEvent
  | PageCacheEvent
  | LockEvent
  | DirectEvent
  | StorageEvent
  | PinEvent;

/** The name of an event's kind. */
export type EventKind = Event["kind"];
