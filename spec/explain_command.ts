/**
 * `pagespec explain ID`: one invariant, as its chapter states it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { KINDS } from "./card.ts";
import { type Chapter, explainMistake, type Invariant } from "./chapter.ts";
import { readChapters } from "./chapters.ts";
import { nearest } from "./nearest.ts";

/** The text to print, or one line that says why there is none. */
export type Explanation =
  | { readonly kind: "explained"; readonly text: string }
  | { readonly kind: "unknown"; readonly line: string };

/** Explains the invariant with this id (in any case) from the chapters. */
export function explain(id: string, chapters: readonly Chapter[]): Explanation {
  const invariants = chapters.flatMap((chapter) => chapter.invariants);
  const found = invariants.find((invariant) => invariant.id === id.toUpperCase());
  if (found !== undefined) return { kind: "explained", text: describe(found) };
  for (const { file, mistakes: [mistake] } of chapters) {
    if (mistake !== undefined) return { kind: "unknown", line: explainMistake(file, mistake) };
  }
  const near = nearest(id, invariants.map((invariant) => invariant.id));
  const hint = near.length === 0 ? "" : `; did you mean ${near.join(", ")}?`;
  return { kind: "unknown", line: `expected the id of an invariant, not "${id}"${hint}` };
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
  const width = Math.max(...fields.map(([name]) => name.length)) + 2;
  const lines = fields.flatMap(([name, values]) =>
    values.flatMap((value) => value.split("\n"))
      .map((line, at) => `  ${(at === 0 ? name : "").padEnd(width)}${line}`)
  );
  const prose = invariant.prose === "" ? [] : ["", invariant.prose];
  return [`${id}  ${sentence}`, "", ...lines, ...prose].join("\n");
}

/** Runs the verb; returns its exit status: 0, or 2 when there is no such invariant. */
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
