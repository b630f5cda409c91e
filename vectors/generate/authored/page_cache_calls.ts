/**
 * Calls on the page cache, event by event: what the hand-written vectors are put together from.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import type { Start } from "../../format/event_vector.ts";

/** Who works on which page, through which mapping. */
interface OnFolio {
  readonly task: number;
  readonly page?: number;
  readonly mapping?: number;
}

/** The events of a fault or a call on one folio, and the whole calls that they make up. */
interface FolioEvents {
  /** `filemap_get_folio` */
  readonly find: Event;
  /** `filemap_add_folio` */
  readonly add: Event;
  /** The block is looked up. */
  readonly mapBlocks: Event;
  /** The block's content is read. */
  readonly read: Event;
  readonly lock: Event;
  readonly unlock: Event;
  readonly put: Event;
  /** `folio_mark_dirty` */
  readonly markDirty: Event;
  readonly mapReadable: Event;
  readonly mapWritable: Event;
  /** A CPU store through the mapping. */
  readonly store: (writes: number) => Event;
  /** Find nothing, add a folio and read it; it stays in the hand, unlocked. */
  readonly cache: readonly Event[];
  /** A read fault, or read(2), on a page that is not cached. */
  readonly readMiss: readonly Event[];
  /** A write fault on the folio in hand. */
  readonly mkwrite: readonly Event[];
  /** A write fault on a cached page. */
  readonly writeFault: readonly Event[];
  /** write(2) of the whole page, not cached before. */
  readonly writeNew: (writes: number) => readonly Event[];
  /** The folio leaves the cache. */
  readonly remove: (why: "punch" | "truncate" | "collapse" | "invalidate" | "reclaim") => Event;
  readonly observe: Event;
}

/** The events of one task on one page. */
export function folio({ task, page = 0, mapping = 0 }: OnFolio): FolioEvents {
  const on = { task, page } as const;
  const find: Event = { kind: "find_folio", ...on };
  const add: Event = { kind: "add_folio", ...on };
  const mapBlocks: Event = { kind: "map_blocks", ...on };
  const read: Event = { kind: "read_folio", ...on };
  const lock: Event = { kind: "lock_folio", ...on };
  const unlock: Event = { kind: "unlock_folio", ...on };
  const put: Event = { kind: "put_folio", ...on };
  const markDirty: Event = { kind: "mark_dirty", ...on };
  const mapReadable: Event = { kind: "map_folio", ...on, mapping, access: "read" };
  const mapWritable: Event = { kind: "map_folio", ...on, mapping, access: "write" };
  const cache = [add, mapBlocks, read, unlock];
  const mkwrite = [lock, markDirty, mapWritable, unlock, put];
  return {
    find,
    add,
    mapBlocks,
    read,
    lock,
    unlock,
    put,
    markDirty,
    mapReadable,
    mapWritable,
    store: (writes) => ({ kind: "store_folio", mapping, page, writes }),
    cache,
    readMiss: [...cache, put],
    mkwrite,
    writeFault: [find, ...mkwrite],
    writeNew: (writes) => [
      add,
      { kind: "copy_in", ...on, writes, whole: true },
      markDirty,
      unlock,
      put,
    ],
    remove: (why) => ({ kind: "remove_folio", ...on, why }),
    observe: { kind: "observe", ...on },
  };
}

/** The events of writing one folio back, and the whole of it. */
interface WritebackEvents {
  readonly find: Event;
  readonly lock: Event;
  /** `page_mkclean` */
  readonly protect: readonly Event[];
  /** `folio_clear_dirty_for_io` */
  readonly clearDirty: Event;
  /** `folio_start_writeback` */
  readonly start: Event;
  readonly unlock: Event;
  /** The device takes the content. */
  readonly write: Event;
  /** `folio_end_writeback` */
  readonly end: Event;
  readonly put: Event;
  readonly all: readonly Event[];
}

/** Writeback of a page whose PTEs in these mappings it protects. */
export function writeFolioBack(
  { task, page = 0 }: OnFolio,
  ...mappings: readonly number[]
): WritebackEvents {
  const on = { task, page } as const;
  const find: Event = { kind: "find_folio", ...on };
  const lock: Event = { kind: "lock_folio", ...on };
  const protect = mappings.map((mapping): Event => ({ kind: "protect_folio", ...on, mapping }));
  const clearDirty: Event = { kind: "clear_dirty_for_io", ...on };
  const start: Event = { kind: "start_writeback", ...on };
  const unlock: Event = { kind: "unlock_folio", ...on };
  const write: Event = { kind: "write_folio", ...on };
  const end: Event = { kind: "end_writeback", ...on };
  const put: Event = { kind: "put_folio", ...on };
  const all = [find, lock, ...protect, clearDirty, start, unlock, write, end, put];
  return { find, lock, protect, clearDirty, start, unlock, write, end, put, all };
}

/** The events of a direct write to one page. */
interface DirectEvents {
  /** The request begins. */
  readonly begin: Event;
  /** `kiocb_invalidate_pages` */
  readonly invalidated: Event;
  /** Data reaches the block. */
  readonly write: Event;
  /** Unwritten blocks become readable. */
  readonly convert: Event;
  /** `kiocb_invalidate_post_direct_write` */
  readonly again: Event;
  /** The request returns. */
  readonly end: Event;
}

/** A direct write. */
export function direct({ task, page = 0 }: OnFolio, writes: number): DirectEvents {
  const on = { task, page } as const;
  return {
    begin: { kind: "direct_begin", ...on },
    invalidated: { kind: "invalidated", ...on },
    write: { kind: "direct_write", ...on, writes },
    convert: { kind: "convert_unwritten", ...on },
    again: { kind: "invalidate_again", ...on },
    end: { kind: "direct_end", ...on, writes },
  };
}

/** One page whose block 0 has data in it, bit 1. */
export const written: Start = { extent: [2], block: [1], owner: [1], media: [1], size: [1] };

/** One page whose block 0 is allocated and reads as zeros. */
export const preallocated: Start = { extent: [1], block: [1], owner: [1], size: [1] };
