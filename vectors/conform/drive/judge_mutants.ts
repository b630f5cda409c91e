/**
 * Judges of events with one thing wrong, as drivers.
 *
 * @module
 */
import { bundledSuite } from "../bundled_suite.ts";
import type { EventVector } from "../../format/event_vector.ts";
import { equivalence } from "../../generate/mutants/equivalent.ts";
import { everyJudgeMutant } from "../../generate/mutants/every_judge_mutant.ts";
import type { JudgeMutant } from "../../generate/mutants/judge_mutant.ts";
import { recordAll } from "../../generate/mutants/kills.ts";

/**
 * The mutants that some vector of the bundled suite kills; of this id only, if one is given. The suite
 * has a vector for each that is not equivalent to the model.
 */
export function judgeMutants(only?: string): readonly JudgeMutant[] {
  const events = bundledSuite().vectors.filter((vector): vector is EventVector =>
    vector.kind === "event"
  );
  return everyJudgeMutant(recordAll(events)).filter(({ id }) =>
    (only === undefined || id === only) && equivalence(id) === undefined
  );
}
