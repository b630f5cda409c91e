/**
 * System B: a folio of two blocks, each of which is dirty by itself (chapter 5).
 *
 * The world of `writeback.ts` with blocks of half a page. W writes to the first of them by write(2), V to
 * the second. P does what W does, and then faults for the first and stores to the second. F calls fsync.
 * PG_dirty is one flag for the whole folio: who clears it must write all blocks that are dirty.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import type { Event } from "../event.ts";
import { folioInHand } from "../folio.ts";
import type { Bounds, State } from "../state.ts";
import { mayStore } from "../tlb.ts";
import { type Call, task } from "./calls.ts";
import { fsyncPage } from "./fsync_steps.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";
import { bounds, start } from "./writeback.ts";

type Part = 0 | 1;

const page = 0;
const mapping = 0;
const subpage: Bounds = { ...bounds, subpage: true };

/** write(2) to one block. */
function write(writer: number, part: Part): Call {
  const on = { task: writer, page };
  return (first, next) => [
    does(
      first,
      `write(2): filemap_get_folio(${page}), lock it`,
      { kind: "find_folio", ...on },
      { kind: "lock_folio", ...on },
    ),
    choice(`${first}.copy`, `copy to block ${part} of the page, block ${part} dirty`, {
      events: [
        { kind: "copy_in", ...on, writes: 1 << part },
        { kind: "mark_dirty", ...on, part },
        { kind: "unlock_folio", ...on },
        { kind: "put_folio", ...on },
      ],
      goto: next,
    }),
  ];
}

/** A store to the second block, by a fault that was taken for the first. */
function store(dirtiesAll: boolean): Call {
  const on = { task: 0, page };
  const dirty: Event = dirtiesAll
    ? { kind: "mark_dirty", ...on }
    : { kind: "mark_dirty", ...on, part: 0 };
  return (first, next) => [
    does(
      first,
      "write fault at block 0: lock the folio",
      { kind: "find_folio", ...on },
      { kind: "lock_folio", ...on },
    ),
    does(
      `${first}.mkwrite`,
      dirtiesAll ? "->page_mkwrite: both blocks dirty" : "->page_mkwrite: block 0 dirty",
      dirty,
      { kind: "map_folio", ...on, mapping, access: "write" },
      { kind: "unlock_folio", ...on },
      { kind: "put_folio", ...on },
    ),
    choice(`${first}.store`, "store to block 1 of the page", {
      when: (state) => mayStore(state, mapping, page),
      events: [{ kind: "store_folio", mapping, page, writes: 8 }],
      goto: next,
    }, { result: "protected", when: (state) => !mayStore(state, mapping, page), goto: first }),
  ];
}

/** What writeback does with the folio in hand. */
function writeBack(all: boolean): readonly Step[] {
  const on = { task: 1, page };
  const isDirty = (part: Part) => (state: State): boolean =>
    ((state.dirtyBlocks[folioInHand(state, on.task)] ?? 0) & (1 << part)) !== 0;
  const submit = (part: Part): Step =>
    choice(
      `submit ${part}`,
      `block ${part} of folio ${page}`,
      {
        result: "dirty: the device reads it",
        when: isDirty(part),
        events: [{ kind: "write_folio", ...on, part }],
        ...(all ? {} : { goto: "end writeback" }),
      },
      { result: "clean", when: (state) => !isDirty(part)(state) },
    );
  return [
    does(
      "clear dirty",
      `lock folio ${page}, declare it clean, folio_start_writeback()`,
      { kind: "lock_folio", ...on },
      { kind: "protect_folio", ...on, mapping },
      { kind: "clear_dirty_for_io", ...on },
      { kind: "start_writeback", ...on },
    ),
    submit(0),
    submit(1),
    does(
      "end writeback",
      `unlock, folio_end_writeback(${page})`,
      { kind: "unlock_folio", ...on },
      { kind: "end_writeback", ...on },
      { kind: "put_folio", ...on },
    ),
  ];
}

function design(
  id: string,
  title: string,
  source: string,
  { all, writer, breaks }: {
    readonly all: boolean;
    readonly writer: Actor;
    readonly breaks: readonly string[];
  },
): Design {
  const sync = fsyncPage({ task: 1, page }, { mappings: [mapping], write: writeBack(all) });
  return {
    id,
    system: "B",
    title,
    source,
    bounds: subpage,
    start,
    actors: [writer, other, task("F", 1, sync), power(3)],
    breaks,
  };
}

const writes = task("W", 0, write(0, 0));
const stores = (dirtiesAll: boolean): Actor => task("P", 0, write(0, 0), store(dirtiesAll));
const other = task("V", 2, write(2, 1));

/** Dirty blocks of a folio. */
export const dirtyBlockDesigns: readonly Design[] = [
  design(
    "WB-blocks",
    "writeback writes every dirty block of the folio before it ends",
    "4ce02c679722 (iomap, 6.6); fs/ext4/page-io.c, ext4_bio_write_folio()",
    { all: true, writer: writes, breaks: [] },
  ),
  design(
    "WB-blocks-first",
    "writeback writes the first dirty block, and the whole folio is clean",
    "mutant",
    { all: false, writer: writes, breaks: ["WB-BLOCK-1", "DUR-1", "COH-1"] },
  ),
  design(
    "WB-blocks-fault",
    "a write fault marks every block of the folio dirty",
    "fs/iomap/buffered-io.c, iomap_dirty_folio(); fs/buffer.c, block_dirty_folio()",
    { all: true, writer: stores(true), breaks: [] },
  ),
  design(
    "WB-blocks-fault-one",
    "a write fault marks only the block dirty that it was taken for",
    "mutant",
    { all: true, writer: stores(false), breaks: ["DUR-1", "COH-1"] },
  ),
];
