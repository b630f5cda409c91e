/**
 * System D: a PTE write fault on a shared extent below a PMD entry (chapter 4).
 *
 * Both files share the extent (FICLONE). A has loaded through a PMD, so that a PMD entry stands for the
 * range; B and C map one page each, and store.
 *
 * @module
 */
import type { Actor, Design, Step } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Pte } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { variable } from "../variable.ts";
import { Entry, isPmdEntry, Tag } from "../xarray.ts";
import { type Call, task } from "./calls.ts";
import { fsync } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { choice, does } from "./program.ts";
import { storeTo } from "./store.ts";
import { unmapEverywhere } from "./unmap.ts";

/** What becomes of the PMD entry when one of its pages gets a block of its own. */
type PmdEntry =
  /** As released: the entry of one page is stored over it, and stands in all its slots. */
  | "overwritten"
  /** The PMD entry is deleted, as are its mappings. */
  | "removed"
  /** The PMD entry is split into entries of pages (`xas_split`). */
  | "split";

const range = [0, 1] as const;
const vmas: readonly Vma[] = [
  { mapping: 0, from: 0, to: 2, huge: true },
  { mapping: 1, from: 1, to: 2 },
  { mapping: 2, from: 0, to: 1 },
];

/** Page + 1 that an entry of one page names from all slots of the PMD; 0 if it names what it covers. */
const named = variable("named");
/** Pages, as bits, that have a block of their own. */
const unshared = variable("unshared");

function startShared(state: State): void {
  state.extent.fill(Extent.MAPPED);
  state.entry.fill(Entry.PFN | Entry.PMD);
  for (const page of range) state.pte[page] = Pte.READ | Pte.HUGE;
}

function world(pmdEntry: PmdEntry, storers: readonly (readonly [vma: Vma, times: number])[]) {
  const bounds: Bounds = {
    pages: 2,
    pmdPages: 2,
    mappings: 3,
    tasks: 3,
    locals: 1,
    variables: [named.name, unshared.name],
  };
  const sync = pmdEntry === "overwritten" ? fsyncByName(2) : fsync(bounds, 2, vmas);
  return {
    system: "D",
    bounds,
    start: startShared,
    actors: [
      ...storers.map(([vma, times], number): Actor =>
        task(
          `${number === 0 ? "B" : "C"} store`,
          number,
          ...Array.from(
            { length: times },
            () => storeTo(vma.mapping, vma.from, sharedFault(bounds, number, vma, pmdEntry)),
          ),
        )
      ),
      task("fsync", 2, sync, ...(storers.length === 1 ? [sync] : [])),
    ],
  } satisfies Pick<Design, "system" | "bounds" | "start" | "actors">;
}

/** `dax_iomap_pte_fault` for a store, where the extent may be shared. */
function sharedFault(bounds: Bounds, number: number, vma: Vma, pmdEntry: PmdEntry): Call {
  const { mapping, from: page } = vma;
  const on = { task: number, page } as const;
  const isOwn = (state: State): boolean => (unshared.of(state) & (1 << page)) !== 0;
  const isOfPmdSize = (state: State): boolean => isPmdEntry(state, page) && named.of(state) === 0;
  const lock: Event = { kind: "lock_entry", ...on, order: "pte" };
  const insert: Event = {
    kind: "insert_entry",
    ...on,
    order: "pte",
    value: "pfn",
    dirty: true,
  };
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    const unmap = pmdEntry === "overwritten" ? at("insert") : at("drop");
    return [
      does(first, `grab_mapping_entry(${page})`, { kind: "call_begin", ...on }, lock),
      choice(
        at("look_up"),
        `->iomap_begin(${page})`,
        {
          result: "SHARED, a new block",
          when: (state) => !isOwn(state) && isOfPmdSize(state),
          events: [{ kind: "look_up", ...on }],
          goto: at("unmap"),
        },
        {
          result: "SHARED, a new block",
          when: (state) => !isOwn(state) && !isOfPmdSize(state),
          events: [{ kind: "look_up", ...on }],
          goto: at("unmap_page"),
        },
        {
          result: "MAPPED",
          when: isOwn,
          events: [{ kind: "look_up", ...on }],
          goto: at("keep"),
        },
      ),
      ...unmapEverywhere({ bounds, label: at("unmap"), pages: range, goto: unmap }),
      ...unmapEverywhere({ bounds, label: at("unmap_page"), pages: [page], goto: unmap }),
      ...dropPmdEntry(pmdEntry, number, page, at),
      choice(at("insert"), `dax_insert_entry(${page}, DIRTY, SHARED)`, {
        events: [insert],
        then: (state) => {
          unshared.set(state, unshared.of(state) | (1 << page));
          if (isPmdEntry(state, page)) named.set(state, page + 1);
        },
        goto: at("map"),
      }),
      does(at("keep"), `dax_insert_entry(${page}, DIRTY)`, insert),
      does(at("map"), `vmf_insert_page_mkwrite(${page})`, {
        kind: "map_page",
        ...on,
        mapping,
        order: "pte",
        access: "write",
      }),
      choice(at("unlock"), `dax_unlock_entry(${page})`, {
        events: [{ kind: "unlock_entry", ...on }, { kind: "call_end", ...on }],
        goto: next,
      }),
    ];
  };
}

