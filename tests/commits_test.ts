/**
 * `spec/commits.md`: every commit that the chapters cite, and where it was looked up.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Table } from "../spec/blocks.ts";
import { readChapters } from "../spec/chapters.ts";

/** An id as the chapters write it: twelve hexadecimal digits, letters and numerals among them. */
const commitId = /\b(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{12}\b/g;

const chapters = await readChapters();
const page = chapters.find(({ file }) => file === "spec/commits.md");
assert(page !== undefined);

function tableWith(first: string): readonly (readonly string[])[] {
  const found = page?.blocks.find((block): block is Table =>
    block.kind === "table" && block.header[0] === first
  );
  assert(found !== undefined, `no table that begins with ${first}`);
  return found.rows.map(({ cells }) => cells);
}

const commits = tableWith("id");

Deno.test("every commit that a chapter cites is in the list, and the list has no other", async () => {
  const cited = new Set<string>();
  for (const { file } of chapters) {
    if (file === page.file) continue;
    const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    for (const [id] of text.matchAll(commitId)) cited.add(id);
  }
  assertEquals(commits.map(([id = ""]) => id).toSorted(), [...cited].toSorted());
});

Deno.test("every commit of the list has a subject, a release and a place where it was seen", () => {
  const places = new Set(tableWith("where").map(([place = ""]) => place));
  for (const [id, subject = "", release = "", where = ""] of commits) {
    assert(subject !== "" && release !== "", `${id} says nothing`);
    assert(places.has(where), `${id} was seen in ${where}, which the page does not explain`);
  }
});
