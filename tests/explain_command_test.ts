/**
 * `pagespec explain` as its users meet it, with all that stands behind an id.
 */
import { Ajv2020 } from "ajv/dist/2020.js";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { designs } from "../model/designs/catalogue.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { readChapters } from "../spec/chapters.ts";
import { explain } from "../spec/explanation.ts";
import { bundledSuite } from "../vectors/conform/bundled_suite.ts";
import { programsOf, programText } from "../vectors/command/report/design_program.ts";
import {
  evidenceFields,
  evidenceFor,
  evidenceOfCommit,
  evidenceOfDesign,
} from "../vectors/command/report/evidence.ts";
import { explanationJson } from "../vectors/command/explain.ts";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";

const chapters = await readChapters();
const suite = bundledSuite();
const cards = await readCards(recordedFolder);
assert(typeof cards !== "string");
const schema = new URL("../vectors/schema/explain.schema.json", import.meta.url);
const validate = new Ajv2020({ strict: true }).compile(JSON.parse(await Deno.readTextFile(schema)));

function evidence(id: string) {
  assert(typeof cards !== "string");
  return designs.some((design) => design.id === id)
    ? evidenceOfDesign(id, suite.vectors)
    : evidenceFor(id, suite.vectors, cards);
}

Deno.test("every invariant and every design can be explained, in text and under the schema", () => {
  for (const { id } of [...invariants, ...designs]) {
    const explanation = explain(id, chapters);
    assert(explanation.kind !== "unknown", id);
    const { says, fields } = explanation;
    assert(says !== "" && fields.some(([name]) => name === "chapter" || name === "page"), id);
    const programs = designs.filter((design) => design.id === id).flatMap(programsOf);
    assertEquals(programs.length > 0, explanation.kind === "design", id);
    const report = explanationJson(explanation, evidence(id), programs);
    const document = JSON.parse(JSON.stringify(report));
    assert(validate(document), `${id}: ${JSON.stringify(validate.errors)}`);
  }
});

Deno.test("a commit is explained by the designs that come from it, with their races", () => {
  for (const { id, source, breaks } of designs) {
    for (const [commit] of source.matchAll(/\b(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{12}\b/g)) {
      const explanation = explain(commit, chapters);
      assert(explanation.kind === "commit", `${id} comes from ${commit}`);
      assert(explanation.fields.some(([name]) => name === `design ${id}`), `${commit}: ${id}`);
      assert(breaks.length === 0 || explanation.races.some(({ design }) => design === id), id);
      const document = explanationJson(explanation, evidenceOfCommit(commit, suite.vectors), []);
      assert(validate(JSON.parse(JSON.stringify(document))), JSON.stringify(validate.errors));
    }
  }
});

Deno.test("an invariant is explained with a race of a design that breaks it", () => {
  for (const { id } of invariants) {
    const explanation = explain(id, chapters);
    const broken = designs.some(({ breaks }) => breaks.includes(id));
    assert(explanation.kind === "invariant", id);
    assertEquals(explanation.races.length, broken ? 1 : 0, id);
    for (const { breaks } of explanation.races) assert(breaks.includes(id), id);
  }
});

Deno.test("an invariant is explained with the vectors that break it and the recordings that judge it", () => {
  const { vectors, recordings } = evidence("DAX-CLEAN-2");
  assert(vectors.some((handle) => handle.startsWith("DAX-CLEAN-2/")));
  assertEquals(recordings.find(({ name }) => name === "5.10-mkclean-ext4")?.verdict, "violated");
  assertEquals(recordings.find(({ name }) => name === "6.12-mkclean-ext4")?.verdict, "holds");
  assert(evidence("D2").vectors.length > 0);
});

Deno.test("of many vectors the first are named and the rest are counted", () => {
  const vectors = ["a", "b", "c", "d", "e", "f"].map((name) => `DUR-1/${name}`);
  assertEquals(evidenceFields({ vectors, recordings: [] })[0], [
    "vectors",
    ["DUR-1/a", "DUR-1/b", "DUR-1/c", "DUR-1/d", "2 more"],
  ]);
});

Deno.test("explain asks for no more than the folders that deno.json allows it", async () => {
  const command = new Deno.Command("deno", {
    args: ["task", "--quiet", "explain", "--format", "json", "dax-wait-1"],
    cwd: new URL("../", import.meta.url),
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  assertEquals([code, text.decode(stderr)], [0, ""]);
  assertMatch(text.decode(stdout), /"id": "DAX-WAIT-1"/);
});

Deno.test("a design is explained with the steps that a diagram of it may have", () => {
  const design = designs.find(({ id }) => id === "A0");
  assert(design !== undefined);
  const [load] = programText(programsOf(design)).split("\n\n");
  assertEquals(
    load,
    `steps of P1 load:
  find_get_page(0) -> page | none
  get_block(0) -> HOLE | MAPPED
  dax_load_hole(0) -> page | page found | new page
  do_set_pte(0) -> already mapped
  unmap_mapping_pages(0) in mapping 0
  unmap_mapping_pages(0) in mapping 1
  dax_insert_mapping(0)`,
  );
});
