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
  const { layout: { stride }, states: { words } } = search;
  for (const [move, reached] of successors(search, from)) {
    if (reached.every((word, index) => word === words[to * stride + index])) return move;
  }
  throw new RangeError(`state ${to} is not met from its parent ${from}`);
}

/** Every move out of a state, with the packed state that it leads to. */
export function* successors(
  { automaton, layout, states }: Search,
  from: number,
): Generator<readonly [Move, Int32Array]> {
  const { stride } = layout;
  const packed = states.words.slice(from * stride, (from + 1) * stride);
  for (let actor = 0; actor < automaton.design.actors.length; actor++) {
    const locals = getLocals(layout, packed, 0, actor);
    const at = transitionsOf(automaton, (packed[0] ?? 0) - 1, actor, locals);
    const count = automaton.arena[at] ?? 0;
    for (let each = 0; each < count; each++) {
      const transition = at + 1 + each * transitionWords;
      const move = automaton.moves[automaton.arena[transition + 2] ?? 0];
      if (move === undefined) throw new RangeError("a transition without a move");
      const next = packed.slice();
      next[0] = (automaton.arena[transition] ?? 0) + 1;
      setLocals(layout, next, actor, automaton.arena[transition + 1] ?? 0);
      yield [move, next];
    }
  }
}
