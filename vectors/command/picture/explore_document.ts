/**
 * The documents that the page of `explore` and of `race` draws: findings, and runs as numbers. The page
 * has the designs themselves.
 *
 * @module
 */
import deno from "../../../deno.json" with { type: "json" };
import type { Design } from "../../../model/design.ts";
import { designs } from "../../../model/designs/catalogue.ts";
import type { Exploration, Finding } from "../../../model/explore.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import { match } from "../../../model/match.ts";
import { choicesOf, pathOfRun } from "../../../model/race/choices.ts";
import type { RaceVerdict } from "../../../model/race.ts";
import type { DesignFinding, ExploredDesign, ExploreDocument } from "../../page/document.ts";
import { breachSays } from "../report/breach_diagram.ts";
import { invariantTexts } from "./invariant_text.ts";

/** The document for explored designs; those that break nothing are in it, to be walked through. */
export function exploreDocument(explorations: readonly Exploration[]): ExploreDocument {
  const explored = explorations.map(exploredDesign);
  const breaking = explored.filter(({ findings }) => findings.some(isDrawn));
  const [first = explored[0]] = breaking;
  const title = explored.length === 1
    ? breaking.length === 0 ? "Nothing is broken" : "Broken: the shortest race of each breach"
    : `${explored.length} designs; ${breaking.length} of them ${
      breaking.length === 1 ? "breaks" : "break"
    } something`;
  return documentOf(title, explored, {
    design: first?.id ?? "",
    choices: first?.findings.find(isDrawn)?.choices ?? [],
  });
}

/** The document for a diagram that was read as a run; undefined if it is no run of the design. */
export function raceDocument(
  design: Design,
  verdict: RaceVerdict,
): ExploreDocument | undefined {
  if (verdict.kind !== "breach" && verdict.kind !== "no_breach") return undefined;
  const path = pathOfRun(design, verdict.run);
  if (path === undefined) return undefined;
  const choices = choicesOf(design, path);
  const breaches = verdict.kind === "breach" ? verdict.breaches : [];
  const findings = breaches.map(({ id }): DesignFinding => ({
    id,
    verdict: "violated",
    says: sayBreach(id),
    choices,
  }));
  const { id, title, source } = design;
  const explored = {
    id,
    title,
    source,
    facts: verdict.notes.map(({ at, says }) => `line ${at.line}: ${says}`).join("; "),
    findings,
  };
  const broken = breaches.map(({ id }) => id).join(", ");
  const head = broken === "" ? "No breach" : `Broken: ${broken}`;
  return documentOf(head, [explored], { design: id, choices });
}

/** The document for races of the chapters, by the designs that run them. */
export function racesDocument(
  made: string,
  races: readonly {
    readonly design: string;
    readonly breaks: readonly string[];
    readonly choices: readonly number[];
  }[],
): ExploreDocument {
  const byDesign = Map.groupBy(races, ({ design }) => design);
  const explored = designs.flatMap(({ id, title, source }): readonly ExploredDesign[] => {
    const own = byDesign.get(id);
    if (own === undefined) return [];
    const findings = own.flatMap(({ breaks, choices }) =>
      breaks.map((id): DesignFinding => ({ id, verdict: "violated", says: sayBreach(id), choices }))
    );
    const first = findings.filter(({ id }, at) =>
      findings.findIndex((each) => each.id === id) === at
    );
    return [{ id, title, source, facts: "", findings: first }];
  });
  const [race] = races;
  const first = { design: race?.design ?? "", choices: race?.choices ?? [] };
  return { ...documentOf("The races of the chapters", explored, first), made };
}

function documentOf(
  title: string,
  designs: readonly ExploredDesign[],
  first: ExploreDocument["first"],
): ExploreDocument {
  const named = designs.flatMap(({ findings }) =>
    findings.flatMap(({ id, verdict }) => verdict === "violated" ? [id] : [])
  );
  const made = `pagespec ${deno.version}`;
  return { made, title, designs, invariants: invariantTexts(named), first };
}

function isDrawn({ choices }: DesignFinding): boolean {
  return choices !== undefined;
}

function exploredDesign({ design, findings, states, transitions }: Exploration): ExploredDesign {
  const { id, title, source } = design;
  return {
    id,
    title,
    source,
    facts: `${states} states, ${transitions} transitions`,
    findings: findings.filter(({ verdict }) => verdict !== "unexercised")
      .map((finding) => designFinding(design, finding)),
  };
}

function designFinding(design: Design, finding: Finding): DesignFinding {
  const { id, verdict } = finding;
  return match(finding)
    .with({ verdict: "violated" }, ({ path }) => ({
      id,
      verdict,
      says: sayBreach(id),
      choices: choicesOf(design, path),
    }))
    .with({ verdict: "undecided" }, { verdict: "exempt" }, ({ why }) => ({
      id,
      verdict,
      says: why,
    }))
    .with({ verdict: "holds" }, { verdict: "unexercised" }, () => ({ id, verdict, says: "" }))
    .exhaustive();
}

function sayBreach(id: string): string {
  const invariant = invariants.find((each) => each.id === id);
  return invariant === undefined ? "" : breachSays(invariant);
}