/** The PMD entry goes before an entry of one page comes: it is clean, for nobody stores to shared blocks. */
function dropPmdEntry(
  pmdEntry: PmdEntry,
  number: number,
  page: number,
  at: (place: string) => string,
): readonly Step[] {
  const on = { task: number, page } as const;
  if (pmdEntry === "overwritten") return [];
  const drop: Event = pmdEntry === "removed"
    ? { kind: "remove_entry", ...on, why: "downgrade", from: 0, to: range.length }
    : { kind: "split_entry", ...on };
  return [
    choice(
      at("drop"),
      pmdEntry === "removed" ? "delete the PMD entry" : "split the PMD entry",
      {
        when: (state) => isPmdEntry(state, page),
        events: [drop, { kind: "lock_entry", ...on, order: "pte" }],
        goto: at("insert"),
      },
      { result: "none", when: (state) => !isPmdEntry(state, page), goto: at("insert") },
    ),
  ];
}

/**
 * `dax_writeback_one` where an entry may have the size of one page and yet be found from all slots: it
 * is found at the head, so page tables are looked at for the PMD's first page, and the flush is of the
 * one block that the entry names.
 */
function fsyncByName(number: number): Call {
  const on = { task: number, page: 0 } as const;
  const isMarked = (state: State): boolean => ((state.tag[0] ?? 0) & Tag.TOWRITE) !== 0;
  const protect = (page: number, ...mappings: readonly number[]): readonly Event[] =>
    mappings.map((mapping) => ({ kind: "mkclean", task: number, page, mapping }));
  return (first, next) => {
    const at = (place: string): string => `${first}.${place}`;
    return [
      does(
        first,
        "tag_pages_for_writeback()",
        { kind: "sync_begin", task: number },
        { kind: "tag_towrite", task: number },
      ),
      choice(
        at("walk"),
        "xas_for_each_marked(TOWRITE)",
        {
          result: "entry 0 locked",
          when: isMarked,
          events: [
            { kind: "lock_entry", ...on, order: "pte" },
            { kind: "clear_mark", ...on, mark: "TOWRITE" },
          ],
        },
        { result: "none", when: (state) => !isMarked(state), goto: at("return") },
      ),
      choice(
        at("mkclean"),
        "pfn_mkclean_range()",
        {
          result: "index 0, 1 page: another pfn there",
          when: (state) => named.of(state) === 2,
        },
        {
          result: "index 0, 1 page",
          when: (state) => named.of(state) === 1,
          events: protect(0, 0, 2),
        },
      ),
      choice(
        at("flush"),
        "dax_flush()",
        ...range.map((page) => ({
          result: `the block of page ${page}`,
          when: (state: State) => named.of(state) === page + 1,
          events: [{ kind: "flush", task: number, page, only: true }] as const,
        })),
      ),
      does(
        at("finish"),
        "clear DIRTY, unlock entry 0",
        { kind: "clear_dirty", ...on },
        { kind: "unlock_entry", ...on },
      ),
      choice(at("return"), "fsync returns 0", {
        events: [{ kind: "sync_end", task: number }],
        goto: next,
      }),
    ];
  };
}

const released = "fs/dax.c dax_insert_entry(), 6.12.117 and 7.3.4; recording 7.3-shared-xfs";
const proposed = "proposed in spec/findings.md";
const [, small, head] = vmas;
if (small === undefined || head === undefined) throw new RangeError("three VMAs");

/** As released, and as proposed. */
export const sharedExtentDesigns: readonly Design[] = [
  {
    id: "D22",
    title: "a store to a shared page puts an entry of one page over the whole PMD entry",
    source: released,
    ...world("overwritten", [[small, 2]]),
    breaks: ["DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D22-two",
    title: "the same, with two pages stored to: the entry names the last, and fsync flushes that",
    source: `${released}, scenario of two stores`,
    ...world("overwritten", [[small, 1], [head, 1]]),
    breaks: ["DAX-CLEAN-2", "DUR-1"],
  },
  {
    id: "D22-removed",
    title: "the PMD entry is deleted with its mappings before an entry of one page comes",
    source: proposed,
    ...world("removed", [[small, 2]]),
    breaks: [],
  },
  {
    id: "D22-removed-two",
    title: "the same, with two pages stored to",
    source: proposed,
    ...world("removed", [[small, 1], [head, 1]]),
    breaks: [],
  },
  {
    id: "D22-split",
    title: "the PMD entry is split into entries of pages before one of them is replaced",
    source: proposed,
    ...world("split", [[small, 1], [head, 1]]),
    breaks: [],
  },
];
