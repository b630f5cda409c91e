/**
 * System D: fsync cleans an entry that several mappings store through (chapter 4).
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import { Pte } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";
import { type Call, task } from "./calls.ts";
import { fsync, type SyncVariant } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import type { Fault } from "./fault.ts";
import { pmdFault } from "./pmd_fault.ts";
import { choice } from "./program.ts";
import { pteFault } from "./pte_fault.ts";
import { storeTo } from "./store.ts";

/** A PMD of two pages that mapping 0 has mapped and stored to: the entry is DIRTY. */
export function startDirty(state: State): void {
  for (let page = 0; page < state.bounds.pages; page++) {
    state.extent[page] = Extent.MAPPED;
    state.entry[page] = Entry.PFN | Entry.PMD;
    state.pte[page] = Pte.WRITE | Pte.HUGE;
  }
  state.tag[0] = Tag.DIRTY;
  state.unflushed[0] = 1;
}

/** One page, DIRTY, which mapping 0 has stored to. */
function startOnePage(state: State): void {
  state.extent[0] = Extent.MAPPED;
  state.entry[0] = Entry.PFN;
  state.pte[0] = Pte.WRITE;
  state.tag[0] = Tag.DIRTY;
  state.unflushed[0] = 1;
}

/** Two pages mapped by a PMD at file offset 0. */
export const pmdVma: Vma = { mapping: 0, from: 0, to: 2, huge: true };
/** 4 KiB mapped at file offset 4 KiB: the VMA of seed 003. */
export const smallVma: Vma = { mapping: 1, from: 1, to: 2 };
/** Why D0 is not asked how it cleans. */
const neverClean: Readonly<Record<string, string>> = {
  "DAX-CLEAN-1": "DIRTY is never cleared: there is no pass to hold together",
  "DAX-WAIT-1": "DIRTY is never cleared: what a call must have seen done, DUR-1 says",
};

/** 4 KiB mapped at file offset 0. */
const headVma: Vma = { mapping: 1, from: 0, to: 1 };
/** Two pages, at an address that no PMD fits: PTEs only. */
const misalignedVma: Vma = { mapping: 1, from: 0, to: 2 };

/** Stores, through a PMD where the VMA can have one. */
export function storer(
  bounds: Bounds,
  name: string,
  number: number,
  vma: Vma,
  ...pages: readonly number[]
): Actor {
  const hasPmds = bounds.pmdPages > 1 && vma.to - vma.from === bounds.pmdPages && vma.huge === true;
  return task(
    name,
    number,
    ...pages.map((page) => {
      const fault: Fault = { bounds, task: number, mapping: vma.mapping, page, access: "write" };
      const pte = pteFault(fault);
      return storeTo(vma.mapping, page, hasPmds ? pmdFault(fault, pte) : pte);
    }),
  );
}

/**
 * A stores again through its PMD, B faults and stores twice, somebody fsyncs twice; `order` is that of
 * the VMAs in i_mmap.
 */
function cleaning(
  vma: Vma,
  variant: SyncVariant,
  more: Partial<Bounds> = {},
  order: readonly Vma[] = [pmdVma, vma],
): Pick<Design, "system" | "bounds" | "start" | "actors"> {
  const bounds: Bounds = { ...world, ...more };
  const call = fsync(bounds, 2, order, variant);
  const page = vma.to - 1;
  return {
    system: "D",
    bounds,
    start: startDirty,
    actors: [
      storer(bounds, "A store", 0, pmdVma, 0),
      storer(bounds, "B store", 1, vma, page, page),
      task("fsync", 2, call, call),
    ],
  };
}

