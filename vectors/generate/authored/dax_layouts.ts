/**
 * System D by hand: breaking layouts deletes entries, and a collapse moves what was stored.
 *
 * @module
 */
import { fault, removeEntry, store, sync, unmap, writeBack } from "./dax_calls.ts";
import { type Authored, breaks, commit, implies, kernel, recording } from "./sequence.ts";
import type { Event } from "../../../model/event.ts";

const bounds = { pages: 2, mappings: 1, tasks: 2 };
const blocks = { extent: [2, 2] };
const stored = fault({ task: 0, mapping: 0, page: 0 });

/** The task that removes page 1, or page 0 by a collapse. */
const T = 1;
const entering = [0, 1].map((page): Event => ({ kind: "call_begin", task: T, page }));
const leaving = [0, 1].map((page): Event => ({ kind: "call_end", task: T, page }));
const lock = (page: number): Event => ({ kind: "lock_entry", task: T, page, order: "pte" });
const shifted: readonly Event[] = [
  { kind: "remove_extent", task: T, page: 0, becomes: "hole" },
  { kind: "shift_extent", task: T, page: 1, to: 0 },
  { kind: "remove_extent", task: T, page: 1, becomes: "beyond" },
];

/** Layouts broken for a hole punch, and for a collapse. */
export const daxLayouts: readonly Authored[] = [
  {
    name: "entry-elsewhere-dropped-with-the-layout",
    system: "D",
    about: "DAX-TAG-2",
    says:
      "A hole punch breaks layouts and deletes the DIRTY entry of a page that it does not remove: " +
      "the store is in no fsync",
    references: [commit("bde708f1a65d"), recording("7.2-punch-elsewhere-ext4")],
    bounds,
    start: blocks,
    exempt: ["DAX-TAG-4"],
    events: [
      stored.writeBlock,
      store(0, 0),
      entering,
      unmap(0, 0),
      lock(0),
      breaks("DAX-TAG-2", removeEntry(T, 0, "layout", 1, 2)),
      { kind: "remove_extent", task: T, page: 1, becomes: "hole" },
      leaving,
      sync(T).begin,
      implies("DUR-1", sync(T).end),
    ],
  },
  {
    name: "entry-elsewhere-left-by-the-layout",
    system: "D",
    about: "DUR-1",
    says:
      "Breaking layouts deletes the clean entry that a hole punch removes and leaves the DIRTY one " +
      "elsewhere, which fsync flushes",
    references: [kernel("a change that nobody has merged: leave entries alone that are DIRTY")],
    bounds,
    start: { ...blocks, entry: [0, 3] },
    events: [
      stored.writeBlock,
      store(0, 0),
      entering,
      unmap(0, 0),
      lock(1),
      removeEntry(T, 1, "layout", 1, 2),
      { kind: "remove_extent", task: T, page: 1, becomes: "hole" },
      leaving,
      sync(T).begin,
      writeBack({ task: T, page: 0, mappings: [0] }).all,
      sync(T).end,
    ],
  },
  {
    name: "moved-by-a-collapse-while-a-sync-runs",
    system: "D",
    about: "DUR-1",
    says:
      "A store to a page that bears no mark is not flushed by the fsync that runs while a collapse " +
      "moves the page: it is owed wherever the page lies",
    references: [kernel("fs/ext4/extents.c, ext4_collapse_range(), of 7.2")],
    bounds: { ...bounds, tasks: 3 },
    start: { ...blocks, entry: [3, 3], unflushed: [0, 1] },
    events: [
      sync(2).begin,
      entering,
      lock(0),
      removeEntry(T, 0, "collapse", 0, 1),
      lock(1),
      removeEntry(T, 1, "collapse", 0, 1),
      shifted,
      leaving,
      breaks("DUR-1", sync(2).end),
    ],
  },
];
