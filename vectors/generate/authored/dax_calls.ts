/**
 * Calls on a DAX mapping, event by event: what the hand-written vectors are put together from.
 *
 * @module
 */
import type { Event, Load, Removal, RemoveEntry, Store } from "../../../model/event.ts";
import type { Access } from "../../../model/page_table.ts";
import type { Order } from "../../../model/xarray.ts";

/** Whose fault it is, in which mapping, on which page. */
interface Fault {
  readonly task: number;
  readonly mapping: number;
  readonly page: number;
  /** `pmd` covers `pages`. */
  readonly order?: Order;
  /** Pages that the fault is inside its call for; its own if absent. */
  readonly pages?: readonly number[];
}

/** The events of a fault, by what they are, and the whole calls that they make up. */
interface FaultEvents {
  /** The fault enters the file system. */
  readonly begin: readonly Event[];
  /** `grab_mapping_entry` */
  readonly grab: Event;
  /** `->iomap_begin` */
  readonly lookUp: Event;
  /** `->iomap_begin`, with a new block */
  readonly allocate: Event;
  /** `dax_load_hole`: the ZERO entry */
  readonly insertZero: Event;
  /** `dax_insert_entry` of a read fault */
  readonly insertClean: Event;
  /** `dax_insert_entry` of a write fault: with the DIRTY mark */
  readonly insertDirty: Event;
  /** `vmf_insert_mixed` */
  readonly map: (access: Access) => Event;
  /** `dax_unlock_entry` */
  readonly put: Event;
  readonly end: readonly Event[];
  /** A read fault on a hole. */
  readonly loadHole: readonly Event[];
  /** A read fault on a block. */
  readonly readBlock: readonly Event[];
  /** A write fault on a hole that nobody has mapped. */
  readonly fillHole: readonly Event[];
  /** A write fault on a block. */
  readonly writeBlock: readonly Event[];
}

/** The events of a fault. */
export function fault({ task, mapping, page, order = "pte", pages = [page] }: Fault): FaultEvents {
  const on = { task, page } as const;
  const insert = (value: "zero" | "pfn", dirty: boolean): Event => ({
    kind: "insert_entry",
    ...on,
    order,
    value,
    dirty,
  });
  const begin = pages.map((each): Event => ({ kind: "call_begin", task, page: each }));
  const grab: Event = { kind: "lock_entry", ...on, order };
  const lookUp: Event = { kind: "look_up", ...on };
  const allocate = pages.map((each): Event => ({ kind: "allocate", task, page: each }));
  const map = (access: Access): Event => ({ kind: "map_page", ...on, mapping, order, access });
  const put: Event = { kind: "unlock_entry", ...on };
  const end = pages.map((each): Event => ({ kind: "call_end", task, page: each }));
  const close = [put, ...end];
  return {
    begin,
    grab,
    lookUp,
    allocate: { kind: "allocate", ...on },
    insertZero: insert("zero", false),
    insertClean: insert("pfn", false),
    insertDirty: insert("pfn", true),
    map,
    put,
    end,
    loadHole: [...begin, grab, lookUp, insert("zero", false), map("zero"), ...close],
    readBlock: [...begin, grab, lookUp, insert("pfn", false), map("read"), ...close],
    fillHole: [...begin, grab, ...allocate, lookUp, insert("pfn", true), map("write"), ...close],
    writeBlock: [...begin, grab, lookUp, insert("pfn", true), map("write"), ...close],
  };
}

/** `unmap_mapping_pages`: a page leaves these mappings' page tables. */
export function unmap(page: number, ...mappings: readonly number[]): readonly Event[] {
  return mappings.map((mapping) => ({ kind: "unmap_page", mapping, page }));
}

/** A store that the page table lets through. */
export function store(mapping: number, page: number): Store {
  return { kind: "store", mapping, page };
}

/** A load that the page table lets through, and what it returns. */
export function load(mapping: number, page: number, sees: Load["sees"]): Load {
  return { kind: "load", mapping, page, sees };
}

/** Deletes the entry that covers the page, because pages [from, to) go or change. */
export function removeEntry(
  task: number,
  page: number,
  why: Removal,
  from = page,
  to = page + 1,
): RemoveEntry {
  return { kind: "remove_entry", task, page, why, from, to };
}

/** A pass over one entry: its task, a page of it, and the PTEs that mkclean visits. */
interface Pass {
  readonly task: number;
  readonly page: number;
  /** Mappings whose PTE of `page` is visited. */
  readonly mappings: readonly number[];
}

/** The events of `dax_writeback_one`, and the whole of it. */
interface PassEvents {
  /** The entry is locked. */
  readonly lock: Event;
  /** TOWRITE is cleared, under the same xa_lock. */
  readonly clearTowrite: Event;
  /** `pfn_mkclean_range` */
  readonly mkclean: readonly Event[];
  /** `dax_flush` */
  readonly flush: Event;
  /** DIRTY is cleared. */
  readonly clearDirty: Event;
  /** The entry is unlocked, under the same xa_lock. */
  readonly unlock: Event;
  readonly all: readonly Event[];
}

/** The events of a pass over one entry. */
export function writeBack({ task, page, mappings }: Pass): PassEvents {
  const on = { task, page } as const;
  const lock: Event = { kind: "lock_entry", ...on, order: "pte" };
  const clearTowrite: Event = { kind: "clear_mark", ...on, mark: "TOWRITE" };
  const mkclean = mappings.map((mapping): Event => ({ kind: "mkclean", ...on, mapping }));
  const flush: Event = { kind: "flush", ...on };
  const clearDirty: Event = { kind: "clear_dirty", ...on };
  const unlock: Event = { kind: "unlock_entry", ...on };
  const all = [lock, clearTowrite, ...mkclean, flush, clearDirty, unlock];
  return { lock, clearTowrite, mkclean, flush, clearDirty, unlock, all };
}

/** A sync call around its passes. */
interface SyncEvents {
  /** The call is entered, and `tag_pages_for_writeback`. */
  readonly begin: readonly Event[];
  /** The call returns. */
  readonly end: Event;
}

/** fsync, fdatasync or msync(MS_SYNC) of a task. */
export function sync(task: number): SyncEvents {
  return {
    begin: [{ kind: "sync_begin", task }, { kind: "tag_towrite", task }],
    end: { kind: "sync_end", task },
  };
}

/** A whole fsync of one entry that these mappings map. */
export function fsync(
  task: number,
  page: number,
  ...mappings: readonly number[]
): readonly Event[] {
  const { begin, end } = sync(task);
  return [...begin, ...writeBack({ task, page, mappings }).all, end];
}