/** One process and its fsync, with somebody else beside them: task 3. */
function beside(
  name: string,
  call: (bounds: Bounds, number: number) => Call,
  variant: SyncVariant,
  more: Partial<Bounds>,
  vmas: readonly Vma[] = [],
): Pick<Design, "system" | "bounds" | "start" | "actors"> {
  const bounds: Bounds = { ...world, tasks: 4, ...more };
  const sync = fsync(bounds, 2, [pmdVma, smallVma, ...vmas], variant);
  return {
    system: "D",
    bounds,
    start: startDirty,
    actors: [
      storer(bounds, "A store", 0, pmdVma, 0),
      storer(bounds, "B store", 1, smallVma, 1),
      task("fsync", 2, sync, sync),
      task(name, 3, call(bounds, 3)),
    ],
  };
}

/** Takes the pages out of A's page table, unless its PMD is empty at this moment. */
function adviseDontneed({ pages }: Bounds, number: number): Call {
  const isNone = ({ pte }: State): boolean => pte[0] === Pte.NONE;
  return (first, next) => [
    choice(
      first,
      `madvise(MADV_DONTNEED) by task ${number}`,
      { result: "pmd_none, passed over", when: isNone, goto: next },
      {
        when: (state) => !isNone(state),
        events: Array.from({ length: pages }, (_, page) => ({
          kind: "unmap_page",
          mapping: 0,
          page,
        })),
        goto: next,
      },
    ),
  ];
}

function privateStore(bounds: Bounds, number: number): Call {
  const { mapping } = privateVma;
  return storeTo(
    mapping,
    1,
    pteFault({ bounds, task: number, mapping, page: 1, access: "write" }),
  );
}

const privateVma: Vma = { mapping: 2, from: 0, to: 2 };
const world: Bounds = { pages: 2, pmdPages: 2, mappings: 2, tasks: 3, locals: 1 };

