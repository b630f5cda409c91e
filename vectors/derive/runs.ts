/**
 * Runs of a design that break nothing: through each of its moves, and at random.
 *
 * @module
 */
import type { Design } from "../../model/design.ts";
import { search } from "../../model/explore/search.ts";
import { pathTo, transitionsFrom } from "../../model/explore/shortest_path.ts";
import { after, type Move, movesFrom, nextStep, type Path, startOf } from "../../model/run.ts";
import { type State, stateKey } from "../../model/state.ts";
import { allowingOnly } from "./one_fault.ts";
import { randomFrom } from "./random.ts";

/** A run, and the moves of the design that it takes, as numbers in the order of its programs. */
export interface Run {
  readonly design: Design;
  readonly path: Path;
}

/** A walk gives up on coming to an end after so many moves; a search for an end after so many states. */
const patience = { moves: 200, states: 2000 };

/**
 * For each move that the design can take within `limit` states without any breach: a shortest run to
 * it, led on until every call returns. Then `walks` random runs.
 */
export function soundRuns(design: Design, limit: number, walks: number): readonly Run[] {
  const sound = allowingOnly(design, []);
  const paths = [
    ...shortestThroughEachMove(sound, limit).map((path) => finished(sound, path)),
    ...Array.from({ length: walks }, (_, seed) => walk(sound, seed)),
  ];
  return paths.map((path) => ({ design, path }));
}

function shortestThroughEachMove(design: Design, limit: number): readonly Path[] {
  const found = search(design, [], { limit });
  const { automaton: { moves, seen }, states } = found;
  const open = new Set(moves.filter((_, number) => seen.taken[number] === 1));
  const paths: Path[] = [];
  for (let state = 0; state < states.count && open.size > 0; state++) {
    for (const [move] of transitionsFrom(found, state)) {
      if (open.delete(move)) paths.push([...pathTo(found, state), move]);
    }
  }
  return paths;
}

/** The run led on, actor by actor, to where everybody but the environment is at the end. */
function finished(design: Design, path: Path): Path {
  const state = path.reduce<State | undefined>(
    (before, move) => before && after(before, move),
    startOf(design),
  );
  if (state === undefined) throw new RangeError(`${design.id}: a run that is none`);
  const seen = new Set<string>();
  const open: { readonly state: State; readonly rest: Path }[] = [{ state, rest: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (isAtEnd(design, next.state)) return [...path, ...next.rest];
    const key = stateKey(next.state);
    if (seen.has(key) || seen.size > patience.states) continue;
    seen.add(key);
    const { rest } = next;
    const last = rest.at(-1) ?? path.at(-1);
    for (const move of inTurn(movesFrom(design, next.state), last).reverse()) {
      const reached = after(next.state, move);
      if (reached !== undefined) open.push({ state: reached, rest: [...rest, move] });
    }
  }
  return path;
}

/** Whoever ran last goes on; the environment acts when nobody else can. */
function inTurn(moves: readonly Move[], last: Move | undefined): Move[] {
  const rank = ({ actor }: Move): number => actor.environment ? 2 : actor === last?.actor ? 0 : 1;
  return [...moves].sort((one, other) => rank(one) - rank(other));
}

function isAtEnd(design: Design, state: State): boolean {
  return design.actors.every((actor) => actor.environment || nextStep(state, actor) === undefined);
}

function walk(design: Design, seed: number): Path {
  const random = randomFrom(seed);
  const path: Move[] = [];
  let state: State | undefined = startOf(design);
  while (state !== undefined && path.length < patience.moves && !isAtEnd(design, state)) {
    const moves = movesFrom(design, state);
    const move: Move | undefined = moves[random(Math.max(1, moves.length))];
    if (move === undefined) break;
    path.push(move);
    state = after(state, move);
  }
  return path;
}
