/**
 * Variables of a design's own: a sequence count, a flag, what a task remembers.
 *
 * @module
 */
import type { State } from "./state.ts";

/** A variable by its name in `bounds.variables`: a byte, 0 at the start. */
export interface Variable {
  /** Name of the variable, for messages and traces. */
  readonly name: string;
  /** What the variable is in a state. */
  readonly of: (state: State) => number;
  /** Sets it, modulo 256: for `then`, or for `start`. */
  readonly set: (state: State, value: number) => void;
}

/**
 * A variable that the bounds declare.
 *
 * Both functions throw a RangeError in a world that does not declare it, which examining a design
 * reports as its mistake.
 */
export function variable(name: string): Variable {
  const placeIn = ({ bounds: { variables = [] } }: State): number => {
    const place = variables.indexOf(name);
    if (place >= 0) return place;
    throw new RangeError(`"${name}" is no variable of the world: bounds.variables declares them`);
  };
  return {
    name,
    of: (state) => state.variable[placeIn(state)] ?? 0,
    set: (state, value) => {
      state.variable[placeIn(state)] = value;
    },
  };
}
