/**
 * Who waits at the end of a path, and for what.
 *
 * @module
 */
import type { Design } from "../design.ts";
import { after, hasCrashed, movesFrom, nextStep, type Path, startOf } from "../run.ts";
import { obstacleOf, taskNames } from "./obstacle.ts";
import type { Strand } from "./replay.ts";

/** An actor that cannot go on now. */
interface Waiting {
  /** Name of the actor. */
  readonly actor: string;
  /** Name of the step that it would take next. */
  readonly step: string;
  /** One clause: what keeps it. */
  readonly because: string;
}

/** The actors that are neither at their end nor able to take a step; none once power has failed. */
export function waitingAfter(design: Design, path: Path): readonly Waiting[] {
  const strand = strandOf(design, path);
  if (hasCrashed(strand.state)) return [];
  const able = new Set(movesFrom(design, strand.state).map(({ actor }) => actor));
  return design.actors.flatMap((actor) => {
    const step = nextStep(strand.state, actor);
    if (step === undefined || able.has(actor)) return [];
    const names = taskNames(design, ({ name }) => name);
    const because = obstacleOf(strand, step.branches, names) ?? "nothing lets it go on";
    return [{ actor: actor.name, step: step.name, because }];
  });
}

function strandOf(design: Design, path: Path): Strand {
  const about = { unwritten: 0, earliness: 0, broken: [] };
  let strand: Strand = { state: startOf(design), last: undefined, ...about };
  for (const move of path) {
    const state = after(strand.state, move);
    if (state === undefined) break;
    strand = { state, last: { from: strand, move, written: undefined, breaks: [] }, ...about };
  }
  return strand;
}
