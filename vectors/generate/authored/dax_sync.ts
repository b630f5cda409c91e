/**
 * System D by hand: sync calls, and what others do meanwhile.
 *
 * @module
 */
import { fault, fsync, store, sync, unmap, writeBack } from "./dax_calls.ts";
import {
  type Authored,
  breaks,
  commit,
  fstests,
  kernel,
  litmus,
  recording,
  seed,
} from "./sequence.ts";

const one = { pages: 1, mappings: 2, tasks: 3 };
const pmd = { pages: 2, pmdPages: 2, mappings: 1, tasks: 2 };
const page = 0;

const p1 = fault({ task: 0, mapping: 0, page });
const p2 = fault({ task: 1, mapping: 1, page });
const huge = fault({ task: 0, mapping: 0, page, order: "pmd", pages: [0, 1] });
/** Two tasks that call fsync. */
const [A, B] = [1, 2];
const first = writeBack({ task: A, page, mappings: [0, 1] });
const second = writeBack({ task: B, page, mappings: [0, 1] });

/** What a sync call owes. */
export const daxSync: readonly Authored[] = [
  {
    name: "two-fsyncs",
    system: "D",
    about: "DAX-WAIT-1",
    says:
      "Two callers of fsync tag the same entry; the one that finds its mark cleared by the other " +
      "returns before the other has flushed it",
    references: [
      kernel("5.10 to 7.2, fs/dax.c dax_writeback_one()"),
      recording("6.12-two-fsyncs-ext4"),
    ],
    bounds: one,
    events: [
      p1.fillHole,
      store(0, page),
      sync(A).begin,
      sync(B).begin,
      first.lock,
      first.clearTowrite,
      breaks("DAX-WAIT-1", sync(B).end, "DUR-1"),
      first.mkclean,
      first.flush,
      first.clearDirty,
      first.unlock,
      sync(A).end,
    ],
  },
  {
    name: "second-fsync-waits",
    system: "D",
    about: "DAX-WAIT-1",
    says:
      "TOWRITE is cleared together with DIRTY: the second caller still finds it, waits for the " +
      "entry lock, and returns when the entry is clean",
    references: [
      kernel("5.10 to 7.2, fs/dax.c dax_writeback_one(), with TOWRITE cleared at its end"),
    ],
    bounds: one,
    events: [
      p1.fillHole,
      store(0, page),
      sync(A).begin,
      sync(B).begin,
      first.lock,
      first.mkclean,
      first.flush,
      first.clearDirty,
      first.clearTowrite,
      first.unlock,
      sync(B).end,
      sync(A).end,
    ],
  },
  {
    name: "fsync-after-tagging-by-another",
    system: "D",
    about: "DAX-WAIT-1",
    says:
      "The second caller tags after the first has locked the entry: it finds its own mark, waits, " +
      "and writes the entry back again",
    references: [kernel("5.10 to 7.2, fs/dax.c dax_writeback_one()")],
    bounds: one,
    events: [
      p1.fillHole,
      store(0, page),
      sync(A).begin,
      first.lock,
      first.clearTowrite,
      sync(B).begin,
      first.mkclean,
      first.flush,
      first.clearDirty,
      first.unlock,
      sync(A).end,
      second.all,
      sync(B).end,
    ],
  },
  {
    name: "dirty-entry-skipped",
    system: "D",
    about: "DAX-WAIT-1",
    says: "fsync returns 0 without having visited an entry that was DIRTY when it began",
    references: [litmus("K3"), kernel("5.10 to 7.2, fs/dax.c dax_writeback_mapping_range()")],
    bounds: one,
    events: [p1.fillHole, sync(A).begin, breaks("DAX-WAIT-1", sync(A).end)],
  },
  {
    name: "store-of-another-process",
    system: "D",
    about: "DUR-1",
    says: "fsync of one process makes durable what another one stored before the call",
    references: [litmus("K37"), litmus("K3"), seed("001")],
    bounds: one,
    events: [p1.fillHole, store(0, page), fsync(A, page, 0, 1)],
  },
  {
    name: "store-during-fsync",
    system: "D",
    about: "DAX-WAIT-1",
    says:
      "A store that comes while fsync runs is not owed to it: fsync returns 0, and the entry stays " +
      "DIRTY",
    references: [litmus("K36")],
    bounds: one,
    events: [
      p1.fillHole,
      store(0, page),
      sync(A).begin,
      first.all,
      p2.writeBlock,
      store(1, page),
      sync(A).end,
    ],
  },
  {
    name: "mark-survives-munmap",
    system: "D",
    about: "DUR-1",
    says: "A store, munmap and fsync: the entry is still DIRTY without any mapping, and is flushed",
    references: [litmus("K10"), litmus("K9")],
    bounds: one,
    events: [p1.fillHole, store(0, page), unmap(page, 0), fsync(A, page, 0, 1)],
  },
  {
    name: "dirty-entry-kept-by-write",
    system: "D",
    about: "DUR-1",
    says:
      "write(2) to a page that is DIRTY by a store leaves the entry alone, and fsync flushes both",
    references: [litmus("K25"), commit("c6dcf52c23d2")],
    bounds: one,
    events: [
      p1.fillHole,
      store(0, page),
      { kind: "call_begin", task: A, page },
      { kind: "lock_entry", task: A, page, order: "pte" },
      { kind: "unlock_entry", task: A, page },
      { kind: "call_end", task: A, page },
      fsync(A, page, 0, 1),
    ],
  },
  {
    name: "small-store-under-a-huge-fault",
    system: "D",
    about: "DUR-1",
    says:
      "A page of a range is DIRTY by a small fault when another process wants a PMD: the PMD falls " +
      "back to small pages, and fsync flushes the store",
    references: [litmus("K26"), commit("0e40de0338d0"), fstests("generic/437")],
    bounds: { ...pmd, mappings: 2, tasks: 3 },
    events: [
      fault({ task: 1, mapping: 1, page: 1 }).fillHole,
      store(1, 1),
      p1.fillHole,
      store(0, 0),
      sync(B).begin,
      writeBack({ task: B, page: 0, mappings: [0] }).all,
      writeBack({ task: B, page: 1, mappings: [1] }).all,
      sync(B).end,
    ],
  },
  {
    name: "whole-pmd-flushed",
    system: "D",
    about: "DUR-1",
    says: "msync of one page of a PMD entry flushes the whole entry",
    references: [litmus("K28")],
    bounds: pmd,
    events: [huge.fillHole, store(0, 1), fsync(A, 0, 0)],
  },
];
