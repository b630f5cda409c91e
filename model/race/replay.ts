/**
 * Follows a diagram through a design.
 *
 * A diagram seldom tells every step. It stands for the runs in which its lines happen in their order
 * and its actors take, between them, steps that it leaves out; of these the ones with the fewest such
 * steps are meant.
 *
 * @module
 */
import type { Actor, Design } from "../design.ts";
import { Judgement } from "../invariant.ts";
import { invariants } from "../invariants/catalogue.ts";
import { after, type Move, movesFrom, nextStep, placeOf, startOf, type Watch } from "../run.ts";
import { copyState, type State, stateKey } from "../state.ts";
import { type Cast, means, meansBranch } from "./cast.ts";
import type { WrittenStep } from "./parse.ts";

/** A run so far. */
export interface Strand {
  readonly state: State;
  readonly last: Taken | undefined;
  /** Steps taken that the diagram does not show. */
  readonly unwritten: number;
  /** Ids broken so far, each once, in the order of their breaches. */
  readonly broken: readonly string[];
}

/** The last move of a strand and the strand before it. */
export interface Taken {
  readonly from: Strand;
  readonly move: Move;
  /** The line that tells it; undefined if none does. */
  readonly written: WrittenStep | undefined;
  /** Ids that this move broke first. */
  readonly breaks: readonly string[];
}

/** Where following a diagram ended. */
export type Followed =
  /** All lines were found; strands with the fewest unwritten steps. */
  | { readonly kind: "followed"; readonly strands: readonly Strand[] }
  /** Nothing leads to this line; every strand that fits the lines before it. */
  | { readonly kind: "blocked"; readonly at: WrittenStep; readonly strands: readonly Strand[] }
  | { readonly kind: "too_many"; readonly at: WrittenStep };

/** Strands kept at one line before the diagram is given up as telling too little. */
const limit = 100_000;

/** Follows the lines of a diagram, which the cast knows. */
export function follow(
  design: Design,
  cast: Cast,
  steps: readonly WrittenStep[],
  start: State = startOf(design),
): Followed {
  let strands: readonly Strand[] = [{ state: start, last: undefined, unwritten: 0, broken: [] }];
  for (const [index, written] of steps.entries()) {
    const ahead = nextLines(cast, steps.slice(index));
    const reached = fill(design, strands, ahead);
    if (reached === undefined) return { kind: "too_many", at: written };
    const next = reached.flatMap((strand) =>
      movesFrom(design, strand.state)
        .filter((move) => move.actor === cast.get(written.actor) && tells(written, move))
        .flatMap((move) => extend(design, strand, move, written) ?? [])
    );
    if (next.length === 0) return { kind: "blocked", at: written, strands: reached };
    strands = unique(next);
  }
  const fewest = Math.min(...strands.map(({ unwritten }) => unwritten));
  return { kind: "followed", strands: strands.filter(({ unwritten }) => unwritten === fewest) };
}

/** The next line of each actor of the cast, or undefined where none is left. */
function nextLines(
  cast: Cast,
  steps: readonly WrittenStep[],
): ReadonlyMap<Actor, WrittenStep | undefined> {
  return new Map(
    [...cast].map(([head, actor]) => [actor, steps.find((step) => step.actor === head)] as const),
  );
}

/** True if the line tells this move. */
function tells(written: WrittenStep, { step, branch }: Move): boolean {
  return means(written, step) && meansBranch(written, branch);
}

/** All strands that unwritten steps of the cast lead to, those with the fewest first. */
function fill(
  design: Design,
  strands: readonly Strand[],
  ahead: ReadonlyMap<Actor, WrittenStep | undefined>,
): readonly Strand[] | undefined {
  const found = [...strands].sort((a, b) => a.unwritten - b.unwritten);
  const seen = new Set(found.map(keyOf));
  for (const strand of found) {
    for (const move of movesFrom(design, strand.state)) {
      if (move.actor.environment || !ahead.has(move.actor)) continue;
      const line = ahead.get(move.actor);
      if (line !== undefined && tells(line, move)) continue;
      const next = extend(design, strand, move, undefined);
      if (next === undefined || seen.has(keyOf(next))) continue;
      seen.add(keyOf(next));
      found.push(next);
      if (found.length > limit) return undefined;
    }
  }
  return found.sort((a, b) => a.unwritten - b.unwritten);
}

function keyOf({ state, broken }: Strand): string {
  return stateKey(state) + broken.join();
}

function unique(strands: readonly Strand[]): readonly Strand[] {
  const seen = new Map<string, Strand>();
  for (const strand of strands) {
    const key = keyOf(strand);
    const old = seen.get(key);
    if (old === undefined || strand.unwritten < old.unwritten) seen.set(key, strand);
  }
  return [...seen.values()];
}

/** The strand with one move more, judged; undefined if the move is not possible. */
export function extend(
  design: Design,
  from: Strand,
  move: Move,
  written: WrittenStep | undefined,
): Strand | undefined {
  const breaks: string[] = [];
  const state = after(from.state, move, judging(design, from.broken, breaks));
  if (state === undefined) return undefined;
  return {
    state,
    last: { from, move, written, breaks },
    unwritten: from.unwritten + (written === undefined ? 1 : 0),
    broken: [...from.broken, ...breaks],
  };
}

function judging(design: Design, known: readonly string[], breaks: string[]): Watch {
  let before: State | undefined;
  return {
    before: (state) => before = copyState(state),
    after: (event, state) => {
      if (before === undefined) return;
      for (const { id, judge } of invariants) {
        if (known.includes(id) || breaks.includes(id) || design.exempt?.[id] !== undefined) {
          continue;
        }
        if (judge(before, event, state) === Judgement.BROKEN) breaks.push(id);
      }
    },
  };
}

/** The moves of a strand from the start on. */
export function movesOf(strand: Strand): readonly Taken[] {
  const moves: Taken[] = [];
  for (let taken = strand.last; taken !== undefined; taken = taken.from.last) moves.push(taken);
  return moves.reverse();
}

/** Runs to their ends the actors of the cast that have begun: every way to do so, shortest first. */
export function finish(design: Design, cast: Cast, strand: Strand): readonly Strand[] {
  const actors = new Set(cast.values());
  const found = [strand];
  const seen = new Set(found.map(keyOf));
  const ends: Strand[] = [];
  for (const each of found) {
    const moves = movesFrom(design, each.state).filter(({ actor }) =>
      actors.has(actor) && !actor.environment && placeOf(each.state, actor) > 0
    );
    if (moves.length === 0 || found.length > limit) ends.push(each);
    for (const move of moves) {
      const next = extend(design, each, move, undefined);
      if (next === undefined || seen.has(keyOf(next))) continue;
      seen.add(keyOf(next));
      found.push(next);
    }
  }
  return ends;
}

/** An actor that has begun, is not at its end, and that nothing can ever move again. */
export function stuckActor(design: Design, state: State): Actor | undefined {
  const waiting = new Set(
    design.actors.filter((actor) =>
      !actor.environment && placeOf(state, actor) > 0 && nextStep(state, actor) !== undefined
    ),
  );
  const found = [state];
  const seen = new Set([stateKey(state)]);
  for (const each of found) {
    for (const move of movesFrom(design, each)) {
      waiting.delete(move.actor);
      const next = after(each, move);
      if (waiting.size === 0 || found.length > limit) return undefined;
      if (next === undefined || seen.has(stateKey(next))) continue;
      seen.add(stateKey(next));
      found.push(next);
    }
  }
  return [...waiting][0];
}
