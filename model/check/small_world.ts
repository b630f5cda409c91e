/**
 * The small world in which a recording is judged: one page, one mapping, a few sync calls.
 *
 * Invariants speak of every page and every mapping, so each (page, mapping) that a recording touches
 * is judged in a world of its own, and what is about the entry alone in a world of the page. A PMD of
 * 512 pages and a hundred processes need no larger world: what other pages and mappings do reaches
 * the watched one only through its entry, and `explain.ts` projects it there.
 *
 * @module
 */
import { Extent } from "../extent.ts";
import { Pte } from "../page_table.ts";
import { type Bounds, createState, type State, stateKey } from "../state.ts";
import { Entry, Tag } from "../xarray.ts";

/** Sync calls that can be in flight on one file at a time and still be judged. */
export const syncSlots = 7;

/** Removals from one file that can be followed at a time. */
export const removalSlots = 6;

/** Task 0 acts; tasks 1 to `syncSlots` are inside sync calls. */
export const smallWorld: Bounds = {
  pages: 1,
  pmdPages: 1,
  mappings: 1,
  tasks: 1 + syncSlots,
  locals: 0,
};

/** A state that the page may be in, and whether that is more than what the recording showed. */
export interface Possibility {
  readonly key: string;
  /** True if it rests on something dirty or mapped from before the recording or before a gap. */
  readonly assumed: boolean;
}

function possibility(set: (state: State) => void): Possibility {
  const state = createState(smallWorld);
  set(state);
  const assumed = state.tag[0] !== 0 || state.pte[0] !== Pte.NONE;
  return { key: stateKey(state), assumed };
}

/** Everything that a page which no invariant has yet been broken for may be in. */
export const anything: readonly Possibility[] = [...possibilities()];

function* possibilities(): Generator<Possibility> {
  for (const extent of [Extent.HOLE, Extent.UNWRITTEN, Extent.MAPPED]) {
    yield possibility((state) => {
      state.extent[0] = extent;
    });
  }
  for (const size of [0, Entry.PMD]) {
    for (const extent of [Extent.HOLE, Extent.UNWRITTEN]) {
      for (const pte of [Pte.NONE, Pte.ZERO]) {
        yield possibility((state) => {
          state.extent[0] = extent;
          state.entry[0] = Entry.ZERO | size;
          state.pte[0] = pte;
        });
      }
    }
    for (const tag of [0, Tag.DIRTY]) {
      const ptes: readonly number[] = tag === 0
        ? [Pte.NONE, Pte.READ]
        : [Pte.NONE, Pte.READ, Pte.WRITE];
      for (const pte of ptes) {
        for (const huge of size === 0 || pte === Pte.NONE ? [0] : [0, Pte.HUGE]) {
          yield possibility((state) => {
            state.extent[0] = Extent.MAPPED;
            state.entry[0] = Entry.PFN | size;
            state.tag[0] = tag;
            state.pte[0] = pte | huge;
          });
        }
      }
    }
  }
}
