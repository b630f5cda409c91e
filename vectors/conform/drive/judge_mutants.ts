/**
 * Judges of events with one thing wrong, as drivers.
 *
 * @module
 */
import { readSuite, suiteFolder } from "../read_suite.ts";
import { everyJudgeMutant } from "../../generate/mutants/every_judge_mutant.ts";
import type { JudgeMutant } from "../../generate/mutants/judge_mutant.ts";
import { kills, record } from "../../generate/mutants/kills.ts";

/** The mutants that some vector of the bundled suite kills. A sentence if it cannot be read. */
export async function readJudgeMutants(): Promise<readonly JudgeMutant[] | string> {
  const suite = await readSuite(suiteFolder);
  if (typeof suite === "string") return suite;
  const recordings = suite.vectors.flatMap((vector) =>
    vector.kind === "event" ? [record(vector)] : []
  );
  return everyJudgeMutant(recordings).filter((mutant) =>
    recordings.some((recording) => kills(recording, mutant))
  );
}
