/**
 * `pagespec explain ID`: one invariant or design, as its chapter states it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { KINDS } from "./card.ts";
import { type Chapter, explainMistake, type Invariant } from "./chapter.ts";
import { readChapters } from "./chapters.ts";
import { type DesignEntry, designsOf } from "./design_entry.ts";
import { nearest } from "./nearest.ts";

/** The text to print, or one line that says why there is none. */
export type Explanation =
  | { readonly kind: "explained"; readonly text: string }
  | { readonly kind: "unknown"; readonly line: string };

/** Explains the invariant or the design with this id (in any case) from the chapters. */
export function explain(id: string, chapters: readonly Chapter[]): Explanation {
  const invariants = chapters.flatMap((chapter) => chapter.invariants);
  const found = invariants.find((invariant) => invariant.id === id.toUpperCase());
  if (found !== undefined) return { kind: "explained", text: describe(found) };
  const designs = chapters.flatMap(designsOf);
  const design = designs.find((each) => each.id.toUpperCase() === id.toUpperCase());
  if (design !== undefined) return { kind: "explained", text: describeDesign(design) };
  for (const { file, mistakes: [mistake] } of chapters) {
    if (mistake !== undefined) return { kind: "unknown", line: explainMistake(file, mistake) };
  }
  const near = nearest(id, [...invariants, ...designs].map((each) => each.id));
  const hint = near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`;
  const what = designs.length === 0 ? "an invariant" : "an invariant or a design";
  return { kind: "unknown", line: `expected the id of ${what}, not "${id}"${hint}` };
}

function describe(invariant: Invariant): string {
  const { id, sentence, kinds, formula, exceptions, sources, needs, projection } = invariant;
  const fields: readonly (readonly [string, readonly string[]])[] = [
    ["kind", [kinds.map((kind) => KINDS[kind]).join(" and ")]],
    ["formula", [formula]],
    ["exceptions", exceptions],
    ["sources", sources],
    ["needs", needs],
    ["projection", projection === undefined ? [] : [projection]],
    ["chapter", [`${invariant.file}:${invariant.line}`]],
  ];
  const prose = invariant.prose === "" ? [] : ["", invariant.prose];
  return [`${id}  ${sentence}`, "", ...layOut(fields), ...prose].join("\n");
}

/** The row of the design, where its races stand, and the races themselves. */
function describeDesign({ id, fields: [title, ...cells], file, line, races }: DesignEntry): string {
  const fields: readonly (readonly [string, readonly string[]])[] = [
    ...cells.map(([head, cell]) => [head, [cell]] as const),
    ["chapter", [`${file}:${line}`]],
    [races.length === 1 ? "race" : "races", races.map((race) => `${file}:${race.line}`)],
  ];
  const texts = races.flatMap(({ breaks, text }) => ["", `breaks ${breaks}`, "", text]);
  return [`${id}  ${title?.[1] ?? ""}`, "", ...layOut(fields), ...texts].join("\n");
}

/** A line for each value, behind the name of its field; no line for a field without a value. */
function layOut(fields: readonly (readonly [string, readonly string[]])[]): readonly string[] {
  const width = Math.max(...fields.map(([name]) => name.length)) + 2;
  return fields.flatMap(([name, values]) =>
    values.flatMap((value) => value.split("\n"))
      .map((line, at) => `  ${(at === 0 ? name : "").padEnd(width)}${line}`)
  );
}

/** Runs the verb; returns its exit status: 0, or 2 when there is no such invariant or design. */
export async function run(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) {
    console.error(`pagespec explain: expected one id, not ${positionals.length}`);
    return 2;
  }
  const explanation = explain(id, await readChapters());
  if (explanation.kind === "unknown") {
    console.error(`pagespec explain: ${explanation.line}`);
    return 2;
  }
  console.log(explanation.text);
  return 0;
}
