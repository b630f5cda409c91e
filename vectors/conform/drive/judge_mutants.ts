/**
 * Judges of events with one thing wrong, as drivers.
 *
 * @module
 */
import { bundledSuite } from "../bundled_suite.ts";
import { equivalence } from "../../generate/mutants/equivalent.ts";
import { everyJudgeMutant } from "../../generate/mutants/every_judge_mutant.ts";
import type { JudgeMutant } from "../../generate/mutants/judge_mutant.ts";
import { record } from "../../generate/mutants/kills.ts";

/**
 * The mutants that some vector of the bundled suite kills; of this id only, if one is given. The suite
 * has a vector for each that is not equivalent to the model.
 */
export function judgeMutants(only?: string): readonly JudgeMutant[] {
  const recordings = bundledSuite().vectors.flatMap((vector) =>
    vector.kind === "event" ? [record(vector)] : []
  );
  return everyJudgeMutant(recordings).filter(({ id }) =>
    (only === undefined || id === only) && equivalence(id) === undefined
  );
}
