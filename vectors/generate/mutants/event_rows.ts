/**
 * The rows of the kill matrix that event vectors fill: judges with one thing wrong, designs that
 * somebody proposed or merged and that are wrong, and sound designs that lack one thing.
 *
 * @module
 */
import type { Design } from "../../../model/design.ts";
import type { EventVector } from "../../format/event_vector.ts";
import type { MutantRow } from "../kill_matrix.ts";
import type { DesignMutant } from "./design_mutants.ts";
import { equivalence } from "./equivalent.ts";
import { everyJudgeMutant } from "./every_judge_mutant.ts";
import { kills, recordAll } from "./kills.ts";
import { produces } from "./produces.ts";

/** Each mutant of the judge, with the vectors to which it gives another verdict than the model. */
export function judgeRows(vectors: readonly EventVector[]): readonly MutantRow[] {
  const recordings = recordAll(vectors);
  return everyJudgeMutant(recordings).map((mutant) => {
    const { id, changes } = mutant;
    const killedBy = vectors.filter((_, at) => {
      const recording = recordings[at];
      return recording !== undefined && kills(recording, mutant);
    }).map(({ id }) => id);
    return rowOf(id, "judge", changes, killedBy);
  });
}

/**
 * Each broken design, and each sound one that lacks one thing, as a simulator: with the rejected
 * vectors that it produces.
 */
export function designRows(
  designs: readonly Design[],
  mutants: readonly DesignMutant[],
  vectors: readonly EventVector[],
): readonly MutantRow[] {
  const rejected = vectors.filter(({ verdict }) => verdict.kind === "rejected");
  const row = (id: string, changes: string, design: Design): MutantRow => {
    const killedBy = rejected.filter((vector) => produces(design, vector)).map(({ id }) => id);
    return rowOf(id, "design", changes, killedBy);
  };
  return [
    ...designs.filter(({ breaks }) => breaks.length > 0)
      .map((design) => row(`design/${design.id}`, design.title, design)),
    ...mutants.map(({ id, changes, design }) => row(id, changes, design)),
  ];
}

function rowOf(
  id: string,
  of: MutantRow["of"],
  changes: string,
  killedBy: readonly string[],
): MutantRow {
  const equivalent = killedBy.length === 0 ? equivalence(id) : undefined;
  return { id, of, changes, killedBy, equivalent };
}
