/**
 * The invariants and the designs that break them: the narrow tables of `spec/README.md`, and the page
 * that names all designs.
 *
 * @module
 */
import { brokenBy, type Exploration, type Finding } from "../../../model/explore.ts";
import type { Chapter, StatedInvariant } from "../../../spec/chapter.ts";
import { familyOf } from "./family.ts";
import { list, numberOrNone, table, wrap } from "./markdown.ts";

/** For each chapter a link to it and a row an invariant. */
export function invariantsTables(
  chapters: readonly Chapter[],
  explorations: readonly Exploration[],
): string {
  return chapters.filter(({ invariants }) => invariants.length > 0).map((chapter) => {
    const { invariants } = chapter;
    const rows = invariants.map(({ id, sentence }) => [
      id,
      sentence,
      numberOrNone(findingsOf(id, "violated", explorations).length),
    ]);
    return [
      `[${titleOf(chapter)}](${nameOf(chapter)}):`,
      table(["invariant", "says", "broken by"], rows),
    ].join("\n\n");
  }).join("\n\n");
}

/** A section an invariant: which designs break it, keep it, or are not asked. */
export function invariantsPage(
  chapters: readonly Chapter[],
  explorations: readonly Exploration[],
): string {
  const intro = wrap(
    "Which designs break an invariant and which keep it. A design keeps it if it came to where it " +
      "could have broken it, and never did. A0 (9): the shortest race of A0 has nine steps.",
  );
  const sections = chapters.flatMap((chapter) =>
    chapter.invariants.map((invariant) => section(chapter, invariant, explorations))
  );
  return ["# Designs by invariant", intro, ...sections].join("\n\n");
}

function section(
  chapter: Chapter,
  { id, sentence }: StatedInvariant,
  explorations: readonly Exploration[],
): string {
  const broken = findingsOf(id, "violated", explorations).map(({ design, finding }) =>
    `[${design}](${familyOf(design)}.md#${design.toLowerCase()})${lengthOf(finding)}`
  );
  const names = (verdict: Finding["verdict"]): string =>
    findingsOf(id, verdict, explorations).map(({ design }) => design).join(", ");
  const [number = ""] = titleOf(chapter).split(" ");
  const all: readonly (readonly [string, string])[] = [
    ["stated in", `[chapter ${number}](../${nameOf(chapter)})`],
    ["broken by", broken.join(", ") || "none"],
    ["kept by", names("holds") || "none"],
    ["not asked of", names("exempt")],
  ];
  return [
    `## ${id}`,
    wrap(sentence),
    list(all.filter(([, designs]) => designs !== "").map((field) => field.join(": "))),
  ].join("\n\n");
}

function lengthOf(finding: Finding): string {
  return finding.verdict === "violated" ? ` (${finding.path.length})` : "";
}

interface DesignFinding {
  readonly design: string;
  readonly finding: Finding;
}

function findingsOf(
  id: string,
  verdict: Finding["verdict"],
  explorations: readonly Exploration[],
): readonly DesignFinding[] {
  return explorations.flatMap(({ design, findings }) =>
    findings.filter((each) => each.id === id && each.verdict === verdict)
      .map((finding) => ({ design: design.id, finding }))
  );
}

function titleOf({ file, blocks }: Chapter): string {
  return blocks.find((block) => block.kind === "heading")?.text ?? file;
}

function nameOf({ file }: Chapter): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** How much was searched in all, and how many designs break something. */
export function designsTotal(explorations: readonly Exploration[]): string {
  const total = (of: (exploration: Exploration) => number): string =>
    String(explorations.reduce((sum, each) => sum + of(each), 0));
  return table(
    ["designs", "that break something", "states", "transitions"],
    [[
      String(explorations.length),
      total((exploration) => brokenBy(exploration).length > 0 ? 1 : 0),
      total(({ states }) => states),
      total(({ transitions }) => transitions),
    ]],
  );
}
