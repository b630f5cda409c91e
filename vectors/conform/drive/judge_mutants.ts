/**
 * Judges of events with one thing wrong, as drivers.
 *
 * @module
 */
import { bundledSuite } from "../bundled_suite.ts";
import { everyJudgeMutant } from "../../generate/mutants/every_judge_mutant.ts";
import type { JudgeMutant } from "../../generate/mutants/judge_mutant.ts";
import { kills, record } from "../../generate/mutants/kills.ts";

/** The mutants that some vector of the bundled suite kills. */
export function judgeMutants(): readonly JudgeMutant[] {
  const recordings = bundledSuite().vectors.flatMap((vector) =>
    vector.kind === "event" ? [record(vector)] : []
  );
  return everyJudgeMutant(recordings).filter((mutant) =>
    recordings.some((recording) => kills(recording, mutant))
  );
}
