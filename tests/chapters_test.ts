import { assert, assertEquals } from "@std/assert";
import { explainMistake } from "../spec/chapter.ts";
import { readChapters } from "../spec/chapters.ts";

Deno.test("the chapters of a directory are its Markdown files, in the order of their names", async () => {
  const root = new URL("../", import.meta.url);
  const files = (await readChapters(root, "./")).map(({ file }) => file);
  assert(files.includes("./CONTRIBUTING.md"));
  assert(files.every((file) => /^\.\/[^/]+\.md$/.test(file)));
  assertEquals(files, files.toSorted());
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
