/**
 * Judges of events with one thing wrong, as drivers.
 *
 * @module
 */
import { bundledSuite } from "../bundled_suite.ts";
import { everyJudgeMutant } from "../../generate/mutants/every_judge_mutant.ts";
import type { JudgeMutant } from "../../generate/mutants/judge_mutant.ts";
import { kills, record } from "../../generate/mutants/kills.ts";

/** The mutants that some vector of the bundled suite kills; of this id only, if one is given. */
export function judgeMutants(only?: string): readonly JudgeMutant[] {
  const recordings = bundledSuite().vectors.flatMap((vector) =>
    vector.kind === "event" ? [record(vector)] : []
  );
  return everyJudgeMutant(recordings).filter((mutant) =>
    (only === undefined || mutant.id === only) &&
    recordings.some((recording) => kills(recording, mutant))
  );
}
