/**
 * System A by hand: a new block is zeroed before anybody can see it, and never again.
 *
 * @module
 */
import { fault, load, store } from "./dax_calls.ts";
import { type Authored, breaks, commit, kernel, litmus } from "./sequence.ts";

const page = 0;
const noEntries = ["DAX-ENTRY-4", "DAX-HOLE-2", "DAX-TAG-1"];

/** Blocks with what their last owner left in them. */
export const daxZeroing: readonly Authored[] = [
  {
    name: "zeroed-after-a-store",
    system: "A",
    about: "DAX-ZERO-2",
    says: "Two write faults meet on a hole; the loser zeroes the block after the winner has stored",
    references: [litmus("L4"), commit("843172978bb9")],
    bounds: { pages: 1, mappings: 2, tasks: 2, contents: true },
    exempt: noEntries,
    events: [
      { kind: "call_begin", task: 0, page },
      { kind: "call_begin", task: 1, page },
      { kind: "allocate", task: 0, page, unwritten: true },
      { kind: "zero_block", task: 0, page },
      { kind: "map_page", task: 0, page, mapping: 0, order: "pte", access: "write" },
      { kind: "call_end", task: 0, page },
      store(0, page),
      breaks("DAX-ZERO-2", { kind: "zero_block", task: 1, page }),
    ],
  },
  {
    name: "zeroed-after-a-copy",
    system: "A",
    about: "DAX-ZERO-2",
    says: "A write fault zeroes its block after write(2) has copied to it",
    references: [commit("843172978bb9")],
    bounds: { pages: 1, mappings: 1, tasks: 2, contents: true, blocks: 1 },
    exempt: noEntries,
    events: [
      { kind: "call_begin", task: 0, page },
      { kind: "allocate", task: 0, page, unwritten: true },
      { kind: "zero_block", task: 1, page },
      { kind: "direct_write", task: 1, page, writes: 1 },
      breaks("DAX-ZERO-2", { kind: "zero_block", task: 0, page }),
    ],
  },
  {
    name: "zeroed-once",
    system: "A",
    about: "DAX-ZERO-2",
    says:
      "Two processes store to different bytes of one hole: the block is zeroed once, before anybody " +
      "can store, and both stores are there",
    references: [litmus("L4"), commit("843172978bb9")],
    bounds: { pages: 1, mappings: 2, tasks: 2, contents: true },
    exempt: noEntries,
    events: [
      { kind: "call_begin", task: 0, page },
      { kind: "call_begin", task: 1, page },
      { kind: "allocate", task: 0, page, unwritten: true },
      { kind: "zero_block", task: 0, page },
      { kind: "map_page", task: 0, page, mapping: 0, order: "pte", access: "write" },
      { kind: "call_end", task: 0, page },
      store(0, page),
      { kind: "look_up", task: 1, page },
      { kind: "map_page", task: 1, page, mapping: 1, order: "pte", access: "write" },
      { kind: "call_end", task: 1, page },
      store(1, page),
      load(0, page, "data"),
    ],
  },
  {
    name: "mapped-before-zeroing",
    system: "A",
    about: "DAX-ZERO-1",
    says: "A block is mapped with what its last owner left in it",
    references: [commit("843172978bb9"), commit("5726b27b09cc")],
    bounds: { pages: 1, mappings: 1, tasks: 1, contents: true },
    events: [
      { kind: "call_begin", task: 0, page },
      { kind: "lock_entry", task: 0, page, order: "pte" },
      { kind: "allocate", task: 0, page, unwritten: true },
      { kind: "insert_entry", task: 0, page, order: "pte", value: "pfn", dirty: true },
      breaks("DAX-ZERO-1", {
        kind: "map_page",
        task: 0,
        page,
        mapping: 0,
        order: "pte",
        access: "write",
      }),
    ],
  },
  {
    name: "allocated-over-a-store",
    system: "A",
    about: "DAX-ZERO-2",
    says:
      "Two write faults meet on a hole; the loser does not see the winner's block, and has it " +
      "allocated and zeroed once more after the winner has stored",
    references: [litmus("L4"), commit("843172978bb9")],
    bounds: { pages: 1, mappings: 2, tasks: 2, contents: true },
    exempt: noEntries,
    events: [
      { kind: "call_begin", task: 0, page },
      { kind: "call_begin", task: 1, page },
      { kind: "allocate", task: 0, page },
      { kind: "map_page", task: 0, page, mapping: 0, order: "pte", access: "write" },
      { kind: "call_end", task: 0, page },
      store(0, page),
      breaks("DAX-ZERO-2", { kind: "allocate", task: 1, page }),
    ],
  },
  {
    name: "allocated-again-after-a-punch",
    system: "A",
    about: "DAX-ZERO-2",
    says:
      "A page that was stored to is punched out and gets a new block, which is zeroed: nothing of " +
      "the old store was to be kept",
    references: [litmus("L15"), litmus("K18")],
    bounds: { pages: 1, mappings: 1, tasks: 2, contents: true },
    exempt: noEntries,
    events: [
      { kind: "allocate", task: 0, page },
      { kind: "map_page", task: 0, page, mapping: 0, order: "pte", access: "write" },
      store(0, page),
      { kind: "unmap_page", mapping: 0, page },
      { kind: "remove_extent", task: 1, page, becomes: "hole" },
      { kind: "allocate", task: 0, page },
    ],
  },
  {
    name: "zeroed-by-a-zero-range",
    system: "A",
    about: "DAX-ZERO-2",
    says:
      "A zero range deletes the entry of a page that was stored to, and zeroes its block: that is " +
      "what it was asked for, and no fsync owes the store any more",
    references: [litmus("K40"), kernel("ext4 and XFS, fallocate(FALLOC_FL_ZERO_RANGE)")],
    bounds: { pages: 1, mappings: 1, tasks: 3, contents: true },
    events: [
      fault({ task: 0, mapping: 0, page }).fillHole,
      store(0, page),
      { kind: "call_begin", task: 1, page },
      { kind: "lock_entry", task: 1, page, order: "pte" },
      { kind: "unmap_page", mapping: 0, page },
      { kind: "remove_entry", task: 1, page, why: "zero_range", from: 0, to: 1 },
      { kind: "sync_begin", task: 2 },
      { kind: "sync_end", task: 2 },
      { kind: "zero_block", task: 1, page },
      { kind: "call_end", task: 1, page },
    ],
  },
];
