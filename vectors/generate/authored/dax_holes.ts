/**
 * System A by hand: hole mappings against allocation.
 *
 * @module
 */
import { fault, load, removeEntry, store, unmap } from "./dax_calls.ts";
import { type Authored, breaks, commit, fstests, kernel, litmus, seed } from "./sequence.ts";

const page = 0;
const one = { pages: 1, mappings: 2, tasks: 3 };
const pmd = { pages: 2, pmdPages: 2, mappings: 2, tasks: 3 };

const reader = fault({ task: 0, mapping: 0, page });
const writer = fault({ task: 1, mapping: 1, page });
/** write(2), which has no mapping. */
const syscall = 2;
const allocating = [
  { kind: "call_begin", task: syscall, page },
  { kind: "allocate", task: syscall, page },
] as const;
const returning = { kind: "call_end", task: syscall, page } as const;

const pmdReader = fault({ task: 0, mapping: 0, page, order: "pmd", pages: [0, 1] });

/** What is not asked of a kernel that has no entries, or whose entries have no lock. */
const noEntries = ["DAX-ENTRY-4", "DAX-HOLE-2", "DAX-TAG-1"];

/** Hole loads, faults that allocate, and write(2). */
export const daxHoles: readonly Authored[] = [
  {
    name: "hole-then-store",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "A store to a hole that somebody has loaded unmaps the zero page first, so that the next " +
      "load faults and sees the data",
    references: [litmus("L1"), litmus("E1"), seed("000"), commit("ac401cc78242")],
    bounds: one,
    events: [
      reader.loadHole,
      load(0, page, "zero"),
      writer.begin,
      writer.grab,
      writer.allocate,
      writer.lookUp,
      unmap(page, 0, 1),
      writer.insertDirty,
      writer.map("write"),
      writer.put,
      writer.end,
      store(1, page),
      reader.readBlock,
      load(0, page, "data"),
    ],
  },
  {
    name: "page-lock-era",
    system: "A",
    about: "DAX-HOLE-1",
    says: "A read fault looks a hole up and installs the zero page only after a write fault has " +
      "allocated, mapped and stored: it reads zeros for ever",
    references: [litmus("L1"), litmus("E1"), seed("000"), kernel("v4.0 to v4.4, fs/dax.c")],
    bounds: one,
    exempt: noEntries,
    events: [
      reader.begin,
      reader.lookUp,
      writer.begin,
      writer.lookUp,
      writer.allocate,
      writer.map("write"),
      writer.end,
      store(1, page),
      { kind: "lock_entry", task: 0, page, order: "pte" },
      reader.insertZero,
      { kind: "unlock_entry", task: 0, page },
      reader.map("zero"),
      ...reader.end.map((end) => breaks("DAX-HOLE-1", end)),
    ],
  },
  {
    name: "look-up-before-the-lock",
    system: "A",
    about: "DAX-HOLE-2",
    says:
      "->iomap_begin is called before the entry is locked: what it said is old by the time at " +
      "which the zero page is mapped",
    references: [litmus("L1"), litmus("E1"), commit("9f141d6ef625"), commit("13e451fdc1af")],
    bounds: one,
    events: [
      reader.begin,
      reader.lookUp,
      writer.fillHole,
      store(1, page),
      reader.grab,
      reader.insertZero,
      breaks("DAX-HOLE-2", reader.map("zero")),
    ],
  },
  {
    name: "look-up-before-the-lock-against-write",
    system: "A",
    about: "DAX-HOLE-2",
    says:
      "A read fault looks a hole up, write(2) allocates, finds nothing to invalidate and returns, " +
      "and the read fault then maps the zero page",
    references: [litmus("L3"), commit("9f141d6ef625"), commit("13e451fdc1af")],
    bounds: one,
    events: [
      reader.begin,
      reader.lookUp,
      allocating,
      unmap(page, 0, 1),
      returning,
      reader.grab,
      reader.insertZero,
      breaks("DAX-HOLE-2", reader.map("zero")),
    ],
  },
  {
    name: "look-up-under-the-lock-against-write",
    system: "A",
    about: "DAX-HOLE-2",
    says:
      "A read fault that holds the entry lock maps its hole while write(2) waits, and write(2) " +
      "then deletes the entry and unmaps the page before it returns",
    references: [litmus("L3"), commit("13e451fdc1af")],
    bounds: one,
    events: [
      reader.begin,
      reader.grab,
      reader.lookUp,
      allocating,
      reader.insertZero,
      reader.map("zero"),
      reader.put,
      reader.end,
      load(0, page, "zero"),
      { kind: "lock_entry", task: syscall, page, order: "pte" },
      removeEntry(syscall, page, "invalidate", page, page),
      unmap(page, 0, 1),
      returning,
      reader.readBlock,
      load(0, page, "data"),
    ],
  },
  {
    name: "write-leaves-the-huge-zero-page",
    system: "A",
    about: "DAX-HOLE-1",
    says: "write(2) allocates under a huge zero page and returns without unmapping it",
    references: [litmus("L2"), litmus("E3"), commit("cd656375f946"), fstests("generic/428")],
    bounds: pmd,
    events: [
      pmdReader.loadHole,
      load(0, page, "zero"),
      allocating,
      breaks("DAX-HOLE-1", returning),
    ],
  },
  {
    name: "write-unmaps-the-huge-zero-page",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "write(2) deletes the entry of the huge zero page, then unmaps it, and the next load sees " +
      "the data",
    references: [litmus("L2"), litmus("E3"), commit("cd656375f946"), fstests("generic/428")],
    bounds: pmd,
    events: [
      pmdReader.loadHole,
      load(0, page, "zero"),
      allocating,
      { kind: "lock_entry", task: syscall, page, order: "pte" },
      removeEntry(syscall, page, "invalidate", page, page),
      unmap(page, 0, 1),
      returning,
      reader.readBlock,
      load(0, page, "data"),
    ],
  },
  {
    name: "huge-hole-against-small-store",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "Without a tree object, a PMD fault that saw a hole maps the huge zero page over a block " +
      "that a small fault has mapped and stored to meanwhile",
    references: [litmus("E2"), seed("000"), kernel("v4.4, fs/dax.c __dax_pmd_fault()")],
    bounds: pmd,
    exempt: [...noEntries, "DAX-HOLE-3"],
    events: [
      pmdReader.begin,
      pmdReader.lookUp,
      { kind: "call_begin", task: 1, page: 1 },
      { kind: "look_up", task: 1, page: 1 },
      { kind: "allocate", task: 1, page: 1 },
      { kind: "map_page", task: 1, page: 1, mapping: 1, order: "pte", access: "write" },
      { kind: "call_end", task: 1, page: 1 },
      store(1, 1),
      pmdReader.map("zero"),
      { kind: "call_end", task: 0, page: 0 },
      breaks("DAX-HOLE-1", { kind: "call_end", task: 0, page: 1 }),
    ],
  },
  {
    name: "zero-page-without-a-trace",
    system: "A",
    about: "DAX-HOLE-3",
    says:
      "A read fault maps a hole and leaves nothing in the tree by which a later allocation could " +
      "find the mapping",
    references: [seed("000"), kernel("v4.0 to v4.4, fs/dax.c")],
    bounds: one,
    exempt: noEntries,
    events: [
      reader.begin,
      reader.lookUp,
      reader.map("zero"),
      ...reader.end.map((end) => breaks("DAX-HOLE-3", end)),
    ],
  },
  {
    name: "small-holes-under-a-new-pmd",
    system: "A",
    about: "DAX-HOLE-4",
    says:
      "A PMD write fault deletes the small ZERO entries of its range and leaves their zero pages " +
      "mapped",
    references: [commit("de14b9cb5e02")],
    bounds: pmd,
    events: [
      fault({ task: 0, mapping: 0, page: 1 }).loadHole,
      { kind: "call_begin", task: 1, page: 0 },
      { kind: "call_begin", task: 1, page: 1 },
      removeEntry(1, 1, "downgrade", 1, 1),
      { kind: "lock_entry", task: 1, page, order: "pmd" },
      { kind: "allocate", task: 1, page: 0 },
      { kind: "allocate", task: 1, page: 1 },
      { kind: "look_up", task: 1, page },
      { kind: "insert_entry", task: 1, page, order: "pmd", value: "pfn", dirty: true },
      { kind: "map_page", task: 1, page, mapping: 1, order: "pmd", access: "write" },
      { kind: "unlock_entry", task: 1, page },
      breaks("DAX-HOLE-4", { kind: "call_end", task: 1, page: 0 }),
    ],
  },
  {
    name: "small-holes-unmapped-for-a-new-pmd",
    system: "A",
    about: "DAX-HOLE-4",
    says:
      "A PMD write fault deletes the small ZERO entries of its range and unmaps their zero pages",
    references: [commit("de14b9cb5e02")],
    bounds: pmd,
    events: [
      fault({ task: 0, mapping: 0, page: 1 }).loadHole,
      unmap(1, 0, 1),
      removeEntry(1, 1, "downgrade", 1, 1),
      fault({ task: 1, mapping: 1, page, order: "pmd", pages: [0, 1] }).fillHole,
      store(1, 1),
      fault({ task: 0, mapping: 0, page: 1 }).readBlock,
      load(0, 1, "data"),
    ],
  },
  {
    name: "zero-entry-replaced-while-mapped",
    system: "A",
    about: "DAX-HOLE-5",
    says: "A write fault puts its block into a ZERO entry before it has unmapped the zero page",
    references: [seed("000"), commit("ac401cc78242")],
    bounds: one,
    events: [
      reader.loadHole,
      writer.begin,
      writer.grab,
      writer.allocate,
      writer.lookUp,
      breaks("DAX-HOLE-5", writer.insertDirty),
    ],
  },
  {
    name: "unwritten-is-a-hole",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "A preallocated block that nobody has written is loaded as a hole; the first store converts " +
      "it and unmaps the zero page",
    references: [litmus("L27"), kernel("5.10 to 7.2, fs/dax.c dax_iomap_pte_fault()")],
    bounds: one,
    start: { extent: [1] },
    events: [
      reader.loadHole,
      load(0, page, "zero"),
      writer.begin,
      writer.grab,
      writer.allocate,
      writer.lookUp,
      unmap(page, 0, 1),
      writer.insertDirty,
      writer.map("write"),
      writer.put,
      writer.end,
      store(1, page),
      reader.readBlock,
      load(0, page, "data"),
    ],
  },
  {
    name: "unwritten-converted-under-the-zero-page",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "write(2) converts an unwritten block that is mapped as a hole and returns without unmapping",
    references: [litmus("L27"), commit("cd656375f946")],
    bounds: one,
    start: { extent: [1] },
    events: [reader.loadHole, allocating, breaks("DAX-HOLE-1", returning)],
  },
];
