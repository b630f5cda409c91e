/**
 * A run in the words of a race diagram.
 *
 * @module
 */
import type { Design } from "../design.ts";
import type { Path } from "../run.ts";

/** One step of one actor, by the names that a diagram has for them. */
export interface RunStep {
  /** Name of the actor, the head of a column. */
  readonly actor: string;
  /** Name of the step. */
  readonly step: string;
  /** What stands behind the arrow; empty where a step has one way to go. */
  readonly result: string;
}

/** A run as its diagram tells it. */
export type Run = readonly RunStep[];

/** The names of a path's moves. */
export function runOf(path: Path): Run {
  return path.map(({ actor, step, branch }) => ({
    actor: actor.name,
    step: step.name,
    result: branch.result,
  }));
}

/** Names of the actors that act in a run, in the design's order: the columns of its diagram. */
export function columnsOf(design: Design, run: Run): readonly string[] {
  const acting = new Set(run.map(({ actor }) => actor));
  return design.actors.map(({ name }) => name).filter((name) => acting.has(name));
}
