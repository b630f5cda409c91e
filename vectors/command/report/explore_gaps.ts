/**
 * What no design at all shows: verdicts are worth little where nothing could have gone wrong.
 *
 * @module
 */
import type { Exploration } from "../../../model/explore.ts";
import type { Invariant } from "../../../model/invariant.ts";
import type { Move } from "../../../model/run.ts";

/** Ids that no exploration broke or could have broken. */
export function neverExercised(
  explorations: readonly Exploration[],
  invariants: readonly Invariant[],
): readonly string[] {
  return invariants.map(({ id }) => id).filter((id) =>
    !explorations.some(({ findings }) =>
      findings.some((each) =>
        each.id === id && (each.verdict === "violated" || each.verdict === "holds")
      )
    )
  );
}

/**
 * Ways of going that no run of any design takes, as `step -> result`. Steps are the same if they
 * differ only in page, mapping or task.
 */
export function neverTaken(explorations: readonly Exploration[]): readonly string[] {
  const taken = new Set<string>();
  const untaken = new Set<string>();
  for (const exploration of explorations) {
    const gaps = new Set(exploration.untaken.map(({ branch }) => branch));
    for (const actor of exploration.design.actors) {
      for (const step of actor.program) {
        for (const branch of step.branches) {
          (gaps.has(branch) ? untaken : taken).add(wayOf({ actor, step, branch }));
        }
      }
    }
  }
  return [...untaken].filter((way) => !taken.has(way)).sort();
}

function wayOf({ step, branch }: Move): string {
  const way = branch.result === "" ? step.name : `${step.name} -> ${branch.result}`;
  return way.replace(/\d+(?:, \d+)*/g, "N");
}
