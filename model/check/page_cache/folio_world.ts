/**
 * One folio, and one mapping of it: the small world of writeback and stable pages.
 *
 * Of a mapping that was not seen, of a fault before the recording began, nothing is known: the world
 * begins with every state in which no invariant is broken.
 *
 * @module
 */
import type { Event } from "../../event.ts";
import { Folio } from "../../folio.ts";
import { Pte } from "../../page_table.ts";
import type { Bounds, State } from "../../state.ts";
import { Tag } from "../../xarray.ts";
import type { FolioFlags } from "./observation.ts";
import { createStateSets, type FittingStates, type FittingStep } from "./state_sets.ts";

/** The world of a folio and one mapping. */
export const folioBounds: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 1,
  locals: 0,
  folios: 1,
  blocks: 1,
  stableWrites: true,
};

const on = { task: 0, page: 0 } as const;
const mapping = 0;

/** What is in memory matters only against what writeback has settled. */
function normalise(state: State): void {
  if (((state.folio[0] ?? 0) & Folio.WRITEBACK) === 0) state.memory[0] = 1;
  state.media[0] = 0;
}

const sets = createStateSets(
  folioBounds,
  ["WB-CLEAN-1", "WB-MKWRITE-1", "STABLE-1", "STABLE-2"],
  normalise,
);

const lock: Event = { kind: "lock_folio", ...on };
const unlock: Event = { kind: "unlock_folio", ...on };
const protect: Event = { kind: "protect_folio", ...on, mapping };
const clean: Event = { kind: "clear_dirty_for_io", ...on };
const start: Event = { kind: "start_writeback", ...on };

const happenings = {
  dirtied: [{ kind: "mark_dirty", ...on }],
  /** Declared clean, with its mappings protected, as `folio_mkclean` must do for all of them. */
  cleaned: [protect, clean],
  /** The watched mapping was missed. */
  cleanedUnprotected: [clean],
  begun: [lock, start, unlock],
  /** Writeback begun by a task that does not hold the folio's lock. */
  begunUnlocked: [start],
  ended: [{ kind: "write_folio", ...on }, { kind: "end_writeback", ...on }],
  copied: [{ kind: "copy_in", ...on, writes: 2 }],
  madeWritable: [lock, { kind: "map_folio", ...on, mapping, access: "write" }, unlock],
  stored: [{ kind: "store_folio", mapping, page: 0, writes: 2 }],
} as const satisfies Readonly<Record<string, readonly Event[]>>;

/** What can happen to a folio and its watched mapping. */
export type FolioHappening = keyof typeof happenings;

const isUnderWriteback = (state: State): boolean => ((state.folio[0] ?? 0) & Folio.WRITEBACK) !== 0;

/** Steps the world. Writeback ends only where it has begun. */
export function happens(set: FittingStates, what: FolioHappening): FittingStep {
  return sets.step(what === "ended" ? sets.keep(set, isUnderWriteback) : set, happenings[what]);
}

/** What may have happened to it, or not. */
export function mayHappen(set: FittingStates, what: FolioHappening): FittingStates {
  return sets.either(set, happens(set, what).to);
}

const isWritable = (state: State): boolean => state.pte[0] === Pte.WRITE;

/** States of the set in which the watched mapping can store without a fault. */
export function writable(set: FittingStates): FittingStates {
  return sets.keep(set, isWritable);
}

const hasFlags = [0, Folio.DIRTY, Folio.WRITEBACK, Folio.DIRTY | Folio.WRITEBACK].map(
  (flags) => (state: State): boolean =>
    ((state.folio[0] ?? 0) & (Folio.DIRTY | Folio.WRITEBACK)) === flags,
);

/** States of the set in which the folio's flags are as a line shows them. */
export function withFlags(set: FittingStates, { dirty, writeback }: FolioFlags): FittingStates {
  const test = hasFlags[(dirty ? 1 : 0) + (writeback ? 2 : 0)];
  return test === undefined ? set : sets.keep(set, test);
}

/** No folio is cached. */
export const noFolio: FittingStates = sets.of([sets.blank()]);

/** Every state in which nothing is broken. */
export const anyFolio: FittingStates = sets.of([...states()]);

function* states(): Generator<State> {
  for (const dirty of [0, Folio.DIRTY]) {
    for (const writeback of [0, Folio.WRITEBACK]) {
      for (const pte of dirty === 0 ? [Pte.NONE, Pte.READ] : [Pte.NONE, Pte.READ, Pte.WRITE]) {
        const state = sets.blank();
        state.slot[0] = 1;
        state.hand[0] = 1;
        state.backing[0] = 1;
        state.block[0] = 1;
        state.folio[0] = Folio.UPTODATE | dirty | writeback;
        state.tag[0] = (dirty === 0 ? 0 : Tag.DIRTY) | (writeback === 0 ? 0 : Tag.WRITEBACK);
        state.memory[0] = 1;
        state.settled[0] = writeback === 0 ? 0 : 1;
        state.pte[0] = pte;
        state.pfn[0] = pte === Pte.NONE ? 0 : 1;
        normalise(state);
        yield state;
      }
    }
  }
}
