/**
 * What every invariant says of each move of a path.
 *
 * @module
 */
import type { Design } from "../design.ts";
import { type Invariant, Judgement } from "../invariant.ts";
import { invariants } from "../invariants/catalogue.ts";
import { after, type Path, startOf } from "../run.ts";
import { copyState, type State } from "../state.ts";

/** What came of one move. */
export interface JudgedMove {
  /** Ids of the invariants that it broke, and of those that it could have broken and did not. */
  readonly broken: readonly string[];
  readonly kept: readonly string[];
}

/** The states on a path, its start first, and what came of each move. */
interface JudgedPath {
  readonly states: readonly State[];
  readonly moves: readonly JudgedMove[];
}

/**
 * Judges a path of a design.
 *
 * @throws {RangeError} if the path cannot be run from the design's start
 */
export function judgePath(design: Design, path: Path): JudgedPath {
  const judged = invariants.filter(({ id }) => design.exempt?.[id] === undefined);
  const states = [startOf(design)];
  const moves = path.map((move, at) => {
    const says = new Map<string, Judgement>();
    let before: State | undefined;
    const from = states[at];
    const next = from && after(from, move, {
      before: (state) => before = copyState(state),
      after: (event, state) => {
        if (before !== undefined) vote(says, judged, before, event, state);
      },
    });
    if (next === undefined) throw new RangeError(`${design.id}: move ${at} is not possible`);
    states.push(next);
    const thatSay = (one: Judgement): readonly string[] =>
      judged.flatMap(({ id }) => says.get(id) === one ? [id] : []);
    return { broken: thatSay(Judgement.BROKEN), kept: thatSay(Judgement.KEPT) };
  });
  return { states, moves };
}

function vote(
  says: Map<string, Judgement>,
  judged: readonly Invariant[],
  ...[before, event, after]: Parameters<Invariant["judge"]>
): void {
  for (const { id, judge } of judged) {
    const one = judge(before, event, after);
    if (one > (says.get(id) ?? Judgement.IDLE)) says.set(id, one);
  }
}