/** The designs, in the order of the kernels and the seed. */
export const cleaningDesigns: readonly Design[] = [
  {
    id: "D0",
    title: "fsync flushes; nothing is ever protected or declared clean",
    source: "9973c98ecfda (v4.5 to v4.9)",
    ...cleaning(smallVma, {
      mkclean: "none",
      order: "flush",
      clearsTowrite: "after flush",
      locksNothing: true,
    }),
    breaks: [],
    exempt: neverClean,
  },
  {
    id: "D1",
    title: "mkclean protects the PTE of the entry's first page, and no PMD",
    source: "4b4bb46d00b3 (v4.10)",
    ...cleaning(smallVma, { mkclean: "first PTE" }),
    breaks: ["DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D2",
    title: "mkclean visits the VMAs of the entry's first page only",
    source: "f729c8c9b24f (v4.10 to v5.18, and 5.10 stable); seed 003",
    ...cleaning(smallVma, { mkclean: "first index" }),
    breaks: ["DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D2-misaligned",
    title: "the same, with a VMA of the whole entry that no PMD fits: one PTE of two is protected",
    source: "f729c8c9b24f (v4.10 to v5.18, and 5.10 stable); seed 003",
    ...cleaning(misalignedVma, { mkclean: "first index" }),
    breaks: ["DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D2-ptes",
    title: "the same where no PMD exists, and no struct page either: entries of one page are all",
    source: "seed 003, Williams: FS_DAX_LIMITED keeps the page-less mkclean, for PTEs only",
    ...cleaning(headVma, { mkclean: "first index" }, { pmdPages: 1, pages: 1 }, [
      { mapping: 0, from: 0, to: 1 },
      headVma,
    ]),
    start: startOnePage,
    breaks: [],
  },
  {
    id: "D2b",
    title: "the same, with a pmdp left over from the VMA before: a PTE is taken for a PMD",
    source: "5.10 stable, fs/dax.c dax_entry_mkclean(); seen in recordings, in no mail",
    ...cleaning(headVma, { mkclean: "stale pmdp" }, { locals: 2 }),
    breaks: ["DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D2b-before",
    title: "the same, with the VMA of PTEs before the one of the PMD: nothing is left over",
    source: "5.10 stable, fs/dax.c dax_entry_mkclean(); recordings show it",
    ...cleaning(headVma, { mkclean: "stale pmdp" }, { locals: 2 }, [headVma, pmdVma]),
    breaks: [],
  },
  {
    id: "D3",
    title: "mkclean visits every VMA that meets the entry, and all its PTEs",
    source: "seed 003, merged in v5.19",
    ...cleaning(smallVma, {}),
    breaks: [],
  },
  {
    id: "D3-misaligned",
    title: "the same, with a VMA of the whole entry that no PMD fits",
    source: "seed 003, merged in v5.19",
    ...cleaning(misalignedVma, {}),
    breaks: [],
  },
  {
    id: "D4",
    title: "mkclean goes through the pages of the entry, and the VMAs of each",
    source: "seed 003, Williams: page_mkclean_one(); not merged",
    ...cleaning(misalignedVma, { mkclean: "by page" }),
    breaks: [],
  },
  {
    id: "D4-empty",
    title: "the same, with no entry yet: whoever faults first decides its size",
    source: "seed 003, Williams: page_mkclean_one(); not merged",
    ...cleaning(misalignedVma, { mkclean: "by page" }),
    start: ({ extent }) => extent.fill(Extent.MAPPED),
    breaks: [],
  },
  {
    id: "D5",
    title: "the entry is unlocked before its mappings are protected",
    source: "warned of in ac401cc78242 (v4.7): no race-free way to clear the dirty mark",
    ...cleaning(smallVma, { unlocksEarly: true }),
    breaks: ["DAX-TAG-1", "DAX-CLEAN-1", "DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D5-clean-first",
    title: "DIRTY is cleared before the flush, with the entry unlocked",
    source: "a mutation: DIRTY cleared before dax_flush()",
    ...cleaning(smallVma, { unlocksEarly: true, order: "protect, clean, flush" }),
    breaks: ["DAX-TAG-1", "DAX-CLEAN-1", "DAX-CLEAN-2", "DAX-CLEAN-3", "DUR-1"],
  },
  {
    id: "D3-empty",
    title: "the same, with no entry yet: whoever faults first decides its size",
    source: "seed 003, merged in v5.19",
    ...cleaning(misalignedVma, {}),
    start: ({ extent }) => extent.fill(Extent.MAPPED),
    breaks: [],
  },
  {
    id: "D3-flush-first",
    title: "lines are flushed before their mappings are protected",
    source: "a mutation: dax_flush() before mkclean",
    ...cleaning(smallVma, { order: "flush, protect, clean" }),
    breaks: ["DAX-CLEAN-3", "DUR-1"],
  },
  {
    id: "D3-no-mkclean",
    title: "DIRTY is cleared, and nothing is protected",
    source: "a mutation: dax_writeback_one() without mkclean",
    ...cleaning(smallVma, { mkclean: "none" }),
    breaks: ["DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D6",
    title: "CPUs forget their translations only when the pass is over",
    source: "the family of 1cf35d47712d (v3.15)",
    ...cleaning(smallVma, { defersTlbFlush: true }, { tlbs: true }),
    breaks: ["DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D6-flushed",
    title: "CPUs forget a translation with the write permission, under the page table's lock",
    source: "as merged, with TLBs",
    ...cleaning(smallVma, {}, { tlbs: true }),
    breaks: [],
  },
  {
    id: "D7",
    title: "mkclean leaves the PMD empty for a moment: MADV_DONTNEED passes it over, a fault waits",
    source: "before 024eee0e83f0 (posted in March 2019)",
    ...beside("A madvise", (bounds, number) => adviseDontneed(bounds, number), {
      mkclean: "through none",
    }, { locals: 2 }),
    breaks: [],
  },
  {
    id: "D3-private",
    title: "private mappings are passed over: what is stored through them is not the file's",
    source: "merged in v5.19",
    ...beside("C private store", privateStore, {}, { mappings: 3, privateFrom: 2 }),
    breaks: [],
  },
  {
    id: "D3-include-private",
    title: "private mappings are visited too",
    source: "a mutation: mkclean that does not skip private mappings",
    ...beside(
      "C private store",
      privateStore,
      {},
      { mappings: 3, privateFrom: 2 },
      [privateVma],
    ),
    breaks: [],
  },
];
