/**
 * What a chapter says of its designs: a table with their verdicts, and for each broken one a section
 * with its shortest races.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import type { Exploration, Finding } from "../../../model/explore.ts";
import { list, table, wrap } from "./markdown.ts";
import { shortestRaces, type ShownRace } from "./shortest_races.ts";

/** A section for each design that breaks something, in the order of the explorations. */
export function racesSections(explorations: readonly Exploration[]): string {
  return explorations
    .map((exploration) => ({ exploration, races: shortestRaces(exploration) }))
    .filter(({ races }) => races.length > 0)
    .map(({ exploration, races }) => brokenDesign(exploration, races))
    .join("\n\n");
}

/** A row a design. `explain` reads it by the names of its columns. */
export function designsTable(explorations: readonly Exploration[]): string {
  return table(
    ["design", "what it does differently", "from", "actors", "states", "breaks", "keeps"],
    explorations.map(({ design, states, findings }) => [
      design.id,
      design.title,
      design.source,
      design.actors.map(({ name }) => name).join(", "),
      String(states),
      verdicts(findings, broken),
      families(findings.filter(({ verdict }) => verdict === "holds").map(({ id }) => id)),
    ]),
  );
}

function verdicts(
  findings: readonly Finding[],
  say: (finding: Finding) => string | undefined,
): string {
  return findings.map(say).filter((said) => said !== undefined).join(", ") || "none";
}

function broken(finding: Finding): string | undefined {
  return match(finding)
    .with({ verdict: "violated" }, ({ id, path }) => `${id} (${path.length})`)
    .with({ verdict: "undecided" }, ({ id }) => `${id}?`)
    .with({ verdict: "holds" }, { verdict: "unexercised" }, { verdict: "exempt" }, () => undefined)
    .exhaustive();
}

/** `DAX-HOLE-1, -4, LOCK-1`: the family is said once. */
function families(ids: readonly string[]): string {
  const familyOf = (id: string | undefined): string => id?.replace(/\d+$/, "") ?? "";
  return ids.map((id, at) =>
    familyOf(id) === familyOf(ids[at - 1]) ? id.slice(familyOf(id).length - 1) : id
  ).join(", ") || "none";
}

function brokenDesign({ design }: Exploration, races: readonly ShownRace[]): string {
  const title = `### ${design.id} ${design.title}`;
  return [title, ...races.map(raceText)].join("\n\n");
}

/** What the steps break, then the fence; its info string names the same ids for the tests. */
export function raceText({ text, breaches }: ShownRace): string {
  const said = breaches.map(({ id, step, says }) => `step ${step} breaks ${id}: ${says}`);
  const ids = breaches.map(({ id }) => id).join(" ");
  const [only] = said;
  const prose = said.length === 1 && only !== undefined ? sentence(only) : list(said);
  return `${prose}\n\n\`\`\`race ${ids}\n${text}\n\`\`\``;
}

function sentence(text: string): string {
  return wrap(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
}
