/**
 * System F by hand: of a folio that a truncation cuts, nothing behind the end stays mapped.
 *
 * @module
 */
import { Extent } from "../../../model/extent.ts";
import { Folio } from "../../../model/folio.ts";
import { Pte } from "../../../model/page_table.ts";
import { type Authored, breaks, commit, type SequenceLine } from "./sequence.ts";

const T = 0;
const bounds = { pages: 2, mappings: 1, tasks: 1, folios: 2, blocks: 2 };
const references = [commit("fa04f5b60fda"), commit("74207de2ba10")] as const;

/** A large folio, of two pages that are a folio each here, mapped as a whole. */
const start = {
  extent: [Extent.MAPPED, Extent.MAPPED],
  block: [1, 2],
  owner: [1, 2],
  slot: [1, 2],
  pfn: [1, 2],
  pte: [Pte.READ, Pte.READ],
  folio: [Folio.UPTODATE, Folio.UPTODATE],
  size: [2],
};

const cut: SequenceLine = { kind: "set_size", task: T, file: 0, size: 1 };
const returns = { kind: "removal_end", task: T, page: 1 } as const;

/** A file of two pages is cut after the first. */
export const largeFolios: readonly Authored[] = [
  {
    name: "large-folio-unmapped-behind-the-new-end",
    system: "F",
    about: "DAX-SIZE-1",
    says: "The second page of a folio is unmapped before a truncation behind the first one returns",
    references,
    bounds,
    start,
    events: [cut, { kind: "zap_folio", mapping: 0, page: 1 }, returns],
  },
  {
    name: "large-folio-mapped-behind-the-new-end",
    system: "F",
    about: "DAX-SIZE-1",
    says: "A folio cannot be split, and its first page alone is unmapped: the second stays mapped",
    references,
    bounds,
    start,
    events: [
      cut,
      { kind: "zap_folio", mapping: 0, page: 0 },
      breaks("DAX-SIZE-1", returns),
    ],
  },
];
