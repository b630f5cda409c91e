/**
 * The page of a family of designs: for each what it does, how it was searched, what it breaks and
 * keeps, and its shortest races. `explain` reads the pages back (`spec/design_entry.ts`).
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import { type Design, systemOf } from "../../../model/design.ts";
import type { Exploration, Finding } from "../../../model/explore.ts";
import type { Bounds } from "../../../model/state.ts";
import { counted } from "../../format/counted.ts";
import { list, wrap } from "./markdown.ts";
import { raceText } from "./race_text.ts";
import { shortestRaces } from "./shortest_races.ts";

/** The file of a system's chapter. */
const chapterOf: Readonly<Record<Exclude<Design["system"], "own">, string>> = {
  A: "1-dax-faults.md",
  B: "2-durability.md",
  C: "3-direct-io.md",
  D: "4-mkclean.md",
  E: "5-pins.md",
  F: "6-truncate.md",
};

/** The page without the note at its top. */
export function designPage(family: string, explorations: readonly Exploration[]): string {
  const chapters = [...new Set(explorations.map(({ design }) => chapterOf[systemOf(design)]))]
    .map((file) => `[chapter ${file.charAt(0)}](../${file}#designs)`);
  return [
    `# ${family}`,
    wrap(`Designs of ${chapters.join(" and ")}. DUR-1 (9): its shortest race has nine steps.`),
    ...explorations.map(section),
  ].join("\n\n");
}

function section(exploration: Exploration): string {
  const { design, findings } = exploration;
  const fields = list([
    `from: ${design.source}`,
    `actors: ${design.actors.map(({ name }) => name).join(", ")}`,
    `bounds: ${boundsText(design.bounds)}`,
    `searched: ${searchText(exploration)}`,
    `breaks: ${findings.map(broken).filter((said) => said !== undefined).join(", ") || "none"}`,
    `keeps: ${families(findings.filter(({ verdict }) => verdict === "holds"))}`,
  ]);
  return [
    `## ${design.id}`,
    wrap(design.title),
    fields,
    ...shortestRaces(exploration).map(raceText),
  ]
    .join("\n\n");
}

function boundsText({ pages, pmdPages, mappings }: Bounds): string {
  const pmd = pmdPages > 1 ? `, ${pmdPages} a PMD` : "";
  const vmas = mappings > 0 ? `, ${counted(mappings, "mapping")}` : "";
  return `${counted(pages, "page")}${pmd}${vmas}`;
}

function searchText({ states, transitions, depth, endless, complete }: Exploration): string {
  const ends = endless === undefined ? "every run ends" : "not every run ends";
  const size = `${counted(states, "state")}, ${counted(transitions, "transition")}, depth ${depth}`;
  return complete ? `${size}; ${ends}` : `${size}; not complete`;
}

function broken(finding: Finding): string | undefined {
  return match(finding)
    .with({ verdict: "violated" }, ({ id, path }) => `${id} (${path.length})`)
    .with({ verdict: "undecided" }, ({ id }) => `${id}?`)
    .with({ verdict: "holds" }, { verdict: "unexercised" }, { verdict: "exempt" }, () => undefined)
    .exhaustive();
}

/** `DAX-HOLE-1, -4, LOCK-1`: the family is said once. */
function families(findings: readonly Finding[]): string {
  const familyOf = (id: string | undefined): string => id?.replace(/\d+$/, "") ?? "";
  return findings.map(({ id }, at) =>
    familyOf(id) === familyOf(findings[at - 1]?.id) ? id.slice(familyOf(id).length - 1) : id
  ).join(", ") || "none";
}
