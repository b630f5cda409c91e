/**
 * What breaks each invariant that a trace can decide: recordings, or tests that make the breach of a good
 * one. `spec/traces-page-cache.md` has the table.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { pageCacheIds } from "../model/check/page_cache/ids.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { unmet } from "../model/line_class.ts";
import type { Table } from "../spec/blocks.ts";
import { readChapters } from "../spec/chapters.ts";
import { root } from "../spec/root.ts";
import { shownClasses } from "../vectors/kernel/line_classes.ts";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";

const chapters = await readChapters();
const read = await readCards(recordedFolder);
assert(typeof read !== "string", String(read));
const cards = new Map(read.map((card) => [card.name, card]));

function tableOf(...header: readonly string[]): Table {
  const found = chapters.filter(({ file }) => file === "spec/traces-page-cache.md")
    .flatMap(({ blocks }) => blocks)
    .find((block): block is Table =>
      block.kind === "table" && header.every((name, at) => block.header[at] === name)
    );
  assert(found !== undefined, header.join());
  return found;
}

const { rows } = tableOf("invariant", "released kernel", "skips a function", "made by machine");
const listed = (cell = ""): readonly string[] =>
  cell === "none" ? [] : cell.replaceAll("`", "").split(", ");

Deno.test("the table of breaches has every invariant that a trace can decide", () => {
  const ofDax = invariants
    .filter(({ about, needs }) => about !== "file" && unmet(needs, shownClasses).length === 0)
    .map(({ id }) => id);
  const ids = rows.map(({ cells: [id = ""] }) => id);
  assertEquals(ids.toSorted(), [...new Set([...pageCacheIds, ...ofDax])].toSorted());
});

Deno.test("a recording breaks what the table says of it, and its kernel is what the column says", () => {
  for (const { cells: [id = "", released, skipping] } of rows) {
    for (const [cell, skips] of [[released, false], [skipping, true]] as const) {
      for (const name of listed(cell)) {
        const card = cards.get(name);
        assertEquals(card?.expect.get(id), "violated", `${id}: ${name}`);
        assertEquals(card?.skips !== undefined, skips, name);
      }
    }
    for (const [cell, skipped] of [[released, false], [skipping, true]] as const) {
      const some = [...cards.values()].some(({ expect, skips }) =>
        expect.get(id) === "violated" && (skips !== undefined) === skipped
      );
      assertEquals(listed(cell).length > 0, some, id);
    }
  }
});

Deno.test("a breach that is made by machine is made by the test that the table names", async () => {
  for (const { cells: [id = "", , , made] } of rows) {
    for (const file of listed(made)) {
      const text = await Deno.readTextFile(new URL(`tests/${file}_test.ts`, root));
      assert(
        new RegExp(`breaks (?:[A-Z]+-\\d and )?${id}\\b|"${id}"|and ${id}"`).test(text),
        `${id}: ${file}`,
      );
    }
  }
});

Deno.test("the functions that cards say are skipped are those of the chapter", () => {
  const { rows: steps } = tableOf("step", "function that is skipped");
  const functions = new Set(steps.map(({ cells: [, name = ""] }) => name.replaceAll("`", "")));
  for (const { skips, name } of cards.values()) {
    if (skips !== undefined) assert(functions.has(skips), `${name}: ${skips}`);
  }
});
