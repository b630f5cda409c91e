/**
 * `spec/README.md` lists every chapter and every invariant.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Table } from "../spec/blocks.ts";
import { readChapters } from "../spec/chapters.ts";

const chapters = await readChapters();
const index = chapters.find(({ file }) => file === "spec/README.md");
assert(index !== undefined);

function tableWith(first: string): Table {
  const found = index?.blocks.find((block): block is Table =>
    block.kind === "table" && block.header[0] === first
  );
  assert(found !== undefined, `no table that begins with ${first}`);
  return found;
}

Deno.test("the index of invariants is what the cards say", () => {
  const expected = chapters.flatMap(({ invariants }) =>
    invariants.map(({ id, sentence, file }) => {
      const name = file.replace(/^spec\//, "");
      return [id, sentence, `[${name.replace(/-.*$/, "")}](${name})`];
    })
  );
  const actual = tableWith("id").rows.map(({ cells }) => cells);
  const rows = expected.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  assertEquals(actual, expected, `the rows of the table should be:\n${rows}\n`);
});

Deno.test("every chapter is listed in the order of its number", () => {
  const files = chapters.map(({ file }) => file.replace(/^spec\//, ""));
  const numbered = files.filter((name) => /^\d/.test(name));
  const listed = tableWith("chapter").rows
    .map(({ cells: [cell = ""] }) => /\((.*)\)/.exec(cell)?.[1] ?? "");
  assertEquals(listed, [...numbered, "traces.md"]);
});
