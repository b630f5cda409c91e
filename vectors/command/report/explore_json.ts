/**
 * The report of `pagespec explore` as one JSON document, `schema/explore.schema.json`.
 *
 * @module
 */
import type { Finding } from "../../../model/explore.ts";
import type { Path } from "../../../model/run.ts";
import { runOf } from "../../../model/race.ts";
import type { Timed } from "./explore_table.ts";

/** Version of the document's shape: a new one where a reader of the old would go wrong. */
const exploreReportVersion = 1;

/** The document, as a value ready for `JSON.stringify`. */
export function exploreJson(results: readonly Timed[]): Readonly<Record<string, unknown>> {
  return { version: exploreReportVersion, designs: results.map(designJson) };
}

function designJson({ exploration, seconds }: Timed): Readonly<Record<string, unknown>> {
  const { design, findings, states, transitions, depth, stuck, endless, complete } = exploration;
  return {
    design: design.id,
    system: design.system,
    title: design.title,
    source: design.source,
    bounds: design.bounds,
    states,
    transitions,
    depth,
    seconds,
    complete,
    claims: design.breaks,
    invariants: findings.map(findingJson),
    deadlock: stuck !== undefined,
    endless: endless !== undefined,
    untaken: exploration.untaken.map(({ actor, step, branch }) => ({
      actor: actor.name,
      step: step.name,
      result: branch.result,
    })),
  };
}

function findingJson(finding: Finding): Readonly<Record<string, unknown>> {
  const { id, verdict } = finding;
  if (finding.verdict === "violated") {
    return { id, verdict, steps: finding.path.length, race: raceJson(finding.path) };
  }
  return "why" in finding ? { id, verdict, why: finding.why } : { id, verdict };
}

function raceJson(path: Path): readonly unknown[] {
  return runOf(path).map(({ actor, step, result }) => ({ actor, step, result }));
}
