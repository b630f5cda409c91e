/**
 * `pagespec explain ID`: one invariant, design or commit, as its page states it, and what shows it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { designs } from "../../model/designs/catalogue.ts";
import { readChapters } from "../../spec/chapters.ts";
import { explain, type Explanation, explanationText } from "../../spec/explanation.ts";
import { bundledSuite } from "../conform/bundled_suite.ts";
import { select } from "../conform/select.ts";
import { complain, printJson, printText } from "./output.ts";
import { type ActorProgram, programsOf, programText } from "./report/design_program.ts";
import { vectorExplained } from "./report/vector_explained.ts";
import {
  type Evidence,
  evidenceFields,
  evidenceFor,
  evidenceOfCommit,
  evidenceOfDesign,
} from "./report/evidence.ts";
import { readCards, recordedFolder } from "../kernel/recorded_card.ts";

/** Version of the JSON document: a new one where a reader of the old would go wrong. */
const version = 1;

/** Runs the verb; returns its exit status: 0, or 2 when there is no such thing. */
export async function run(args: readonly string[]): Promise<number> {
  const { values: { format }, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { format: { type: "string", default: "text" } },
  });
  if (format !== "text" && format !== "json") {
    return refuse(`expected --format text or json, not "${format}"`);
  }
  const [id, ...rest] = positionals;
  if (id === undefined || rest.length > 0) {
    return refuse(`expected one id, not ${positionals.length}`);
  }
  // No id of an invariant, a design or a commit has a slash.
  if (id.includes("/")) return explainVector(id, format);
  const explanation = explain(id, await readChapters());
  // The id of a vector has 12 digits, as those of commits here have.
  if (explanation.kind === "unknown" && /^[0-9a-f]{12}$/.test(id)) return explainVector(id, format);
  if (explanation.kind === "unknown") return refuse(explanation.line);
  const evidence = await evidenceOf(explanation);
  if (typeof evidence === "string") return refuse(evidence);
  const programs = designs.filter((design) => design.id === explanation.id).flatMap(programsOf);
  if (format === "json") printJson(explanationJson(explanation, evidence, programs));
  else {
    const texts = [explanationText(explanation, evidenceFields(evidence)), programText(programs)];
    printText(texts.filter((text) => text !== "").join("\n\n"));
  }
  return 0;
}

/** Prints a vector, found by its handle or its id. */
function explainVector(name: string, format: "text" | "json"): number {
  const { vectors } = bundledSuite();
  const vector = vectors.find(({ handle, id }) => handle === name || id === name);
  if (vector === undefined) {
    const chosen = select(vectors, [name]);
    if (typeof chosen === "string") return refuse(chosen);
    return refuse(`expected the whole handle of a vector, such as ${chosen[0]?.handle}`);
  }
  if (format === "json") {
    return refuse(
      `expected --format text: the JSON of a vector is in vectors/suite/${vector.system}.json`,
    );
  }
  printText(vectorExplained(vector));
  return 0;
}

async function evidenceOf({ kind, id }: Explanation): Promise<Evidence | string> {
  const { vectors } = bundledSuite();
  if (kind === "design") return evidenceOfDesign(id, vectors);
  if (kind === "commit") return evidenceOfCommit(id, vectors);
  const cards = await readCards(recordedFolder);
  if (typeof cards === "string") return cards;
  return evidenceFor(id, vectors, cards);
}

/** The document, `schema/explain.schema.json`. */
export function explanationJson(
  { kind, id, says, fields, prose, races }: Explanation,
  { vectors, recordings }: Evidence,
  programs: readonly ActorProgram[],
): Readonly<Record<string, unknown>> {
  const named = fields.map(([name, values]) => ({ name, values }));
  return { version, kind, id, says, fields: named, prose, races, vectors, recordings, programs };
}

function refuse(why: string): number {
  complain(`pagespec explain: ${why}`);
  return 2;
}
