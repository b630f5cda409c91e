/**
 * The steps of a design by the names that a race diagram has for them.
 *
 * @module
 */
import type { Actor, Design } from "../../../model/design.ts";

/** What one actor may do. */
export interface ActorProgram {
  readonly actor: string;
  /** True for what happens to the world by itself: power failures, evictions. */
  readonly environment: boolean;
  readonly steps: readonly ProgramStep[];
}

/** A step by its name, and what it may come to; a blank result is written without an arrow. */
interface ProgramStep {
  readonly step: string;
  readonly results: readonly string[];
}

/** Every actor's steps in the order of its program, each name once with all its results. */
export function programsOf({ actors }: Design): readonly ActorProgram[] {
  return actors.map((actor) => ({
    actor: actor.name,
    environment: actor.environment,
    steps: stepsOf(actor),
  }));
}

function stepsOf({ program }: Actor): readonly ProgramStep[] {
  const results = new Map<string, Set<string>>();
  for (const { name, branches } of program) {
    const known = results.get(name) ?? new Set();
    for (const { result } of branches) known.add(result);
    results.set(name, known);
  }
  return [...results].map(([step, known]) => ({ step, results: [...known] }));
}

/** The steps for people: `get_block(0) -> HOLE | MAPPED`, or the name alone where it may go on so. */
export function programText(programs: readonly ActorProgram[]): string {
  return programs.map(({ actor, environment, steps }) =>
    [
      `steps of ${actor}${environment ? " (at any time)" : ""}:`,
      ...steps.map(({ step, results }) => {
        const named = results.filter((result) => result !== "");
        return `  ${named.length === 0 ? step : `${step} -> ${named.join(" | ")}`}`;
      }),
    ].join("\n")
  ).join("\n\n");
}
