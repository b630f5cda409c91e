/**
 * `spec/README.md` says of every claim of the five threads what holds it: that is there.
 */
import { assert, assertEquals } from "@std/assert";
import { designs } from "../model/designs/catalogue.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import type { Table } from "../spec/blocks.ts";
import { readChapters } from "../spec/chapters.ts";
import { bundledSuite } from "../vectors/conform/bundled_suite.ts";

const chapters = await readChapters();
const table = chapters.find(({ file }) => file === "spec/README.md")?.blocks
  .find((block): block is Table => block.kind === "table" && block.header[0] === "seed");
assert(table !== undefined);
const claims = table.rows.map(({ cells: [seed = "", claim = "", held = ""] }) => ({
  seed,
  claim,
  held: held.split(", "),
}));
const holders = new Set([
  ...designs.map(({ id }) => id),
  ...invariants.map(({ id }) => id),
  ...bundledSuite().vectors.map(({ handle }) => handle),
]);

Deno.test("what holds a claim of a thread is a design, an invariant or a vector", () => {
  for (const { claim, held } of claims) {
    assert(held.length > 0);
    for (const each of held) assert(holders.has(each), `${claim}: ${each}`);
  }
});

Deno.test("every thread has claims, each once", () => {
  assertEquals([...new Set(claims.map(({ seed }) => seed))], ["000", "001", "002", "003", "004"]);
  assertEquals(new Set(claims.map(({ claim }) => claim)).size, claims.length);
});

Deno.test("a design that names a thread is in the table, or of the family of one that is", () => {
  const families = new Set(claims.flatMap(({ held }) => held.map(familyOf)));
  for (const { id, source } of designs) {
    if (/seed 00\d/.test(source)) assert(families.has(familyOf(id)), id);
  }
});

/** `D16` of `D16-grow`. */
function familyOf(id: string): string {
  return id.split("-")[0] ?? id;
}
