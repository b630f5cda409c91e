/**
 * `spec/README.md` lists every chapter; its tables of invariants are generated.
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

Deno.test("every chapter is listed in the order of its number", () => {
  const files = chapters.map(({ file }) => file.replace(/^spec\//, ""));
  const numbered = files.filter((name) => /^\d/.test(name));
  const listed = tableWith("chapter").rows
    .map(({ cells: [cell = ""] }) => /\((.*)\)/.exec(cell)?.[1] ?? "");
  const others = [
    "traces.md",
    "traces-page-cache.md",
    "observations.md",
    "worlds.md",
    "events.md",
    "judging.md",
    "findings.md",
    "kernels.md",
    "commits.md",
  ];
  assertEquals(listed, [...numbered, ...others]);
});
