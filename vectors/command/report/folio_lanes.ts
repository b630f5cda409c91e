/**
 * The lanes of a folio: its flags, how far its bytes have come, its mappings' PTEs, and what a descriptor
 * was told of errors.
 *
 * @module
 */
import { cursorWorld } from "../../../model/check/page_cache/error_cursor.ts";
import { folioBounds } from "../../../model/check/page_cache/folio_world.ts";
import type { FittingStates } from "../../../model/check/page_cache/state_sets.ts";
import { type LaneReader, lanesOf } from "../../../model/picture/lanes.ts";
import type { FittingState } from "../../../model/picture/picture.ts";
import { type Bounds, createState, type State, stateOfKey } from "../../../model/state.ts";

const names = { task: () => "a task", mapping: () => "this mapping" };
const folioLanes = lanesOf(createState(folioBounds), names);

/** Whether there is a folio. */
export const cachedLane: LaneReader = {
  name: "folio",
  says: "whether the page cache has a folio of the page",
  idle: "not cached",
  field: "slot",
  index: 0,
  valueIn: ({ slot }) => slot[0] === 0 ? "not cached" : "cached",
};

/** The world has one folio: its flags need no number. */
const flagLanes: readonly LaneReader[] = folioLanes
  .filter(({ name }) => name === "PG_dirty 0" || name === "PG_writeback 0")
  .map((lane) => ({
    ...lane,
    name: lane.name.slice(0, -2),
    says: `the flag ${lane.name.slice(0, -2)} of the folio`,
  }));

/** What a recording shows of the folio itself. */
export const ofFolio: readonly LaneReader[] = [cachedLane, ...flagLanes];
/** What it shows of a mapping of it. */
export const ofMapping: readonly LaneReader[] = folioLanes.filter(({ field }) => field === "pte");

/** How far its bytes have come. */
export const ofData: readonly LaneReader[] = [{
  name: "data",
  says: "how far it has come: what is flushed survives a power failure",
  idle: "flushed",
  field: "media",
  index: 0,
  valueIn: dataText,
}];

function dataText({ memory, pending, media }: State): string {
  if (media[0] === memory[0]) return "flushed";
  return pending[0] === memory[0] ? "in the device" : "in memory";
}

/** What a descriptor was told of errors. */
export const ofCursor: readonly LaneReader[] = [
  ...lanesOf(createState(cursorWorld), names).filter(({ field }) => field === "wbErr"),
  {
    name: "f_wb_err",
    says: "whether the descriptor has been told of the last error",
    idle: "nothing to tell",
    field: "seenErr",
    index: 0,
    valueIn: ({ wbErr, seenErr }) =>
      seenErr[0] !== wbErr[0] ? "not told" : wbErr[0] === 0 ? "nothing to tell" : "told",
  },
];

/** The states of sets of a small world as lanes show them, each once. */
export function fittingIn(
  bounds: Bounds,
): (sets: readonly FittingStates[], readers: readonly LaneReader[]) => readonly FittingState[] {
  return (
    sets: readonly FittingStates[],
    readers: readonly LaneReader[],
  ): readonly FittingState[] => {
    const states = sets.flatMap(({ keys }) => keys).map((key): FittingState => {
      const state = stateOfKey(bounds, key);
      return { values: readers.map(({ valueIn }) => valueIn(state)) };
    });
    return [...new Map(states.map((state) => [state.values.join("\n"), state])).values()];
  };
}
