/**
 * Worlds in which layouts are broken while a store to a page that stays has not been flushed
 * (chapter 4).
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Extent } from "../extent.ts";
import { Pte, pteAccess } from "../page_table.ts";
import type { Bounds, State } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";
import { task } from "./calls.ts";
import { pmdVma, smallVma, storer } from "./cleaning.ts";
import { fsync } from "./dax_fsync.ts";
import type { Vma } from "./dax_mkclean.ts";
import { removal, type RemovalVariant, type Removed } from "./dax_removal.ts";
import { choice, does } from "./program.ts";

/** What a design is, but for its name. */
export type UnnamedDesign = Pick<Design, "system" | "bounds" | "start" | "actors">;

/** What is called: which pages go, and which page that stays has been stored to. */
interface Call extends Pick<Removed, "why" | "from" | "to"> {
  readonly stored: number;
}

/** Of two pages: the second is punched. */
const punch: Call = { why: "punch", from: 1, to: 2, stored: 0 };
/** The file becomes longer. */
export const grow: Call = { why: "truncate", from: 2, to: 2, stored: 0 };
/** The first of two pages is cut out, the second moves. */
export const collapse: Call = { why: "collapse", from: 0, to: 1, stored: 1 };

/** Every page has a block and a clean entry of its own; of one, the entry is DIRTY and mapping 0 can store. */
function startStored(stored: number): (state: State) => void {
  return (state) => {
    for (let page = 0; page < state.bounds.pages; page++) {
      state.extent[page] = Extent.MAPPED;
      state.entry[page] = Entry.PFN;
      if (page >= state.owner.length) continue;
      state.block[page] = page + 1;
      state.owner[page] = page + 1;
    }
    state.pte[stored] = Pte.WRITE;
    state.tag[stored] = Tag.DIRTY;
    state.unflushed[stored] = 1;
  };
}

/** Two entries; a process that stores, calls, and then fsyncs. */
export function oneCaller(variant: RemovalVariant, call: Call = punch): UnnamedDesign {
  const bounds: Bounds = { pages: 2, pmdPages: 1, mappings: 1, tasks: 2, locals: 1, rwsems: 1 };
  const vma: Vma = { mapping: 0, from: 0, to: 2 };
  return {
    system: "D",
    bounds,
    start: startStored(call.stored),
    actors: [
      storer(bounds, "A store", 0, vma, call.stored),
      task(
        "A remove, fsync",
        1,
        removal({ bounds, task: 1, ...call }, [vma], variant),
        fsync(bounds, 1, [vma], variant.sync),
      ),
    ],
  };
}

/** Two entries; two processes store, a third one calls, a fourth one fsyncs. */
export function fourTasks(variant: RemovalVariant, call: Call = punch): UnnamedDesign {
  const bounds: Bounds = { pages: 2, pmdPages: 1, mappings: 2, tasks: 4, locals: 1, rwsems: 1 };
  const first: Vma = { mapping: 0, from: 0, to: 2 };
  const second: Vma = { mapping: 1, from: 0, to: 2 };
  return {
    system: "D",
    bounds,
    start: startStored(call.stored),
    actors: [
      storer(bounds, "A store", 0, first, call.stored),
      storer(bounds, "B store", 1, second, 1),
      task("remove", 2, removal({ bounds, task: 2, ...call }, [first, second], variant)),
      task("fsync", 3, fsync(bounds, 3, [first, second], variant.sync)),
    ],
  };
}

/**
 * Two PMD entries: a page of the second one is punched, A and B store to the first one, which is DIRTY.
 * If `alsoDirty`, so is the other, by a store to its page that stays.
 */
export function twoPmds(variant: RemovalVariant, alsoDirty = false): UnnamedDesign {
  const bounds: Bounds = { pages: 4, pmdPages: 2, mappings: 2, tasks: 4, locals: 1, rwsems: 1 };
  return {
    system: "D",
    bounds,
    start: (state) => {
      state.extent.fill(Extent.MAPPED);
      state.entry.fill(Entry.PFN | Entry.PMD);
      state.pte.fill(Pte.WRITE | Pte.HUGE, 0, 2);
      for (const page of alsoDirty ? [0, 2] : [0]) {
        state.tag[page] = Tag.DIRTY;
        state.unflushed[page] = 1;
      }
    },
    actors: [
      storer(bounds, "A store", 0, pmdVma, 0),
      storer(bounds, "B store", 1, smallVma, 1),
      task(
        "remove",
        2,
        removal({ bounds, task: 2, why: "punch", from: 3, to: 4 }, [pmdVma, smallVma], variant),
      ),
      task("fsync", 3, fsync(bounds, 3, [pmdVma, smallVma], variant.sync)),
    ],
  };
}

/** Two entries; the page that goes is pinned for a while, and faults go on while that is waited for. */
export function withPin(variant: RemovalVariant): UnnamedDesign {
  const bounds: Bounds = {
    pages: 2,
    pmdPages: 1,
    mappings: 1,
    tasks: 3,
    locals: 1,
    rwsems: 1,
    blocks: 2,
  };
  const vma: Vma = { mapping: 0, from: 0, to: 2 };
  const call: Call = { why: "punch", from: 0, to: 1, stored: 1 };
  return {
    system: "D",
    bounds,
    start: (state) => {
      startStored(call.stored)(state);
      state.pte[call.from] = Pte.READ;
    },
    actors: [
      storer(bounds, "A store", 0, vma, call.stored),
      task(
        "A remove, fsync",
        1,
        removal({ bounds, task: 1, ...call }, [vma], variant),
        fsync(bounds, 1, [vma], variant.sync),
      ),
      pinner(call.from),
    ],
  };
}

/** Pins the page, and gives the pin back. */
function pinner(page: number): Actor {
  const number = 2;
  const isMapped = (state: State): boolean => pteAccess(state, 0, page) !== Pte.NONE;
  return {
    name: "G",
    task: number,
    environment: false,
    program: [
      choice(
        "pin",
        "gup_fast()",
        {
          result: "pinned",
          when: isMapped,
          events: [{ kind: "pin_block", task: number, page }],
        },
        { result: "not present: gives up", when: (state) => !isMapped(state), goto: "end" },
      ),
      does("unpin", "unpin_user_page()", { kind: "unpin_block", task: number, page }),
    ],
  };
}
