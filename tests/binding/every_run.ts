/**
 * Runs of every operation vector: those of a sound file system, and for each bug those that end in what
 * a sound one never shows.
 *
 * @module
 */
import { type Bug, bugNames } from "../../model/operation/bugs.ts";
import { explore } from "../../model/operation/explore.ts";
import { layOut, type ScenarioLayout } from "../../model/operation/layout.ts";
import type { Taken } from "../../model/operation/machine.ts";
import { mediaOf } from "../../vectors/format/operation_vector.ts";
import { scenarioOf } from "../../vectors/generate/authored/operations/draft.ts";
import { everyOperationVector } from "../../vectors/generate/authored/operations/every_operation.ts";

/** A shortest run to something that can be observed. */
interface VectorRun {
  /** The vector, the medium and what is observed. */
  readonly name: string;
  readonly layout: ScenarioLayout;
  readonly schedule: readonly Taken[];
  readonly bug: Bug | undefined;
}

/** Every scenario on every medium. */
export const layouts: readonly { readonly name: string; readonly layout: ScenarioLayout }[] =
  everyOperationVector.flatMap((vector) =>
    mediaOf(vector.configuration).map((medium) => ({
      name: `${vector.about}/${vector.name} on ${medium.cache}`,
      layout: layOut(scenarioOf(vector), medium),
    }))
  );

/** All runs, the sound ones of a scenario first. */
export const everyRun: readonly VectorRun[] = layouts.flatMap(({ name, layout }) => {
  const { reached, asked, shownWith } = explore(layout);
  const runs = (to: typeof reached, bug?: Bug): readonly VectorRun[] =>
    [...to].map(([key, { schedule }]) => ({ name: `${name}: ${key}`, layout, schedule, bug }));
  const bugged = bugNames.filter((bug) => asked.has(bug));
  return [...runs(reached), ...bugged.flatMap((bug) => runs(shownWith(bug), bug))];
});
