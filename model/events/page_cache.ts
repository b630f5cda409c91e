/**
 * What happens to folios of the page cache.
 *
 * @module
 */
import type { Access } from "../page_table.ts";

interface OnPage {
  readonly task: number;
  readonly page: number;
}

/** `filemap_get_folio`: the task takes the slot's folio in its hand; nothing if there is none. */
interface FindFolio extends OnPage {
  readonly kind: "find_folio";
}
/** `filemap_add_folio`: a new folio, locked and not uptodate, goes into the empty slot. */
interface AddFolio extends OnPage {
  readonly kind: "add_folio";
}
/** `folio_lock` of the folio in the task's hand. */
interface LockFolio extends OnPage {
  readonly kind: "lock_folio";
}
/** `folio_unlock`; the folio stays in the hand. */
interface UnlockFolio extends OnPage {
  readonly kind: "unlock_folio";
}
/** `folio_put`: the hand is empty again. */
interface PutFolio extends OnPage {
  readonly kind: "put_folio";
}
/** The file system looks the page up in its block map, and the task remembers what it said. */
interface MapBlocks extends OnPage {
  readonly kind: "map_blocks";
}
/** The block that the task remembers is read into the folio in its hand: now it is uptodate. */
interface ReadFolio extends OnPage {
  readonly kind: "read_folio";
}
/** The rest of a folio that is about to be written in part is taken from the block, or is zeros. */
interface WriteBegin extends OnPage {
  readonly kind: "write_begin";
}
/** write(2) copies into the folio in the task's hand. [A.9] */
interface CopyIn extends OnPage {
  readonly kind: "copy_in";
  readonly writes: number;
  /** True if it covers the whole page, so that nothing of what was there is left. */
  readonly whole?: true;
}
/** A PTE is set to the folio in the task's hand. */
export interface MapFolio extends OnPage {
  readonly kind: "map_folio";
  readonly mapping: number;
  readonly access: Exclude<Access, "zero">;
}
/** A CPU store through a writable PTE into the folio that it maps. */
export interface StoreFolio {
  readonly kind: "store_folio";
  readonly mapping: number;
  readonly page: number;
  /** Bit of this store in the content. */
  readonly writes: number;
  /** Which block of the page it goes to, where blocks are smaller than pages. */
  readonly part?: number;
}
/** ->page_mkwrite allocates or reserves the page's blocks that lie within i_size. */
interface ReserveBlocks extends OnPage {
  readonly kind: "reserve_blocks";
}
/** `folio_mark_dirty`, and the DIRTY mark of the slot. */
interface MarkDirty extends OnPage {
  readonly kind: "mark_dirty";
  /** The block that becomes dirty, where a page has two; absent for both, as after a fault. */
  readonly part?: 0 | 1;
}
/** `page_mkclean` in one mapping: its PTE is write-protected and its TLB entry flushed. */
interface ProtectFolio extends OnPage {
  readonly kind: "protect_folio";
  readonly mapping: number;
}
/** `folio_clear_dirty_for_io`, second half: PG_dirty is cleared; the mark stays. */
interface ClearDirtyForIo extends OnPage {
  readonly kind: "clear_dirty_for_io";
}
/** `folio_start_writeback`: marks change; what goes to the device is settled (checksum, parity). */
interface StartWriteback extends OnPage {
  readonly kind: "start_writeback";
}
/** A PTE of the folio is cleared, as munmap and MADV_DONTNEED do; the folio stays dirty if it was. */
interface ZapFolio {
  readonly kind: "zap_folio";
  readonly mapping: number;
  readonly page: number;
  /** The CPU keeps its old translation until a `flush_tlb`. */
  readonly tlbFlush?: "deferred";
}
/** The device takes the folio's content from memory. */
interface WriteFolio extends OnPage {
  readonly kind: "write_folio";
  /** True if it takes a copy instead that was made when writeback began. */
  readonly bounced?: true;
  /** The block that is written, where a page has two; absent for both. */
  readonly part?: 0 | 1;
}
/** `folio_end_writeback`. */
interface EndWriteback extends OnPage {
  readonly kind: "end_writeback";
}
/** The folio leaves the mapping: unmapped everywhere, out of its slot, its data gone. */
export interface RemoveFolio extends OnPage {
  readonly kind: "remove_folio";
  readonly why: "punch" | "truncate" | "collapse" | "invalidate" | "reclaim";
}
/** The block map loses blocks in front of the page, which moves down to `to`. (collapse range) */
export interface ShiftExtent extends OnPage {
  readonly kind: "shift_extent";
  readonly to: number;
}
/** A hole punch or truncation of the page returns. */
interface RemovalEnd extends OnPage {
  readonly kind: "removal_end";
}
/** `i_size_write`: the file now has so many pages (or parts of one, where blocks are smaller). */
interface SetSize {
  readonly kind: "set_size";
  readonly task: number;
  readonly file: number;
  readonly size: number;
}
/** `folio_zero_segment`: bytes of the folio in the task's hand become zeros. */
interface ZeroTail extends OnPage {
  readonly kind: "zero_tail";
  /** Bits of the stores that lie there. */
  readonly writes: number;
}
/** A call that made the file grow over a part of the page returns. */
interface GrowthEnd extends OnPage {
  readonly kind: "growth_end";
}
/** Somebody whose call began after all others named here had returned reads the page. */
interface Observe extends OnPage {
  readonly kind: "observe";
}

/**
 * Events of the page cache.
 *
 * @internal
 */
export type PageCacheEvent =
  | FindFolio
  | AddFolio
  | LockFolio
  | UnlockFolio
  | PutFolio
  | MapBlocks
  | ReadFolio
  | WriteBegin
  | CopyIn
  | MapFolio
  | StoreFolio
  | ReserveBlocks
  | MarkDirty
  | ProtectFolio
  | ClearDirtyForIo
  | StartWriteback
  | ZapFolio
  | WriteFolio
  | EndWriteback
  | RemoveFolio
  | ShiftExtent
  | RemovalEnd
  | SetSize
  | ZeroTail
  | GrowthEnd
  | Observe;
