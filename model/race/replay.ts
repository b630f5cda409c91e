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
import { Judgement, judgesByKind } from "../invariant.ts";
import { invariants } from "../invariants/catalogue.ts";
import { after, type Move, movesFrom, nextStep, placeOf, startOf, type Watch } from "../run.ts";
import { createState, type State, stateKey } from "../state.ts";
import type { Cast } from "./cast.ts";
import type { WrittenStep } from "./parse.ts";
import { means, meansBranch } from "./reading.ts";

/** A run so far. */
export interface Strand {
  readonly state: State;
  readonly last: Taken | undefined;
  /** Steps taken that the diagram does not show. */
  readonly unwritten: number;
  /** How early they were taken: summed over the lines, how many were taken before each. */
  readonly earliness: number;
  /** Ids broken so far, each once, in the order of their breaches. */
  readonly broken: readonly string[];
}

/** The last move of a strand and the strand before it. */
interface Taken {
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
  let strands: readonly Strand[] = [
    { state: start, last: undefined, unwritten: 0, earliness: 0, broken: [] },
  ];
  for (const [index, written] of steps.entries()) {
    const ahead = nextLines(cast, steps.slice(index));
    const reached = fill(design, strands, ahead);
    if (reached === undefined) return { kind: "too_many", at: written };
    const actor = cast.get(written.actor);
    const next = reached.flatMap((strand) =>
      actor === undefined ? [] : waysOf(actor, strand.state)
        .filter((move) => tells(written, move))
        .flatMap((move) => extend(design, strand, move, written) ?? [])
    );
    if (next.length === 0) return { kind: "blocked", at: written, strands: reached };
    strands = next;
  }
  const fewest = strands.reduce((least, { unwritten }) => Math.min(least, unwritten), Infinity);
  const meant = strands.filter(({ unwritten }) => unwritten === fewest);
  return { kind: "followed", strands: meant.toSorted((a, b) => a.earliness - b.earliness) };
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

/** All strands that unwritten steps of the cast lead to, those with the fewest and latest first. */
function fill(
  design: Design,
  strands: readonly Strand[],
  ahead: ReadonlyMap<Actor, WrittenStep | undefined>,
): readonly Strand[] | undefined {
  const byCount: Strand[][] = [];
  const put = (strand: Strand): number => (byCount[strand.unwritten] ??= []).push(strand);
  strands.forEach(put);
  const found: Strand[] = [];
  const seen = new Set<string>();
  for (let count = 0; count < byCount.length; count++) {
    for (const strand of (byCount[count] ?? []).sort((a, b) => a.earliness - b.earliness)) {
      const key = keyOf(strand);
      if (seen.has(key)) continue;
      seen.add(key);
      found.push(strand);
      if (found.length > limit) return undefined;
      for (const [actor, line] of ahead) {
        if (actor.environment) continue;
        for (const move of waysOf(actor, strand.state)) {
          if (line !== undefined && tells(line, move)) continue;
          const next = extend(design, strand, move, undefined);
          if (next !== undefined) put(next);
        }
      }
    }
  }
  return found;
}

/** The ways in which the actor's next step may go, whether or not something blocks them. */
function waysOf(actor: Actor, state: State): readonly Move[] {
  const step = nextStep(state, actor);
  if (step === undefined) return [];
  return step.branches.filter(({ when }) => when(state)).map((branch) => ({ actor, step, branch }));
}

function keyOf({ state, broken }: Strand): string {
  return stateKey(state) + broken.join();
}

/** The strand with one move more, judged; undefined if the move is not possible. */
function extend(
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
    earliness: from.earliness + (written === undefined ? 0 : from.unwritten),
    broken: [...from.broken, ...breaks],
  };
}

const judges = judgesByKind(invariants);

function judging(design: Design, known: readonly string[], breaks: string[]): Watch {
  const before = scratchOf(design);
  return {
    before: ({ bytes }) => before.bytes.set(bytes),
    after: (event, state) => {
      for (const { id, judge } of judges.get(event.kind) ?? []) {
        if (known.includes(id) || breaks.includes(id) || design.exempt?.[id] !== undefined) {
          continue;
        }
        if (judge(before, event, state) === Judgement.BROKEN) breaks.push(id);
      }
    },
  };
}

const scratches = new WeakMap<Design, State>();

/** A state of the design's size, to be overwritten. */
function scratchOf(design: Design): State {
  const known = scratches.get(design);
  if (known !== undefined) return known;
  const scratch = createState(design.bounds);
  scratches.set(design, scratch);
  return scratch;
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
    const next = [...actors]
      .filter((actor) => !actor.environment && placeOf(each.state, actor) > 0)
      .flatMap((actor) => waysOf(actor, each.state))
      .flatMap((move) => extend(design, each, move, undefined) ?? []);
    if (next.length === 0 || found.length > limit) ends.push(each);
    for (const strand of next) {
      if (seen.has(keyOf(strand))) continue;
      seen.add(keyOf(strand));
      found.push(strand);
    }
  }
  return ends;
}

/** An actor that has begun, is not at its end, and that nothing can ever move again. */
export function stuckActor(design: Design, state: State): Actor | undefined {
  // Whom a power failure ends does not wait.
  if (state.crashed[0] === 1) return undefined;
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
