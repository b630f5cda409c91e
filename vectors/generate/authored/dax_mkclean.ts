/**
 * System D by hand: what fsync must do to a dirty entry before it may call it clean.
 *
 * @module
 */
import { fault, store, sync, writeBack } from "./dax_calls.ts";
import {
  type Authored,
  breaks,
  commit,
  implies,
  kernel,
  litmus,
  recording,
  seed,
  type SequenceLine,
} from "./sequence.ts";

const pmd = { pages: 2, pmdPages: 2, mappings: 2, tasks: 3 };

/** A maps the whole range by a PMD, B maps pages of it by PTEs, F calls fsync. */
const a = fault({ task: 0, mapping: 0, page: 0, order: "pmd", pages: [0, 1] });
const b = (page: number) => fault({ task: 1, mapping: 1, page });
const F = 2;

const pass = (page: number, ...mappings: number[]) => writeBack({ task: F, page, mappings });

/** One pass over the PMD entry in which mkclean visits these PTEs. */
function passVisiting(
  ...visited: readonly (readonly [mapping: number, page: number])[]
): SequenceLine[] {
  const { lock, clearTowrite, flush, unlock } = pass(0);
  return [
    lock,
    clearTowrite,
    visited.map(([mapping, page]) => ({ kind: "mkclean", task: F, page, mapping })),
    flush,
    { kind: "clear_dirty", task: F, page: 0 },
    unlock,
  ];
}

/** A pass that is wrong: a mapping is writable when DIRTY is cleared. */
function passMissing(
  ...visited: readonly (readonly [mapping: number, page: number])[]
): SequenceLine[] {
  return passVisiting(...visited).map((line) =>
    "kind" in line && line.kind === "clear_dirty" ? breaks("DAX-CLEAN-2", line) : line
  );
}

/** The second store and the second fsync, which finds nothing tagged and returns. */
function storeAndLose(mapping: number, page: number): SequenceLine[] {
  return [store(mapping, page), sync(F).begin, implies("DUR-1", sync(F).end)];
}

/** Which page tables mkclean must visit. */
export const daxMkclean: readonly Authored[] = [
  {
    name: "mapping-inside-a-pmd",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "mkclean visits only mappings of the PMD's first page: one that maps another page stays " +
      "writable, and the store after it is in no fsync",
    references: [
      litmus("K6"),
      litmus("E4"),
      seed("003"),
      commit("f729c8c9b24f"),
      recording("5.10-mkclean-ext4"),
    ],
    bounds: pmd,
    events: [
      a.fillHole,
      store(0, 0),
      b(1).writeBlock,
      store(1, 1),
      sync(F).begin,
      passMissing([0, 0]),
      sync(F).end,
      storeAndLose(1, 1),
    ],
  },
  {
    name: "every-mapping-of-a-pmd",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "mkclean visits every mapping that overlaps the entry: the next store faults and sets DIRTY " +
      "again, and the second fsync flushes it",
    references: [
      litmus("K6"),
      litmus("E4"),
      seed("003"),
      kernel("6.1 to 7.2, fs/dax.c dax_writeback_one()"),
      recording("6.12-mkclean-ext4"),
    ],
    bounds: pmd,
    events: [
      a.fillHole,
      store(0, 0),
      b(1).writeBlock,
      store(1, 1),
      sync(F).begin,
      passVisiting([0, 0], [1, 1]),
      sync(F).end,
      b(1).writeBlock,
      store(1, 1),
      sync(F).begin,
      passVisiting([0, 0], [1, 1]),
      sync(F).end,
    ],
  },
  {
    name: "pmd-not-protected",
    system: "D",
    about: "DAX-CLEAN-2",
    says: "mkclean knows PTEs only: the PMD stays writable, and the store after it is in no fsync",
    references: [litmus("K7"), commit("4b4bb46d00b3"), commit("f729c8c9b24f")],
    bounds: { ...pmd, mappings: 1 },
    events: [
      a.fillHole,
      store(0, 1),
      sync(F).begin,
      passMissing(),
      sync(F).end,
      storeAndLose(0, 1),
    ],
  },
  {
    name: "pmd-protected",
    system: "D",
    about: "DAX-CLEAN-2",
    says: "mkclean write-protects the PMD, and the next store through it faults",
    references: [litmus("K7"), commit("f729c8c9b24f")],
    bounds: { ...pmd, mappings: 1 },
    events: [
      a.fillHole,
      store(0, 1),
      sync(F).begin,
      passVisiting([0, 0]),
      sync(F).end,
      a.writeBlock,
      store(0, 1),
      sync(F).begin,
      passVisiting([0, 0]),
      sync(F).end,
    ],
  },
  {
    name: "misaligned-mapping",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "A misaligned mapping maps the whole range by PTEs, and only the PTE of the first page is " +
      "protected",
    references: [litmus("K8"), seed("003")],
    bounds: pmd,
    events: [
      a.fillHole,
      store(0, 0),
      b(0).writeBlock,
      b(1).writeBlock,
      store(1, 1),
      sync(F).begin,
      passMissing([0, 0], [1, 0]),
      sync(F).end,
      storeAndLose(1, 1),
    ],
  },
  {
    name: "misaligned-mapping-protected",
    system: "D",
    about: "DAX-CLEAN-2",
    says: "Every PTE of a misaligned mapping is protected, not just that of the entry's first page",
    references: [litmus("K8"), seed("003")],
    bounds: pmd,
    events: [
      a.fillHole,
      store(0, 0),
      b(0).writeBlock,
      b(1).writeBlock,
      store(1, 1),
      sync(F).begin,
      passVisiting([0, 0], [1, 0], [1, 1]),
      sync(F).end,
    ],
  },
  {
    name: "stale-pmdp",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "The loop over mappings takes a PTE for the PMD of the mapping before it, protects that one " +
      "again and leaves the PTE writable",
    references: [
      kernel("5.10, fs/dax.c dax_entry_mkclean(): pmdp outlives its turn of the loop"),
      recording("5.10-mkclean-head-ext4"),
    ],
    bounds: pmd,
    events: [
      a.fillHole,
      store(0, 0),
      b(0).writeBlock,
      store(1, 0),
      sync(F).begin,
      passMissing([0, 0], [0, 0]),
      sync(F).end,
      storeAndLose(1, 0),
    ],
  },
];
