/**
 * System F by hand: a file grows over bytes of its last page that a mapping stored behind the end.
 *
 * @module
 */
import type { Event } from "../../../model/event.ts";
import { Extent } from "../../../model/extent.ts";
import { Folio } from "../../../model/folio.ts";
import { Pte } from "../../../model/page_table.ts";
import { folio } from "./page_cache_calls.ts";
import { type Authored, breaks, commit, fstests } from "./sequence.ts";

const G = 1;
const bounds = { pages: 2, mappings: 1, tasks: 2, folios: 2, blocks: 2, files: 2 };
const references = [commit("52aecaee1c26"), fstests("generic/363")] as const;

/** Two files of one page each, of which the first has two blocks and ends behind one of them. */
const start = {
  extent: [Extent.MAPPED, 0],
  tag: [1, 0],
  slot: [1, 0],
  folio: [Folio.UPTODATE | Folio.DIRTY, 0],
  backing: [1, 0],
  block: [1, 0],
  owner: [1, 0],
  pte: [Pte.WRITE, 0],
  pfn: [1, 0],
  size: [1, 1],
};

const behind: Event = { kind: "store_folio", mapping: 0, page: 0, writes: 2, part: 1 };
/** What a write fault has reserved, and a store to it. */
const inside: readonly Event[] = [
  { kind: "reserve_blocks", task: 0, page: 0 },
  { kind: "store_folio", mapping: 0, page: 0, writes: 4, part: 0 },
];
const grows: Event = { kind: "set_size", task: G, file: 0, size: 2 };
const returns = { kind: "growth_end", task: G, page: 0 } as const;
const { find, lock, unlock, put } = folio({ task: G });
const zeroed: readonly Event[] = [
  find,
  lock,
  { kind: "zero_tail", task: G, page: 0, writes: 2 },
  unlock,
  put,
];

/** Files that grow inside a page. */
export const growth: readonly Authored[] = [
  {
    name: "store-behind-the-end-zeroed-at-growth",
    system: "F",
    about: "INV-7",
    says:
      "A store behind the end is zeroed after i_size has grown over it; one before the end stays",
    references,
    bounds,
    start,
    events: [inside, behind, grows, zeroed, returns],
  },
  {
    name: "store-behind-the-end-shown-by-growth",
    system: "F",
    about: "INV-7",
    says: "i_size grows over a store behind the end, and nothing is zeroed: the file shows it",
    references,
    bounds,
    start,
    events: [inside, behind, grows, breaks("INV-7", returns)],
  },
  {
    name: "store-between-zeroing-and-growth",
    system: "F",
    about: "INV-7",
    says: "The page is zeroed behind the end, a mapping stores there again, and then i_size grows",
    references,
    bounds,
    start,
    events: [behind, zeroed, behind, grows, breaks("INV-7", returns)],
  },
];
