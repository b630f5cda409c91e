/**
 * System F: a large folio that a truncation cuts, and the part of it behind the end of the file
 * (chapter 6).
 *
 * A file of two pages has one large folio, which a fault maps as a whole. The model's folios have one
 * page, so two of them stand for it; the first one's lock is that of both. T cuts the file after the first
 * page; it tries to split the folio, and somebody's reference makes that fail. R faults on the first
 * page.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Folio } from "../folio.ts";
import type { Bounds, State } from "../state.ts";
import { choice, does } from "./program.ts";
import { guard } from "./semaphore_steps.ts";

const file = 0;
const mapping = 0;
const [kept, cut] = [0, 1];

const bounds: Bounds = {
  pages: 2,
  pmdPages: 1,
  mappings: 1,
  tasks: 2,
  locals: 1,
  rwsems: 1,
  folios: 2,
  blocks: 2,
};

function start(state: State): void {
  for (const page of [kept, cut]) {
    state.extent[page] = Extent.MAPPED;
    state.block[page] = page + 1;
    state.owner[page] = page + 1;
    state.slot[page] = page + 1;
    state.folio[page] = Folio.UPTODATE;
  }
  state.size[file] = 2;
}

const unmapCut: Event = { kind: "zap_folio", mapping, page: cut };
const unmapAll: readonly Event[] = [{ kind: "zap_folio", mapping, page: kept }, unmapCut];

/** @param unmaps whether a folio that cannot be split is unmapped (`try_folio_split_or_unmap`) */
function truncate(unmaps: boolean): Actor {
  const task = 0;
  const lock = guard(task, "invalidate_lock", "exclusive");
  return {
    name: "T",
    task,
    environment: false,
    program: [
      ...lock.take,
      does("i_size", "i_size_write(1)", { kind: "set_size", task, file, size: 1 }),
      does("unmap", "unmap_mapping_range(1, end)", unmapCut),
      does(
        "lock",
        "lock the folio",
        { kind: "find_folio", task, page: kept },
        { kind: "lock_folio", task, page: kept },
      ),
      does(
        "split",
        unmaps ? "split_folio() fails: try_to_unmap()" : "split_folio() fails",
        ...(unmaps ? unmapAll : []),
        { kind: "unlock_folio", task, page: kept },
        { kind: "put_folio", task, page: kept },
      ),
      ...lock.give,
      does("return", "ftruncate() returns", { kind: "removal_end", task, page: cut }),
    ],
  };
}

/** @param looksAtSize whether pages behind the end are left out when the folio is mapped */
function readFault(looksAtSize: boolean): Actor {
  const task = 1;
  const map = (page: number): Event => ({
    kind: "map_folio",
    task,
    page,
    mapping,
    access: "read",
  });
  const done: readonly Event[] = [
    { kind: "unlock_folio", task, page: kept },
    { kind: "put_folio", task, page: kept },
  ];
  const isWhole = (state: State): boolean => !looksAtSize || state.size[file] === 2;
  return {
    name: "R",
    task,
    environment: false,
    program: [
      does(
        "lock",
        "filemap_get_folio(0), lock the folio",
        { kind: "find_folio", task, page: kept },
        { kind: "lock_folio", task, page: kept },
      ),
      choice(
        "check",
        looksAtSize
          ? "i_size_read(): how much of the folio is in the file"
          : "i_size_read(): page 0",
        { result: looksAtSize ? "all" : "inside", when: isWhole },
        ...(looksAtSize
          ? [{
            result: "one page",
            when: (state: State) => !isWhole(state),
            goto: "map one",
          }]
          : []),
      ),
      choice("map", "map the folio, both pages", {
        events: [
          { kind: "find_folio", task, page: cut },
          map(cut),
          { kind: "find_folio", task, page: kept },
          map(kept),
          ...done,
        ],
        goto: "end",
      }),
      ...(looksAtSize ? [does("map one", "map page 0 alone", map(kept), ...done)] : []),
    ],
  };
}

function design(
  id: string,
  title: string,
  source: string,
  actors: readonly Actor[],
  breaks: readonly string[],
): Design {
  return { id, system: "F", title, source, bounds, start, actors, breaks };
}

/** Large folios at the end of the file. */
export const largeFolioDesigns: readonly Design[] = [
  design(
    "F3",
    "a fault maps of a large folio what is in the file; who cannot split it unmaps it",
    "74207de2ba10 with fa04f5b60fda (6.18)",
    [truncate(true), readFault(true)],
    [],
  ),
  design(
    "F3-map-beyond",
    "a fault maps a large folio as a whole, behind the end of the file too",
    "before 74207de2ba10",
    [truncate(true), readFault(false)],
    ["DAX-SIZE-1"],
  ),
  design(
    "F3-split-failed",
    "a truncation that cannot split the folio leaves it mapped as a whole",
    "before fa04f5b60fda",
    [truncate(false), readFault(true)],
    ["DAX-SIZE-1"],
  ),
];
