/**
 * The race diagram of kernel mail, as a format of its own: a column for each actor, headed by its
 * name, a line for each step, and what a step came to behind an arrow.
 *
 * ```text
 * Process 1                  Process 2
 *
 * get_block(0) -> HOLE
 *                            get_block(0, create) -> MAPPED
 *                            dax_insert_mapping(0)
 * dax_load_hole(0)
 * ```
 *
 * What the explorer finds is printed so, chapters hold it, and what somebody wrote in a mail is read
 * and judged. Printing and then reading gives the same run.
 *
 * @module
 */
import type { Design } from "./design.ts";
import type { Path } from "./run.ts";

/** One step of one actor, by the names that a diagram has for them. */
export interface RunStep {
  readonly actor: string;
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

export { judgeRace, type RaceVerdict } from "./race/judge.ts";
export { type ParsedRace, parseRace, type Race, type WrittenStep } from "./race/parse.ts";
export { printRace } from "./race/print.ts";
