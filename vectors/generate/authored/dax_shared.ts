/**
 * System D by hand: a store to a shared page below a PMD entry that somebody has loaded through.
 *
 * @module
 */
import { fsync, store, sync } from "./dax_calls.ts";
import {
  type Authored,
  breaks,
  implies,
  kernel,
  recording,
  type SequenceLine,
} from "./sequence.ts";

const bounds = { pages: 2, pmdPages: 2, mappings: 3, tasks: 4 };
const F = 3;
const pmd = { task: 0, page: 0 } as const;
const head = { task: F, page: 0 } as const;

/** A has the range mapped by a PMD; nobody has stored. */
const loadedByPmd: readonly SequenceLine[] = [
  { kind: "call_begin", ...pmd },
  { kind: "allocate", ...pmd },
  { kind: "allocate", task: 0, page: 1 },
  { kind: "lock_entry", ...pmd, order: "pmd" },
  { kind: "insert_entry", ...pmd, order: "pmd", value: "pfn", dirty: false },
  { kind: "map_page", ...pmd, mapping: 0, order: "pmd", access: "read" },
  { kind: "unlock_entry", ...pmd },
  { kind: "call_end", ...pmd },
];

/** A task stores to a page of its own mapping; what maps the page, or the PMD, goes first. */
function storeShared(
  task: number,
  page: number,
  drop: readonly SequenceLine[] = [],
): readonly SequenceLine[] {
  const on = { task, page } as const;
  return [
    { kind: "call_begin", ...on },
    { kind: "lock_entry", ...on, order: "pte" },
    { kind: "unmap_page", mapping: 0, page },
    ...drop,
    { kind: "insert_entry", ...on, order: "pte", value: "pfn", dirty: true },
    { kind: "map_page", ...on, mapping: task, order: "pte", access: "write" },
    { kind: "unlock_entry", ...on },
    { kind: "call_end", ...on },
    store(task, page),
  ];
}

const begin: readonly SequenceLine[] = [
  ...sync(F).begin,
  { kind: "lock_entry", ...head, order: "pte" },
  { kind: "clear_mark", ...head, mark: "TOWRITE" },
];
const references = [recording("7.3-shared-xfs"), kernel("fs/dax.c dax_insert_entry()")] as const;

/** Entries of shared extents. */
export const daxShared: readonly Authored[] = [
  {
    name: "entry-of-one-page-in-all-slots",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "An entry of one page replaces a PMD entry and is found at its head: mkclean looks there, " +
      "and the page that was stored to stays writable",
    references,
    bounds,
    events: [
      ...loadedByPmd,
      ...storeShared(1, 1),
      ...begin,
      { kind: "flush", task: F, page: 1, only: true },
      breaks("DAX-CLEAN-2", { kind: "clear_dirty", ...head }),
      { kind: "unlock_entry", ...head },
      sync(F).end,
      store(1, 1),
      ...sync(F).begin,
      implies("DUR-1", sync(F).end),
    ],
  },
  {
    name: "entry-names-the-last-page-stored-to",
    system: "D",
    about: "DUR-1",
    says: "Two pages below one PMD entry are stored to; the entry names the second, and fsync " +
      "flushes that one alone",
    references,
    bounds,
    events: [
      ...loadedByPmd,
      ...storeShared(1, 1),
      ...storeShared(2, 0),
      ...begin,
      { kind: "mkclean", ...head, mapping: 2 },
      { kind: "mkclean", task: F, page: 1, mapping: 1 },
      { kind: "flush", ...head, only: true },
      { kind: "clear_dirty", ...head },
      { kind: "unlock_entry", ...head },
      breaks("DUR-1", sync(F).end),
    ],
  },
  {
    name: "pmd-entry-removed-before-a-shared-store",
    system: "D",
    about: "DAX-CLEAN-2",
    says:
      "The PMD entry is deleted before an entry of one page comes: fsync finds the page where " +
      "it was stored to",
    references,
    bounds,
    events: [
      ...loadedByPmd,
      ...storeShared(1, 1, [
        { kind: "remove_entry", task: 1, page: 1, why: "downgrade", from: 0, to: 2 },
        { kind: "lock_entry", task: 1, page: 1, order: "pte" },
      ]),
      ...fsync(F, 1, 1),
    ],
  },
];
