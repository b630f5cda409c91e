/**
 * A track of a picture, from the sets of states that fit in each row.
 *
 * @module
 */
import { laneOf, type LaneReader } from "../../../model/picture/lanes.ts";
import type { FittingState, Track } from "../../../model/picture/picture.ts";

/** How states that fit are shown in some lanes. */
type Fitting<S> = (set: S, readers: readonly LaneReader[]) => readonly FittingState[];

/**
 * Lanes that say something: what stands idle in every row says nothing, nor does a block that is there.
 *
 * @param rows what fits before the first step and after each; undefined where nothing was seen
 */
export function trackOf<S>(
  name: string,
  readers: readonly LaneReader[],
  rows: readonly (S | undefined)[],
  fitting: Fitting<S>,
): Track {
  const seen = rows.flatMap((set) => set === undefined ? [] : fitting(set, readers))
    .filter(({ ifOnly }) => ifOnly === undefined);
  const shown = readers.filter(({ field, idle }, lane) => {
    const [first, ...others] = new Set(seen.map(({ values }) => values[lane]));
    if (first === undefined) return false;
    return others.length > 0 || (first !== idle && field !== "extent" && field !== "entry");
  });
  const sets: (readonly FittingState[])[] = [];
  const places = new Map<S | undefined, number>();
  const at = rows.map((set) => {
    const place = places.get(set) ?? sets.push(set === undefined ? [] : fitting(set, shown)) - 1;
    places.set(set, place);
    return place;
  });
  const lanes = shown.map((reader) => ({
    ...laneOf(reader),
    name: reader.field === "pte" ? "PTE" : reader.name,
  }));
  return { name, lanes, sets, at };
}
