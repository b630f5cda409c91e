/**
 * Runs of a design that break nothing: through each of its moves, and at random.
 *
 * @module
 */
import type { Actor, Branch, Design } from "../../../model/design.ts";
import { search } from "../../../model/explore/search.ts";
import { movesOutOf, pathTo } from "../../../model/explore/shortest_path.ts";
import type { Move, Path } from "../../../model/run.ts";
import { stateKey } from "../../../model/state.ts";
import { allowingOnly } from "./one_bug.ts";
import { randomFrom } from "./random.ts";
import { canGo, createWalker, go, isAtEnd, type Walker, waysOf } from "./walker.ts";

/** When a walk gives up on coming to an end: so many moves, or so many states of a search for it. */
const patience = { moves: 200, states: 2000 };

/**
 * Runs without any breach. First, for each move that the design can take within `limit` states and
 * that no run before it takes: a shortest run to it, led on until every call returns. Then `walks`
 * runs at random.
 */
export function soundRuns(design: Design, limit: number, walks: number): readonly Path[] {
  const sound = allowingOnly(design, []);
  return [
    ...runsThroughEachMove(sound, limit),
    ...Array.from({ length: walks }, (_, seed) => walk(sound, seed)),
  ];
}

function runsThroughEachMove(design: Design, limit: number): readonly Path[] {
  const found = search(design, [], { limit });
  const { automaton: { moves, seen }, states } = found;
  const open = new Set<Branch>();
  for (const [number, { branch }] of moves.entries()) {
    if (seen.taken[number] === 1) open.add(branch);
  }
  const runs: Path[] = [];
  for (let state = 0; state < states.count && open.size > 0; state++) {
    for (const move of movesOutOf(found, state)) {
      if (!open.has(move.branch)) continue;
      const run = finished(design, [...pathTo(found, state), move]);
      for (const { branch } of run) open.delete(branch);
      runs.push(run);
    }
  }
  return runs;
}

/** A place in the search for an end: how the design stands there, and the ways that are left to try. */
interface Crossing {
  readonly bytes: Uint8Array;
  readonly ways: Iterator<Move>;
  readonly by: Move | undefined;
}

/** The run led on, actor by actor, to where everybody but the environment is at the end. */
function finished(design: Design, path: Path): Path {
  const walker = createWalker(design);
  for (const move of path) go(walker, move);
  const crossing = (by: Move | undefined): Crossing => ({
    bytes: walker.state.bytes.slice(),
    ways: inTurn(walker, by?.actor ?? path.at(-1)?.actor),
    by,
  });
  const seen = new Set([stateKey(walker.state)]);
  const crossings = [crossing(undefined)];
  while (!isAtEnd(walker) && seen.size < patience.states) {
    const here = crossings.at(-1);
    if (here === undefined) return path;
    walker.state.bytes.set(here.bytes);
    const { value: move, done } = here.ways.next();
    if (done === true) {
      crossings.pop();
    } else if (go(walker, move) && !seen.has(stateKey(walker.state))) {
      seen.add(stateKey(walker.state));
      crossings.push(crossing(move));
    }
  }
  return [...path, ...crossings.flatMap(({ by }) => by ?? [])];
}

/** Whoever ran last goes on; the environment acts when nobody else can. */
function* inTurn(walker: Walker, last: Actor | undefined): Generator<Move, void> {
  const rank = (actor: Actor): number => actor.environment ? 2 : actor === last ? 0 : 1;
  const actors = walker.design.actors.toSorted((one, other) => rank(one) - rank(other));
  const ways = actors.flatMap((actor) => waysOf(walker, actor));
  yield* ways;
}

function walk(design: Design, seed: number): Path {
  const random = randomFrom(seed);
  const walker = createWalker(design);
  const path: Move[] = [];
  while (path.length < patience.moves && !isAtEnd(walker)) {
    const ways = design.actors.flatMap((actor) => waysOf(walker, actor))
      .filter((move) => canGo(walker, move));
    const move = ways[random(Math.max(1, ways.length))];
    if (move === undefined) break;
    go(walker, move);
    path.push(move);
  }
  return path;
}
