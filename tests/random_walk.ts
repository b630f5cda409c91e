/**
 * Runs of designs, taken at random: for properties that hold along every run.
 *
 * @module
 */
import fc from "fast-check";
import type { Design } from "../model/design.ts";
import { after, movesFrom, startOf } from "../model/run.ts";
import type { State } from "../model/state.ts";

/** Which move to take at each step, by a number that is taken modulo the moves there are. */
export const choices: fc.Arbitrary<readonly number[]> = fc.array(fc.nat({ max: 1000 }), {
  maxLength: 60,
});

/** Every state of the run that these choices lead along. */
export function* walk(design: Design, choose: readonly number[]): Generator<State> {
  let state = startOf(design);
  yield state;
  for (const choice of choose) {
    const moves = movesFrom(design, state);
    const move = moves[choice % moves.length];
    const next = move === undefined ? undefined : after(state, move);
    if (next === undefined) return;
    yield state = next;
  }
}
