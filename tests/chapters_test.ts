import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { explainMistake } from "../spec/chapter.ts";
import { readChapters } from "../spec/chapters.ts";
import { statementsById } from "../spec/statements.ts";
import { pathsUnder, read } from "./sources.ts";

Deno.test("the chapters of a directory are its Markdown files, in the order of their names", async () => {
  const root = new URL("../", import.meta.url);
  const files = (await readChapters(root, "./")).map(({ file }) => file);
  assert(files.includes("./CONTRIBUTING.md"));
  assert(files.every((file) => /^\.\/[^/]+\.md$/.test(file)));
  assertEquals(files, files.toSorted());
});

Deno.test("the pages of races/ come after the chapters, D2 before D10", async () => {
  const files = (await readChapters()).map(({ file }) => file);
  const first = files.findIndex((file) => file.startsWith("spec/races/"));
  assert(first > 0);
  assert(files.slice(first).every((file) => file.startsWith("spec/races/")));
  assert(files.indexOf("spec/races/D2.md") < files.indexOf("spec/races/D10.md"));
});

Deno.test("a chapter has 900 lines at most, and none of them is over 120 columns wide", async () => {
  const chapters = (await readChapters()).filter(({ file }) => !file.startsWith("spec/races/"));
  for (const { file, blocks } of chapters) {
    const lines = blocks.flatMap(({ source }) => source.split("\n"));
    assertLessOrEqual(lines.length - 1, 900, file);
    lines.forEach((line, at) => assertLessOrEqual([...line].length, 120, `${file}:${at + 1}`));
  }
});

Deno.test("no line of README or another guide is over 120 columns wide", async () => {
  const guides = (await pathsUnder("", /\.md$/)).filter((path) => !path.startsWith("spec/"));
  assert(guides.includes("README.md") && guides.includes("vectors/README.md"));
  for (const path of guides) {
    const lines = (await read(path)).split("\n");
    lines.forEach((line, at) => assertLessOrEqual([...line].length, 120, `${path}:${at + 1}`));
  }
});

Deno.test("every chapter of the specification reads without a mistake", async () => {
  const said = (await readChapters())
    .flatMap(({ file, mistakes }) => mistakes.map((mistake) => explainMistake(file, mistake)));
  assertEquals(said, []);
});

Deno.test("no id stands in two chapters of the specification", async () => {
  const invariants = (await readChapters()).flatMap((chapter) => chapter.invariants);
  const repeated = invariants.filter(({ id }, at) =>
    invariants.findIndex((first) => first.id === id) !== at
  );
  assertEquals(repeated.map(({ id, file, line }) => `${file}:${line}: ${id}`), []);
});

Deno.test("the invariants that are imported are those that are read", async () => {
  const read = (await readChapters()).flatMap((chapter) => chapter.invariants);
  assertEquals([...statementsById().values()], read);
});
