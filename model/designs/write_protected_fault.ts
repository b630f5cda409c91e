/**
 * System D: a store to a PTE that mkclean has write-protected, and who is asked then (seed 000: getting
 * rid of `pfn_mkwrite`; chapter 4).
 *
 * A page of a DAX file has no struct page that a file system could be asked about; `->pfn_mkwrite` asks
 * by page number, and marks the entry.
 *
 * @module
 */
import type { Design } from "../design.ts";
import type { Bounds, State } from "../state.ts";
import { Extent } from "../extent.ts";
import { Pte } from "../page_table.ts";
import { Entry, Tag } from "../xarray.ts";
import { type Call, task } from "./calls.ts";
import { fsync } from "./dax_fsync.ts";
import { choice, does } from "./program.ts";
import { storeTo } from "./store.ts";

const bounds: Bounds = { pages: 1, pmdPages: 1, mappings: 1, tasks: 2, locals: 1 };

function start(state: State): void {
  state.extent[0] = Extent.MAPPED;
  state.entry[0] = Entry.PFN;
  state.tag[0] = Tag.DIRTY;
  state.pte[0] = Pte.WRITE;
  state.unflushed[0] = 1;
}

/** `wp_pfn_shared`, with `->pfn_mkwrite` or without. */
function fault(asks: boolean): Call {
  const on = { task: 0, page: 0 } as const;
  const map = { kind: "map_page", ...on, mapping: 0, order: "pte", access: "write" } as const;
  return (first, next) =>
    asks
      ? [
        does(first, "->pfn_mkwrite(): lock the entry", { kind: "lock_entry", ...on, order: "pte" }),
        does(`${first}.mark`, "xas_set_mark(0, DIRTY)", {
          kind: "set_mark",
          ...on,
          mark: "DIRTY",
        }),
        does(`${first}.map`, "vmf_insert_mixed_mkwrite(0)", map),
        choice(`${first}.unlock`, "dax_unlock_entry(0)", {
          events: [{ kind: "unlock_entry", ...on }],
          goto: next,
        }),
      ]
      : [choice(first, "wp_page_reuse(): writable", { events: [map], goto: next })];
}

function design(id: string, title: string, source: string, asks: boolean): Design {
  const store = storeTo(0, 0, fault(asks));
  const sync = fsync(bounds, 1, [{ mapping: 0, from: 0, to: 1 }]);
  return {
    id,
    system: "D",
    title,
    source,
    bounds,
    start,
    actors: [task("A store", 0, store, store), task("fsync", 1, sync, sync)],
    breaks: asks ? [] : ["DAX-TAG-1", "DAX-CLEAN-2", "DUR-1"],
  };
}

/** With and without the question. */
export const writeProtectedFaultDesigns: readonly Design[] = [
  design(
    "D24",
    "a store to a write-protected PTE asks ->pfn_mkwrite, which marks the entry",
    "fs/dax.c dax_iomap_fault() with MKWRITE, all versions",
    true,
  ),
  design(
    "D24-unasked",
    "pfn_mkwrite is gone, and nothing has taken its place",
    "seed 000: it would be nice to get rid of pfn_mkwrite; a mutation of D24",
    false,
  ),
];
