/**
 * System A by hand: entries, their locks, the end of the file, private mappings.
 *
 * @module
 */
import { fault, load, removeEntry, store, unmap } from "./dax_calls.ts";
import { type Authored, breaks, commit, fstests, kernel, litmus } from "./sequence.ts";

const page = 0;
const one = { pages: 1, mappings: 2, tasks: 3 };
const pmd = { pages: 2, pmdPages: 2, mappings: 2, tasks: 2 };
const mapped = { extent: [2] };
const queues = { ...one, waitQueues: true };

const reader = fault({ task: 0, mapping: 0, page });
const writer = fault({ task: 1, mapping: 1, page });
const remover = 2;
const removing = { kind: "call_begin", task: remover, page } as const;
const removed = { kind: "call_end", task: remover, page } as const;
const removerLocks = { kind: "lock_entry", task: remover, page, order: "pte" } as const;
const holeIt = { kind: "remove_extent", task: remover, page, becomes: "hole" } as const;

/** Entries and what maps by them. */
export const daxEntries: readonly Authored[] = [
  {
    name: "deleted-under-another-lock",
    system: "A",
    about: "DAX-ENTRY-1",
    says: "A hole punch deletes an entry that a fault has locked",
    references: [commit("ac401cc78242")],
    bounds: one,
    events: [
      reader.begin,
      reader.grab,
      removing,
      breaks("DAX-ENTRY-1", removeEntry(remover, page, "punch")),
    ],
  },
  {
    name: "pmd-over-a-locked-pte-entry",
    system: "A",
    about: "DAX-ENTRY-1",
    says:
      "A PMD fault does not see the small entry of its range that another fault has locked, and " +
      "puts an entry of its own in its place",
    references: [commit("0e40de0338d0")],
    bounds: { ...pmd, pages: 4 },
    exempt: ["DAX-ENTRY-2"],
    events: [
      reader.begin,
      reader.grab,
      { kind: "call_begin", task: 1, page: 0 },
      { kind: "call_begin", task: 1, page: 1 },
      breaks("DAX-ENTRY-1", { kind: "lock_entry", task: 1, page: 1, order: "pmd" }),
    ],
  },
  {
    name: "deleted-under-its-own-lock",
    system: "A",
    about: "DAX-ENTRY-1",
    says:
      "A hole punch waits for the fault, locks the entry and deletes it; the next load sees zeros",
    references: [litmus("L15"), commit("ac401cc78242")],
    bounds: one,
    start: mapped,
    events: [
      removing,
      reader.readBlock,
      load(0, page, "data"),
      removerLocks,
      removeEntry(remover, page, "punch"),
      unmap(page, 0, 1),
      holeIt,
      removed,
      reader.loadHole,
      load(0, page, "zero"),
    ],
  },
  {
    name: "pmd-over-a-dirty-pte-entry",
    system: "A",
    about: "DAX-ENTRY-2",
    says:
      "A PMD fault does not see the small entry of its range that a store has made DIRTY, and puts " +
      "an entry of its own in its place",
    references: [litmus("K26"), commit("0e40de0338d0")],
    bounds: pmd,
    events: [
      fault({ task: 1, mapping: 1, page: 1 }).fillHole,
      store(1, 1),
      { kind: "call_begin", task: 0, page: 0 },
      { kind: "call_begin", task: 0, page: 1 },
      breaks("DAX-ENTRY-2", { kind: "lock_entry", task: 0, page: 0, order: "pmd" }),
    ],
  },
  {
    name: "pmd-over-a-table-of-ptes",
    system: "A",
    about: "DAX-ENTRY-2",
    says:
      "A fault chose a PTE before another thread mapped the whole range by a PMD, and does not look " +
      "at the page table again",
    references: [fstests("generic/437")],
    bounds: { ...pmd, mappings: 1 },
    events: [
      fault({ task: 0, mapping: 0, page: 0, order: "pmd", pages: [0, 1] }).fillHole,
      { kind: "call_begin", task: 1, page: 1 },
      { kind: "lock_entry", task: 1, page: 1, order: "pte" },
      { kind: "look_up", task: 1, page: 1 },
      { kind: "insert_entry", task: 1, page: 1, order: "pte", value: "pfn", dirty: true },
      breaks("DAX-ENTRY-2", {
        kind: "map_page",
        task: 1,
        page: 1,
        mapping: 0,
        order: "pte",
        access: "write",
      }),
    ],
  },
  {
    name: "pte-under-a-pmd-entry",
    system: "A",
    about: "DAX-ENTRY-2",
    says:
      "A process that maps one page of a range takes a small fault under the other's PMD entry, " +
      "which stays whole; both see one memory",
    references: [litmus("L5"), kernel("4.20 to 7.2, fs/dax.c grab_mapping_entry()")],
    bounds: pmd,
    events: [
      fault({ task: 0, mapping: 0, page: 0, order: "pmd", pages: [0, 1] }).fillHole,
      store(0, 0),
      fault({ task: 1, mapping: 1, page: 1 }).writeBlock,
      store(1, 1),
      load(0, 1, "data"),
    ],
  },
  {
    name: "entry-left-behind-by-a-punch",
    system: "A",
    about: "DAX-ENTRY-3",
    says: "A hole punch frees the block and returns, and the entry still stands for it",
    references: [litmus("K18"), commit("5a3a2d83cda8")],
    bounds: one,
    events: [
      fault({ task: 1, mapping: 1, page }).fillHole,
      removing,
      unmap(page, 0, 1),
      holeIt,
      breaks("DAX-ENTRY-3", removed),
    ],
  },
  {
    name: "mapped-entry-dropped",
    system: "A",
    about: "DAX-ENTRY-4",
    says:
      "Dropping caches deletes a clean entry that is mapped: nothing can find the mapping any more",
    references: [commit("4636e70bb0a8")],
    bounds: one,
    start: mapped,
    events: [
      reader.readBlock,
      removing,
      removerLocks,
      removeEntry(remover, page, "invalidate", page, page),
      breaks("DAX-ENTRY-4", removed),
    ],
  },
  {
    name: "unmapped-entry-dropped",
    system: "A",
    about: "DAX-ENTRY-4",
    says:
      "An entry is deleted after its page has left every page table; the next fault makes a new one",
    references: [commit("4636e70bb0a8")],
    bounds: one,
    start: mapped,
    events: [
      reader.readBlock,
      removing,
      removerLocks,
      unmap(page, 0, 1),
      removeEntry(remover, page, "invalidate", page, page),
      removed,
      reader.readBlock,
      load(0, page, "data"),
    ],
  },
  {
    name: "one-of-two-waiters-woken",
    system: "A",
    about: "DAX-ENTRY-5",
    says: "Two faults sleep on an entry that is deleted, and only one of them is woken",
    references: [kernel("before 5.13, fs/dax.c dax_delete_mapping_entry()")],
    bounds: queues,
    start: mapped,
    events: [
      removing,
      removerLocks,
      reader.begin,
      { kind: "wait_entry", task: 0, page },
      writer.begin,
      { kind: "wait_entry", task: 1, page },
      breaks("DAX-ENTRY-5", { ...removeEntry(remover, page, "punch"), wake: "next" }),
    ],
  },
  {
    name: "all-waiters-woken",
    system: "A",
    about: "DAX-ENTRY-5",
    says: "Deleting an entry wakes every fault that sleeps on it",
    references: [kernel("6.1 to 7.2, fs/dax.c dax_delete_mapping_entry()")],
    bounds: queues,
    start: mapped,
    events: [
      removing,
      removerLocks,
      reader.begin,
      { kind: "wait_entry", task: 0, page },
      writer.begin,
      { kind: "wait_entry", task: 1, page },
      removeEntry(remover, page, "punch"),
      unmap(page, 0, 1),
      holeIt,
      removed,
      [reader.grab, reader.lookUp, reader.insertZero, reader.map("zero"), reader.put, reader.end],
    ],
  },
  {
    name: "mapped-by-an-empty-entry",
    system: "A",
    about: "DAX-EMPTY-1",
    says: "A fault maps the block and leaves the entry EMPTY, as it was when it locked it",
    references: [commit("ac401cc78242")],
    bounds: one,
    start: mapped,
    events: [
      reader.begin,
      reader.grab,
      reader.lookUp,
      reader.map("read"),
      reader.put,
      ...reader.end.map((end) => breaks("DAX-EMPTY-1", end)),
    ],
  },
  {
    name: "empty-entry-after-a-failed-fault",
    system: "A",
    about: "DAX-EMPTY-1",
    says: "A fault that fails leaves an EMPTY entry behind, and maps nothing by it",
    references: [kernel("5.10 to 7.2, fs/dax.c dax_iomap_pte_fault()")],
    bounds: one,
    events: [reader.begin, reader.grab, reader.lookUp, reader.put, reader.end],
  },
  {
    name: "waiters-of-a-pmd-entry",
    system: "A",
    about: "DAX-ENTRY-5",
    says:
      "Two faults on the second page of a PMD entry sleep on the entry's first, and only one of them " +
      "is woken when the entry is deleted",
    references: [kernel("before 5.13, fs/dax.c dax_delete_mapping_entry()")],
    bounds: { pages: 2, pmdPages: 2, mappings: 2, tasks: 3, waitQueues: true },
    events: [
      fault({ task: 0, mapping: 0, page: 0, order: "pmd", pages: [0, 1] }).fillHole,
      { kind: "lock_entry", task: remover, page: 1, order: "pte" },
      { kind: "call_begin", task: 0, page: 1 },
      { kind: "wait_entry", task: 0, page: 1 },
      { kind: "call_begin", task: 1, page: 1 },
      { kind: "wait_entry", task: 1, page: 1 },
      breaks("DAX-ENTRY-5", { ...removeEntry(remover, 1, "punch", 0, 2), wake: "next" }),
    ],
  },
];
