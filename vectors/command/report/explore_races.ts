/**
 * What `pagespec explore DESIGN` says of one design beside its row: its races, and what nobody did.
 *
 * @module
 */
import type { Exploration } from "../../../model/explore.ts";
import { columnsOf, printRace, runOf } from "../../../model/race.ts";
import type { Path } from "../../../model/run.ts";

/** Title and bounds, the shortest race of each breach, and the branches that no run takes. */
export function exploreRaces({ design, findings, stuck, endless, untaken }: Exploration): string {
  const race = (path: Path): string => {
    const run = runOf(path);
    return printRace(run, columnsOf(design, run));
  };
  const violated = findings.filter((each) => each.verdict === "violated");
  const bounds = Object.entries(design.bounds).map(([name, value]) => `${name} ${value}`);
  return [
    `${design.id}  ${design.title}\n  ${design.source}\n  ${bounds.join(", ")}`,
    ...violated.map(({ id, path }) => `${id}, ${path.length} steps:\n\n${race(path)}`),
    ...(stuck === undefined ? [] : [`somebody waits for ever after:\n\n${race(stuck)}`]),
    ...(endless === undefined ? [] : [
      `this can repeat for ever:\n\n${race(endless.round)}\n\nafter:\n\n${race(endless.path)}`,
    ]),
    ...(untaken.length === 0 ? [] : [`steps with a branch that no run takes:\n${idle(untaken)}`]),
  ].join("\n\n");
}

/** Steps with a branch that no run takes, one line an actor. The JSON says which branches. */
function idle(untaken: Path): string {
  const steps = Map.groupBy(untaken, ({ actor }) => actor.name);
  return [...steps].map(([actor, moves]) => {
    const names = new Set(moves.map(({ step }) => step.name));
    const shown = [...names].slice(0, 3).join(", ");
    return `  ${actor}: ${shown}${names.size > 3 ? `, and ${names.size - 3} more steps` : ""}`;
  }).join("\n");
}
