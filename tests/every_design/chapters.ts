/**
 * The designs of the chapters: each is explored once, and everything here is held against that.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { brokenBy } from "../../model/explore.ts";
import { judgeRace, parseRace } from "../../model/race.ts";
import { scan } from "../../spec/blocks.ts";
import { explainMistake } from "../../spec/chapter.ts";
import { readChapters } from "../../spec/chapters.ts";
import { designsOf } from "../../spec/design_entry.ts";
import { designs } from "../../model/designs/catalogue.ts";
import { explorations } from "./explorations.ts";
import { designsTable } from "../../vectors/command/chapters/designs_table.ts";
import { rewrite } from "../../vectors/command/chapters/generated_part.ts";
import { comparePages, pagesOf, readPages } from "../../vectors/command/chapters/pages.ts";
import { writerFor } from "../../vectors/command/chapters/writer.ts";

const all = await readChapters();
const chapters = all.filter(({ file }) => !file.startsWith("spec/races/"));
const written = pagesOf(explorations, chapters);
const pages = all.filter((chapter) => !chapters.includes(chapter));

Deno.test("the generated parts of the chapters are fresh", async () => {
  const runs = JSON.parse(
    await Deno.readTextFile(new URL("../../spec/kernels.json", import.meta.url)),
  );
  const write = writerFor(explorations, chapters, runs);
  for (const { file } of chapters) {
    const text = await Deno.readTextFile(new URL(`../../${file}`, import.meta.url));
    const { stale, mistakes } = rewrite(text, write);
    assertEquals(mistakes.map((each) => explainMistake(file, each)), []);
    const said = stale.map(({ line, name }) => `${file}:${line}: ${name}: run deno task chapters`);
    assertEquals(said, []);
  }
});

Deno.test("the pages beside the chapters are those that the designs have, and fresh", async () => {
  const folder = new URL("../../spec/races/", import.meta.url);
  const changes = comparePages(written, await readPages(folder));
  assertEquals(changes, { stale: [], leftOver: [], foreign: [] }, "run deno task chapters");
});

Deno.test("a page that is missing, changed, of no design or written by hand is told from the others", () => {
  const found = new Map([
    ...[...written].filter(([name]) => name !== "A0.md"),
    ["A1.md", `${written.get("A1.md")}more\n`],
    ["D99.md", written.get("D16.md") ?? ""],
    ["notes.md", "# Notes\n"],
  ]);
  assertEquals(comparePages(written, found), {
    stale: ["A0.md", "A1.md"],
    leftOver: ["D99.md"],
    foreign: ["notes.md"],
  });
});

Deno.test("a chapter's table of designs counts each design of its system once, in rows of 120 columns", () => {
  const systems = Map.groupBy(explorations, ({ design }) => design.system);
  for (const [system, own] of systems) {
    const [table] = scan(designsTable(own)).blocks;
    assert(table?.kind === "table", system);
    const counts = table.rows.map(({ cells: [, , said = ""] }) =>
      Number(/ of (\d+)$/.exec(said)?.[1] ?? 1)
    );
    assertEquals(counts.reduce((sum, each) => sum + each, 0), own.length, system);
    assert(table.source.split("\n").every((row) => row.length <= 120), system);
  }
});

Deno.test("every design stands on one page, with its verdict", () => {
  const entries = pages.flatMap(designsOf);
  assertEquals(
    entries.map(({ id }) => id).toSorted(),
    designs.map(({ id }) => id).toSorted(),
  );
});

Deno.test("every design that breaks something is shown with a race", () => {
  const entries = pages.flatMap(designsOf);
  for (const exploration of explorations) {
    const { design: { id } } = exploration;
    const races = entries.find((entry) => entry.id === id)?.races ?? [];
    const shown = new Set(races.flatMap(({ breaks }) => breaks.split(" ")));
    assertEquals(shown, new Set(brokenBy(exploration)), id);
  }
});

Deno.test("a design breaks what its source claims, and nothing else", () => {
  for (const exploration of explorations) {
    const { design: { id, breaks }, complete } = exploration;
    assert(complete, id);
    assertEquals([...brokenBy(exploration)].sort(), [...breaks].sort(), id);
  }
});

// The races of the pages are judged as they are printed.
Deno.test("every race of a chapter is judged to break what its fence says", () => {
  let races = 0;
  for (const { file, blocks } of chapters) {
    for (const block of blocks) {
      if (block.kind !== "fence" || block.language !== "race") continue;
      const where = `${file}:${block.line}`;
      assertEquals(verdictOf(block.body, where), block.info, where);
      races++;
    }
  }
  assert(races > 0);
});

/**
 * The ids that the lines of a race break in their order, `afterwards` those that break when its calls
 * come to their end, or the kind of its verdict if nothing breaks.
 */
function verdictOf(text: string, where: string): string {
  const parsed = parseRace(text);
  assert(parsed.kind === "race", where);
  const exploration = explorations.find(({ design }) => design.id === parsed.race.design);
  assert(exploration !== undefined, `${where}: a first line "design: ID"`);
  const verdict = judgeRace(parsed.race, exploration.design);
  if (verdict.kind !== "breach") return verdict.kind;
  const broken = verdict.breaches.filter(({ afterwards }) => !afterwards);
  if (broken.length > 0) return broken.map(({ id }) => id).join(" ");
  return ["afterwards", ...verdict.breaches.map(({ id }) => id)].join(" ");
}
