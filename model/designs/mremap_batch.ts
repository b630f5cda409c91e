/**
 * System D: mremap moves several entries at once, as a batch that begins like the first of them
 * (chapter 4).
 *
 * Two pages. Of the first the entry is DIRTY and mapped writable, of the second it is clean and mapped
 * read-only. In the kernel the two are pages of one large folio; here each has an entry of its own, so
 * that what the second one lacks can be seen.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";
import { task } from "./calls.ts";
import { fsync } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { choice } from "./program.ts";
import { pteFault } from "./pte_fault.ts";
import { storeTo } from "./store.ts";

const bounds: Bounds = { pages: 2, pmdPages: 1, mappings: 2, tasks: 2, locals: 1 };
const pages = [0, 1] as const;
const vmas: readonly Vma[] = [{ mapping: 0, from: 0, to: 2 }, { mapping: 1, from: 0, to: 2 }];

function start(state: State): void {
  state.extent.fill(Extent.MAPPED);
  state.entry.fill(Entry.PFN);
  state.tag[0] = Tag.DIRTY;
  state.pte[0] = Pte.WRITE;
  state.pte[1] = Pte.READ;
  state.unflushed[0] = 1;
}

/** `move_ptes`: all of it under the locks of both page tables. */
function mremap(asBatch: boolean): Actor {
  const move = (second: "read" | "write", first: "read" | "write"): readonly Event[] =>
    pages.flatMap((page): readonly Event[] => [
      { kind: "unmap_page", mapping: 0, page },
      {
        kind: "map_page",
        task: 0,
        page,
        mapping: 1,
        order: "pte",
        access: page === 0 ? first : second,
      },
    ]);
  const isWritable = (state: State): boolean => pteAccess(state, 0, 0) === Pte.WRITE;
  const fault = { bounds, task: 0, mapping: 1, page: 1, access: "write" } as const;
  const store = storeTo(1, 1, pteFault(fault));
  return task("P", 0, (first, next) => [
    choice(
      first,
      "move_ptes(): two entries",
      {
        result: "the first is writable",
        when: isWritable,
        events: move(asBatch ? "write" : "read", "write"),
        goto: next,
      },
      {
        result: "read-only",
        when: (state) => !isWritable(state),
        events: move("read", "read"),
        goto: next,
      },
    ),
  ], store);
}

function design(
  id: string,
  title: string,
  source: string,
  asBatch: boolean,
  breaks: readonly string[],
): Design {
  const call = fsync(bounds, 1, vmas);
  return {
    id,
    system: "D",
    title,
    source,
    bounds,
    start,
    actors: [mremap(asBatch), task("fsync", 1, call)],
    breaks,
  };
}

/** Batches of entries. */
export const mremapBatchDesigns: readonly Design[] = [
  design(
    "D23-batch-write",
    "mremap gives every entry of a batch the write permission of the first",
    "before 04d1c9d60c6e (6.17 has it from f822a9a81a31)",
    true,
    ["DAX-TAG-1", "DUR-1"],
  ),
  design(
    "D23-batch",
    "a batch of mremap ends where the write permission changes",
    "04d1c9d60c6e (6.18, and 6.17 stable)",
    false,
    [],
  ),
];
