/**
 * System D by hand: protect, flush, clear DIRTY, in this order and under one hold of the lock.
 *
 * @module
 */
import { fault, fsync, store, sync, writeBack } from "./dax_calls.ts";
import {
  type Authored,
  breaks,
  commit,
  implies,
  kernel,
  litmus,
  type SequenceLine,
} from "./sequence.ts";

const one = { pages: 1, mappings: 2, tasks: 3 };

const b = (page: number) => fault({ task: 1, mapping: 1, page });
const small = fault({ task: 0, mapping: 0, page: 0 });
const F = 2;

const pass = (page: number, ...mappings: number[]) => writeBack({ task: F, page, mappings });

/** The second store and the second fsync, which finds nothing tagged and returns. */
function storeAndLose(mapping: number, page: number): SequenceLine[] {
  return [store(mapping, page), sync(F).begin, implies("DUR-1", sync(F).end)];
}

/** One writeback pass over one entry. */
export const daxCleaning: readonly Authored[] = [
  {
    name: "tlb-flushed-too-late",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "The PTE is write-protected, but the CPU keeps its old translation until after DIRTY is clear",
    references: [commit("1cf35d47712d")],
    bounds: { ...one, mappings: 1, tlbs: true },
    events: [
      small.fillHole,
      store(0, 0),
      sync(F).begin,
      pass(0).lock,
      pass(0).clearTowrite,
      { kind: "mkclean", task: F, page: 0, mapping: 0, tlbFlush: "deferred" },
      pass(0).flush,
      breaks("DAX-CLEAN-2", pass(0).clearDirty),
      pass(0).unlock,
      { kind: "flush_tlb", mapping: 0, page: 0 },
      sync(F).end,
    ],
  },
  {
    name: "tlb-flushed-in-time",
    system: "D",
    about: "DAX-CLEAN-2",
    says: "The CPU forgets its translation before the flush: no store can come between",
    references: [commit("1cf35d47712d")],
    bounds: { ...one, mappings: 1, tlbs: true },
    events: [
      small.fillHole,
      store(0, 0),
      sync(F).begin,
      pass(0).lock,
      pass(0).clearTowrite,
      { kind: "mkclean", task: F, page: 0, mapping: 0, tlbFlush: "deferred" },
      store(0, 0),
      { kind: "flush_tlb", mapping: 0, page: 0 },
      pass(0).flush,
      pass(0).clearDirty,
      pass(0).unlock,
      sync(F).end,
    ],
  },
  {
    name: "lock-dropped-before-the-flush",
    system: "D",
    about: "DAX-CLEAN-1",
    says: "The entry lock is dropped between mkclean and flush",
    references: [commit("ac401cc78242")],
    bounds: one,
    events: [
      small.fillHole,
      store(0, 0),
      sync(F).begin,
      pass(0).lock,
      pass(0).clearTowrite,
      pass(0, 0, 1).mkclean,
      pass(0).unlock,
      breaks("DAX-CLEAN-1", pass(0).flush),
    ],
  },
  {
    name: "one-hold-of-the-lock",
    system: "D",
    about: "DAX-CLEAN-1",
    says:
      "A fault that comes while an entry is written back waits for its lock, and its DIRTY mark " +
      "survives the pass",
    references: [litmus("K36"), commit("ac401cc78242")],
    bounds: one,
    events: [
      small.fillHole,
      store(0, 0),
      sync(F).begin,
      pass(0).lock,
      pass(0).clearTowrite,
      pass(0, 0, 1).mkclean,
      { kind: "call_begin", task: 1, page: 0 },
      pass(0).flush,
      pass(0).clearDirty,
      pass(0).unlock,
      [b(0).grab, b(0).lookUp, b(0).insertDirty, b(0).map("write"), b(0).put, b(0).end],
      store(1, 0),
      sync(F).end,
      fsync(F, 0, 0, 1),
    ],
  },
  {
    name: "flush-before-protect",
    system: "D",
    about: "DAX-CLEAN-3",
    says:
      "The entry is flushed before its mapping is write-protected: a store between is never flushed",
    references: [kernel("5.10 to 7.2, fs/dax.c dax_writeback_one()")],
    bounds: one,
    events: [
      small.fillHole,
      store(0, 0),
      sync(F).begin,
      pass(0).lock,
      pass(0).clearTowrite,
      pass(0).flush,
      store(0, 0),
      ...pass(0, 0).mkclean.map((mkclean) => breaks("DAX-CLEAN-3", mkclean)),
      pass(0).clearDirty,
      pass(0).unlock,
    ],
  },
  {
    name: "cleared-without-a-flush",
    system: "D",
    about: "DAX-CLEAN-3",
    says: "DIRTY is cleared after mkclean without any flush",
    references: [kernel("5.10 to 7.2, fs/dax.c dax_writeback_one()")],
    bounds: one,
    events: [
      small.fillHole,
      store(0, 0),
      sync(F).begin,
      pass(0).lock,
      pass(0).clearTowrite,
      pass(0, 0, 1).mkclean,
      breaks("DAX-CLEAN-3", pass(0).clearDirty),
      pass(0).unlock,
      implies("DUR-1", sync(F).end),
    ],
  },
  {
    name: "protect-flush-clear",
    system: "D",
    about: "DAX-CLEAN-3",
    says: "A store, an fsync, another store and another fsync: both are flushed",
    references: [litmus("K3"), litmus("K4"), litmus("K5"), commit("4b4bb46d00b3")],
    bounds: one,
    events: [
      small.fillHole,
      store(0, 0),
      fsync(F, 0, 0, 1),
      small.writeBlock,
      store(0, 0),
      fsync(F, 0, 0, 1),
    ],
  },
  {
    name: "cleaned-without-protection",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "fsync flushes and clears DIRTY without write-protecting anything: the second store is lost",
    references: [litmus("K5"), commit("4b4bb46d00b3")],
    bounds: one,
    events: [
      small.fillHole,
      store(0, 0),
      sync(F).begin,
      pass(0).lock,
      pass(0).clearTowrite,
      pass(0).flush,
      breaks("DAX-CLEAN-2", pass(0).clearDirty),
      pass(0).unlock,
      sync(F).end,
      storeAndLose(0, 0),
    ],
  },
  {
    name: "tlb-of-the-second-mapping",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "Of two CPUs that kept translations of two pages, the one that maps the entry in hand forgets " +
      "its own in time",
    references: [commit("1cf35d47712d")],
    bounds: { pages: 2, mappings: 2, tasks: 3, tlbs: true },
    events: [
      fault({ task: 1, mapping: 1, page: 1 }).fillHole,
      store(1, 1),
      sync(F).begin,
      pass(1).lock,
      pass(1).clearTowrite,
      { kind: "mkclean", task: F, page: 1, mapping: 1, tlbFlush: "deferred" },
      { kind: "flush_tlb", mapping: 1, page: 1 },
      pass(1).flush,
      pass(1).clearDirty,
      pass(1).unlock,
      sync(F).end,
    ],
  },
];
