/**
 * A run as numbers: at each state, which of the moves that are possible there was taken. A page's
 * address carries it, and whoever has the design plays it back.
 *
 * @module
 */
import type { Design } from "../design.ts";
import { after, hasCrashed, type Move, movesFrom, type Path, startOf } from "../run.ts";
import type { State } from "../state.ts";
import type { Run } from "./diagram.ts";

/** What may happen next; nothing once power has failed. */
export function movesAt(design: Design, state: State): readonly Move[] {
  return hasCrashed(state) ? [] : movesFrom(design, state);
}

/**
 * The numbers of a path, each counting from 0.
 *
 * @throws {RangeError} if the path cannot be run from the design's start
 */
export function choicesOf(design: Design, path: Path): readonly number[] {
  let state = startOf(design);
  return path.map((move, at) => {
    const moves = movesAt(design, state);
    const choice = moves.findIndex((each) => isSame(each, move));
    const taken = moves[choice];
    const next = taken && after(state, taken);
    if (next === undefined) throw new RangeError(`${design.id}: move ${at} is not possible`);
    state = next;
    return choice;
  });
}

/** True of the same way of the same step; a design that was examined has steps of its own making. */
function isSame(one: Move, other: Move): boolean {
  const wayOf = ({ step, branch }: Move): number => step.branches.indexOf(branch);
  return one.actor.name === other.actor.name && one.step.label === other.step.label &&
    wayOf(one) === wayOf(other);
}

/** The path of these numbers, as far as they are possible. */
export function pathOfChoices(design: Design, choices: readonly number[]): Path {
  const path: Move[] = [];
  let state = startOf(design);
  for (const choice of choices) {
    const move = movesAt(design, state)[choice];
    const next = move && after(state, move);
    if (move === undefined || next === undefined) break;
    path.push(move);
    state = next;
  }
  return path;
}

/** The first path whose steps have these names; undefined if there is none. */
export function pathOfRun(design: Design, run: Run): Path | undefined {
  const goOn = (state: State, at: number): Path | undefined => {
    const wanted = run[at];
    if (wanted === undefined) return [];
    for (const move of movesAt(design, state)) {
      const { actor, step, branch } = move;
      const is = actor.name === wanted.actor && step.name === wanted.step &&
        branch.result === wanted.result;
      const next = is ? after(state, move) : undefined;
      const rest = next === undefined ? undefined : goOn(next, at + 1);
      if (rest !== undefined) return [move, ...rest];
    }
    return undefined;
  };
  return goOn(startOf(design), 0);
}
