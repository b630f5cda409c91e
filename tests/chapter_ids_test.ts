/**
 * Chapters and code carry the same ids.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { invariants } from "../model/invariants/catalogue.ts";
import { readChapters } from "../spec/chapters.ts";
import { daxRows } from "../vectors/kernel/rows.ts";

const root = new URL("../", import.meta.url);
const chapters = await readChapters();
const stated = chapters.flatMap((chapter) => chapter.invariants);
const judges = new URL("model/invariants/", root);

/** A family of judges: its file, the chapter that its first comment names, and its ids. */
interface Family {
  readonly file: string;
  readonly chapter: string;
  readonly ids: readonly string[];
}

const families: readonly Family[] = (await Array.fromAsync(Deno.readDir(judges), async (entry) => {
  const text = await Deno.readTextFile(new URL(entry.name, judges));
  const ids = [...text.matchAll(/\bid: "([^"]+)"/g)].map(([, id = ""]) => id);
  const [, chapter = ""] = /\((spec\/\S+?\.md)\)/.exec(text.replaceAll("\n * ", " ")) ?? [];
  return { file: entry.name, chapter, ids };
})).filter(({ ids }) => ids.length > 0);

Deno.test("every invariant that a chapter states has a judge in the catalogue", () => {
  const known = new Set(invariants.map(({ id }) => id));
  const without = stated.filter(({ id }) => !known.has(id));
  assertEquals(without.map(({ id, file, line }) => `${file}:${line}: ${id}`), []);
});

Deno.test("every judge is in the catalogue once, and its file names its chapter", () => {
  const declared = families.flatMap(({ ids }) => ids);
  assertEquals(declared.toSorted(), invariants.map(({ id }) => id).toSorted());
  const unnamed = families.filter(({ chapter }) => chapter === "");
  assertEquals(unnamed.map(({ file }) => file), []);
});

for (const { file, chapter, ids } of families) {
  Deno.test(`${chapter} states what model/invariants/${file} judges`, () => {
    const there = chapters.find((each) => each.file === chapter);
    const here = new Set(there?.invariants.map(({ id }) => id));
    assertEquals(ids.filter((id) => !here.has(id)), []);
  });
}

Deno.test("the checker has no rule of its own: it names no invariant, and no event of a kernel", async () => {
  const events = daxRows.map(({ source }) => source.replace(/\(.*/, ""));
  const folders = ["model/check/", "vectors/kernel/", "vectors/kernel/translate/"];
  for (const folder of folders) {
    for await (const { name, isFile } of Deno.readDir(new URL(folder, root))) {
      if (!isFile) continue;
      const text = await Deno.readTextFile(new URL(folder + name, root));
      for (const { id } of invariants) assert(!text.includes(`"${id}`), `${folder}${name}: ${id}`);
      if (folder !== "model/check/") continue;
      for (const event of events) assert(!text.includes(event), `${folder}${name} names ${event}`);
    }
  }
});

Deno.test("what a breach implies is judged too, and implies nothing that leads back", () => {
  const implied = new Map(invariants.map(({ id, implies }) => [id, implies]));
  for (const { id } of invariants) {
    const seen = new Set<string>();
    const open = [...implied.get(id) ?? []];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      assert(implied.has(next), `${id} implies ${next}`);
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...implied.get(next) ?? []);
    }
    assert(!seen.has(id), `${id} implies itself`);
  }
});
