/**
 * System E: a file system that wants another page for a range of a file while somebody has the page
 * pinned: copy on write, a snapshot (seed 004; chapter 5).
 *
 * G pins the folio, a device writes to it, G marks it dirty and gives the pin back. S puts a new folio in
 * its place, with what the disk has, while the old one is clean. F calls fsync; power fails at any time.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { isPinned } from "../effects/pin.ts";
import type { Event } from "../event.ts";
import { Extent } from "../extent.ts";
import { Folio, folioAt, isCached } from "../folio.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { commitMap } from "../storage.ts";
import { task } from "./calls.ts";
import { fsyncPage } from "./fsync_steps.ts";
import { power } from "./power_steps.ts";
import { choice, does } from "./program.ts";

const page = 0;
const mapping = 0;

const bounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 4,
  locals: 1,
  folios: 2,
  blocks: 1,
  durable: true,
};

/** The page is dirty, and mapped for writing to. */
function start(state: State): void {
  state.extent[page] = Extent.MAPPED;
  state.block[page] = 1;
  state.owner[0] = page + 1;
  state.size[0] = 1;
  state.slot[page] = 1;
  state.folio[0] = Folio.UPTODATE | Folio.DIRTY;
  state.backing[0] = 1;
  state.tag[page] = 1;
  state.pte[mapping] = Pte.WRITE;
  state.pfn[mapping] = 1;
  commitMap(state);
}

/** @param mayGo whether the page may have been unmapped */
function pinner(mayGo: boolean): Actor {
  const on = { task: 0, page } as const;
  const isMapped = (state: State): boolean => pteAccess(state, mapping, page) === Pte.WRITE;
  const isUnlocked = (state: State): boolean => state.locked[(state.pinned[0] ?? 0) - 1] === 0;
  return task("G", 0, (first, next) => [
    choice(
      first,
      "pin_user_pages()",
      { result: "pinned", when: isMapped, events: [{ kind: "pin", ...on, mapping }] },
      ...(mayGo
        ? [{
          result: "not mapped: gives up",
          when: (state: State) => !isMapped(state),
          goto: next,
        }]
        : []),
    ),
    does(`${first}.dma`, "the device writes to the page", { kind: "dma_write", ...on, writes: 2 }),
    choice(`${first}.dirty`, "set_page_dirty_lock()", {
      when: isUnlocked,
      events: [{ kind: "mark_pinned_dirty", ...on }],
    }),
    choice(`${first}.put`, "unpin_user_page()", {
      events: [{ kind: "unpin", ...on }],
      goto: next,
    }),
  ]);
}

/** @param looksAtPins whether a pinned folio is left where it is */
function replacer(looksAtPins: boolean): Actor {
  const on = { task: 1, page } as const;
  const isFree = (state: State): boolean =>
    isCached(state, page, Folio.UPTODATE) && !isCached(state, page, Folio.DIRTY) &&
    !isCached(state, page, Folio.WRITEBACK) &&
    state.locked[folioAt(state, page)] === 0;
  const isBusy = (state: State): boolean => looksAtPins && isPinned(state, folioAt(state, page));
  const replace: readonly Event[] = [
    { kind: "remove_folio", ...on, why: "invalidate" },
    { kind: "add_folio", ...on },
    { kind: "map_blocks", ...on },
    { kind: "read_folio", ...on },
    { kind: "mark_dirty", ...on },
    { kind: "unlock_folio", ...on },
    { kind: "put_folio", ...on },
  ];
  return {
    name: "S",
    task: 1,
    environment: true,
    program: [
      choice(
        "replace",
        "put a new folio in its place",
        { when: (state) => isFree(state) && !isBusy(state), events: replace, goto: "end" },
        ...(looksAtPins ? [{ result: "pinned: leave it", when: isBusy, goto: "end" }] : []),
      ),
    ],
  };
}

function design(
  id: string,
  title: string,
  looksAtPins: boolean,
  breaks: readonly string[],
): Design {
  const sync = fsyncPage({ task: 2, page }, { mappings: [mapping] });
  return {
    id,
    system: "E",
    title,
    source: looksAtPins
      ? "seed 004: copy on write and snapshots want a new page; pins forbid it"
      : "seed 004; a mutation of E11",
    bounds,
    start,
    actors: [pinner(true), replacer(looksAtPins), task("F", 2, sync, sync), power(3)],
    breaks,
  };
}

/** A folio that is replaced. */
export const replacedPinDesigns: readonly Design[] = [
  design("E11", "a pinned folio keeps its place in the file", true, ["PIN-3"]),
  design("E11-replaced", "a folio is replaced though a device may still write to it", false, [
    "PIN-3",
    "DUR-1",
  ]),
  {
    id: "E11-anonymous",
    system: "E",
    title: "memory that nobody writes back: the same pin, the same device, and nothing to break",
    source: "seed 004: anonymous memory and hugetlbfs",
    bounds,
    start,
    actors: [pinner(false)],
    breaks: [],
  },
];
