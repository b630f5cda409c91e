/**
 * What a lane shows in each row: a band that goes on, changes, or is not known.
 *
 * @module
 */
import type { FittingState, Track } from "../../model/picture/picture.ts";

/** One row of a lane. */
export interface BandCell {
  /** `unseen`: nothing was seen yet. `several`: states with different values fit. */
  readonly kind: "idle" | "on" | "several" | "unseen";
  /** The value, or all that fit: `set or clear`. */
  readonly text: string;
  /** True if the row before shows the same. */
  readonly goesOn: boolean;
}

/** The lane's cells, one a row; row 0 is what fits before the first step. */
export function bandOf({ lanes, sets, at }: Track, lane: number): readonly BandCell[] {
  const idle = lanes[lane]?.idle ?? "";
  let before: string | undefined;
  return at.map((place) => {
    const values = valuesOf(sets[place] ?? [], lane);
    const text = values.length === 0 ? "not seen" : values.join(" or ");
    const kind = values.length === 0
      ? "unseen"
      : values.length > 1
      ? "several"
      : values[0] === idle
      ? "idle"
      : "on";
    const goesOn = text === before;
    before = text;
    return { kind, text, goesOn };
  });
}

/** Values of a lane that fit; what rests on something unseen counts only where nothing else fits. */
function valuesOf(states: readonly FittingState[], lane: number): readonly string[] {
  const plain = states.filter(({ ifOnly }) => ifOnly === undefined);
  const counted = plain.length > 0 ? plain : states;
  return [...new Set(counted.map(({ values }) => values[lane] ?? ""))];
}
