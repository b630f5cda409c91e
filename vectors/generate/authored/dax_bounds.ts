/**
 * System A by hand: the end of the file, and private mappings.
 *
 * @module
 */
import { fault, load, removeEntry, store, unmap } from "./dax_calls.ts";
import { type Authored, breaks, commit, litmus, seed } from "./sequence.ts";

const page = 0;
const one = { pages: 1, mappings: 2, tasks: 3 };
const mapped = { extent: [2] };
const beyond = { extent: [3] };
/** The second mapping is private. */
const copies = { ...one, privateFrom: 1 };

const reader = fault({ task: 0, mapping: 0, page });
const writer = fault({ task: 1, mapping: 1, page });
const remover = 2;
const removing = { kind: "call_begin", task: remover, page } as const;
const removed = { kind: "call_end", task: remover, page } as const;
const removerLocks = { kind: "lock_entry", task: remover, page, order: "pte" } as const;

/** What a fault must not map. */
export const daxBounds: readonly Authored[] = [
  {
    name: "mapped-beyond-the-end",
    system: "A",
    about: "DAX-SIZE-1",
    says: "A fault beyond the end of the file maps a block instead of ending in SIGBUS",
    references: [litmus("L16"), commit("957ac8c421ad")],
    bounds: one,
    start: beyond,
    events: [
      reader.begin,
      reader.grab,
      reader.lookUp,
      reader.insertClean,
      breaks("DAX-SIZE-1", reader.map("read")),
    ],
  },
  {
    name: "left-mapped-by-a-truncation",
    system: "A",
    about: "DAX-SIZE-1",
    says:
      "A truncation shortens the file, deletes the entry and returns, and the page is still mapped",
    references: [litmus("L16"), commit("653c60b633a9"), commit("075a924d45cc")],
    bounds: one,
    start: mapped,
    exempt: ["DAX-ENTRY-4"],
    events: [
      reader.readBlock,
      removing,
      { kind: "remove_extent", task: remover, page, becomes: "beyond" },
      removerLocks,
      removeEntry(remover, page, "truncate"),
      breaks("DAX-SIZE-1", removed),
    ],
  },
  {
    name: "unmapped-by-a-truncation",
    system: "A",
    about: "DAX-SIZE-1",
    says: "A truncation unmaps the page and deletes its entry; the next load ends in SIGBUS",
    references: [litmus("L16"), commit("653c60b633a9")],
    bounds: one,
    start: mapped,
    events: [
      reader.readBlock,
      load(0, page, "data"),
      removing,
      { kind: "remove_extent", task: remover, page, becomes: "beyond" },
      removerLocks,
      removeEntry(remover, page, "truncate"),
      unmap(page, 0, 1),
      removed,
      reader.begin,
      reader.end,
    ],
  },
  {
    name: "private-store-into-the-block",
    system: "A",
    about: "DAX-COW-1",
    says: "A write fault of a private mapping maps the file's own block writable",
    references: [litmus("K29"), litmus("L6"), commit("bc2466e42573")],
    bounds: copies,
    start: mapped,
    events: [writer.writeBlock, breaks("DAX-COW-1", store(1, page))],
  },
  {
    name: "private-store-into-a-copy",
    system: "A",
    about: "DAX-COW-1",
    says: "A private mapping loads the file's block, and its first store gets a copy of its own",
    references: [litmus("K29"), litmus("L6"), commit("bc2466e42573")],
    bounds: copies,
    start: mapped,
    events: [
      writer.readBlock,
      load(1, page, "data"),
      reader.writeBlock,
      store(0, page),
      writer.begin,
      writer.grab,
      writer.lookUp,
      writer.map("anonymous"),
      writer.put,
      writer.end,
      store(1, page),
    ],
  },
  {
    name: "hole-in-a-private-mapping",
    system: "A",
    about: "DAX-HOLE-1",
    says:
      "A private mapping that has loaded a hole is unmapped like any other when the block comes",
    references: [litmus("L6"), seed("000")],
    bounds: copies,
    events: [
      writer.loadHole,
      load(1, page, "zero"),
      reader.begin,
      reader.grab,
      reader.allocate,
      reader.lookUp,
      unmap(page, 0, 1),
      reader.insertDirty,
      reader.map("write"),
      reader.put,
      reader.end,
      store(0, page),
      writer.readBlock,
      load(1, page, "data"),
    ],
  },
  {
    name: "truncation-under-way",
    system: "A",
    about: "DAX-TAG-1",
    says:
      "While a truncation holds the PMD entry of a page, that the page is still mapped beyond the new " +
      "end is no fault yet",
    references: [litmus("L16"), commit("653c60b633a9")],
    bounds: { pages: 2, pmdPages: 2, mappings: 1, tasks: 3 },
    events: [
      fault({ task: 0, mapping: 0, page: 0, order: "pmd", pages: [0, 1] }).fillHole,
      { kind: "call_begin", task: 0, page: 1 },
      { kind: "lock_entry", task: remover, page: 0, order: "pte" },
      { kind: "remove_extent", task: remover, page: 1, becomes: "beyond" },
      { kind: "call_end", task: 0, page: 1 },
      unmap(1, 0),
      removeEntry(remover, 0, "truncate", 0, 2),
    ],
  },
];
