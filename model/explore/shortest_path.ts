/**
 * Runs that lead to states of a search: among the shortest, the first in the order of the actors.
 *
 * @module
 */
import type { Move, Path } from "../run.ts";
import { transitionsOf, transitionWords } from "./automaton.ts";
import { getLocals, setLocals } from "./layout.ts";
import type { Search } from "./search.ts";

/** The run from the start to the state of this number. */
export function pathTo(search: Search, state: number): Path {
  const moves: Move[] = [];
  for (let to = state, from = parentOf(search, to); from >= 0; from = parentOf(search, to)) {
    moves.push(moveBetween(search, from, to));
    to = from;
  }
  return moves.reverse();
}

function parentOf({ states: { parents } }: Search, state: number): number {
  return parents[state] ?? -1;
}

/** The first move that leads from one state to the other. */
export function moveBetween(search: Search, from: number, to: number): Move {
  const { automaton, layout, states: { words } } = search;
  const { stride } = layout;
  const before = words.subarray(from * stride, (from + 1) * stride);
  const after = words.subarray(to * stride, (to + 1) * stride);
  for (const [actor, transition] of transitionsFrom(search, from)) {
    const next = before.slice();
    next[0] = (automaton.arena[transition] ?? 0) + 1;
    setLocals(layout, next, actor, automaton.arena[transition + 1] ?? 0);
    if (next.every((word, index) => word === after[index])) return moveOf(search, transition);
  }
  throw new RangeError(`state ${to} is not met from its parent ${from}`);
}

/** Every move out of a state. */
export function* movesOutOf(search: Search, state: number): Generator<Move> {
  for (const [, transition] of transitionsFrom(search, state)) yield moveOf(search, transition);
}

/** Every transition out of a state: the number of its actor, and where in `arena` it stands. */
function* transitionsFrom(
  { automaton, layout, states: { words } }: Search,
  state: number,
): Generator<readonly [actor: number, transition: number]> {
  const from = state * layout.stride;
  for (let actor = 0; actor < automaton.design.actors.length; actor++) {
    const locals = getLocals(layout, words, from, actor);
    const list = transitionsOf(automaton, (words[from] ?? 0) - 1, actor, locals);
    const end = list + 1 + (automaton.arena[list] ?? 0) * transitionWords;
    for (let at = list + 1; at < end; at += transitionWords) yield [actor, at];
  }
}

function moveOf({ automaton: { moves, arena } }: Search, transition: number): Move {
  const move = moves[arena[transition + 2] ?? 0];
  if (move === undefined) throw new RangeError("a transition without a move");
  return move;
}
