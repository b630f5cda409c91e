/**
 * System D by hand: who must set the DIRTY mark, and when it may go.
 *
 * @module
 */
import { fault, fsync, load, removeEntry, store, sync, unmap } from "./dax_calls.ts";
import { type Authored, breaks, commit, implies, kernel, litmus, seed } from "./sequence.ts";

const one = { pages: 1, mappings: 2, tasks: 3 };
const page = 0;

const p1 = fault({ task: 0, mapping: 0, page });
const p2 = fault({ task: 1, mapping: 1, page });
/** Two tasks that call fsync. */
const [A, B] = [1, 2];

/** The DIRTY mark. */
export const daxMarks: readonly Authored[] = [
  {
    name: "writable-without-dirty",
    system: "D",
    about: "DAX-TAG-1",
    says:
      "A write fault of a mapping that flushes for itself sets no DIRTY mark: stores of everybody " +
      "else through the entry are in no fsync either",
    references: [litmus("K16"), litmus("E6"), seed("001")],
    bounds: one,
    events: [
      p1.begin,
      p1.grab,
      p1.allocate,
      p1.lookUp,
      p1.insertClean,
      breaks("DAX-TAG-1", p1.map("write")),
      p1.put,
      p1.end,
      store(0, page),
      sync(A).begin,
      implies("DUR-1", sync(A).end),
    ],
  },
  {
    name: "every-writer-marks",
    system: "D",
    about: "DAX-TAG-1",
    says:
      "A mapping that flushes for itself marks its entry DIRTY like any other: fsync of the other " +
      "process flushes both stores",
    references: [litmus("K15"), litmus("E6"), seed("001")],
    bounds: one,
    events: [
      p1.fillHole,
      store(0, page),
      p2.writeBlock,
      store(1, page),
      fsync(B, page, 0, 1),
    ],
  },
  {
    name: "dirty-entry-dropped-by-write",
    system: "D",
    about: "DAX-TAG-2",
    says:
      "write(2) to the same page drops the entry with its DIRTY mark: the store before it is in no " +
      "fsync",
    references: [litmus("K25"), commit("c6dcf52c23d2")],
    bounds: one,
    events: [
      p1.fillHole,
      store(0, page),
      { kind: "call_begin", task: A, page },
      { kind: "lock_entry", task: A, page, order: "pte" },
      unmap(page, 0, 1),
      breaks("DAX-TAG-2", removeEntry(A, page, "invalidate", page, page)),
      { kind: "call_end", task: A, page },
      sync(A).begin,
      implies("DUR-1", sync(A).end),
    ],
  },
  {
    name: "clean-entry-dropped-by-write",
    system: "D",
    about: "DAX-TAG-2",
    says:
      "Between TOWRITE and write-back an entry is as dirty as before: to drop it is to lose the store",
    references: [commit("c6dcf52c23d2")],
    bounds: one,
    start: { extent: [2], entry: [3], tag: [2] },
    events: [
      { kind: "lock_entry", task: A, page, order: "pte" },
      breaks("DAX-TAG-2", removeEntry(A, page, "invalidate", page, page)),
    ],
  },
  {
    name: "read-fault-marks-a-hole",
    system: "D",
    about: "DAX-TAG-3",
    says: "A read fault on a hole marks its ZERO entry DIRTY",
    references: [litmus("K41"), kernel("6.1, fs/dax.c dax_insert_entry()")],
    bounds: one,
    events: [
      p1.begin,
      p1.grab,
      p1.lookUp,
      breaks("DAX-TAG-3", {
        kind: "insert_entry",
        task: 0,
        page,
        order: "pte",
        value: "zero",
        dirty: true,
      }),
    ],
  },
  {
    name: "fsync-of-a-loaded-hole",
    system: "D",
    about: "DAX-TAG-3",
    says: "A hole is loaded and the file synced: there is nothing DIRTY, and fsync returns 0",
    references: [litmus("K41"), kernel("5.10 and 6.12 to 7.2, fs/dax.c dax_insert_entry()")],
    bounds: one,
    events: [p1.loadHole, load(0, page, "zero"), sync(A).begin, sync(A).end],
  },
];
