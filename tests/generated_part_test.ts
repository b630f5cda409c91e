import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { rewrite, type Writer } from "../vectors/command/chapters/generated_part.ts";
import { list, table, wrap } from "../vectors/command/chapters/markdown.ts";
import { scan } from "../spec/blocks.ts";

const line = fc.stringMatching(/^[a-z0-9 .]{0,12}$/).map((text) => text.trimEnd());
const prose = fc.array(line, { maxLength: 4 });
const part = fc.record({ name: fc.constantFrom("one", "two"), body: prose });

/** A text with parts between its prose, and the prose alone. */
const texts = fc.array(fc.tuple(prose, part), { maxLength: 4 }).map((pieces) => ({
  text: pieces.flatMap(([before, { name, body }]) => [
    ...before,
    `<!-- generated: ${name} -->`,
    ...body,
    "<!-- end -->",
  ]).join("\n"),
  byHand: pieces.map(([before]) => before),
}));

const upper: Writer = (name) => ({ kind: "body", body: `${name.toUpperCase()}\n\nmore` });

/** What stands outside the parts. */
function byHand(text: string): readonly (readonly string[])[] {
  const found: string[][] = [[]];
  let inside = false;
  for (const each of text.split("\n")) {
    if (each.startsWith("<!-- generated")) inside = true;
    else if (each === "<!-- end -->") {
      inside = false;
      found.push([]);
    } else if (!inside) found.at(-1)?.push(each);
  }
  return found.slice(0, -1);
}

Deno.test("what is written by hand in a chapter stays as it is, and writing twice is writing once", () => {
  fc.assert(fc.property(texts, ({ text, byHand: before }) => {
    const once = rewrite(text, upper);
    assertEquals(once.mistakes, []);
    assertEquals(byHand(once.text), before);
    assertEquals(rewrite(once.text, upper), { text: once.text, stale: [], mistakes: [] });
  }));
});

Deno.test("a part without an end, or of an unknown name, is said with its line and nothing is written", () => {
  const open = "# A\n\n<!-- generated: one -->\n\n<!-- generated: two -->\n\n<!-- end -->";
  assertEquals(rewrite(open, upper), {
    text: open,
    stale: [],
    mistakes: [{ line: 3, expected: "a line <!-- end --> behind this part" }],
  });
  const named = "\n<!-- generated: one -->\n<!-- end -->";
  const refused = rewrite(named, () => ({ kind: "unknown", expected: "a name" }));
  assertEquals(refused, { text: named, stale: [], mistakes: [{ line: 2, expected: "a name" }] });
});

Deno.test("a generated paragraph keeps its words and its lines are at most 100 characters long", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(words, (all) => {
    const text = wrap(all.join(" "));
    assertEquals(text.split(/\s+/), all);
    assert(text.split("\n").every((each) => each.length <= 100));
    assertEquals(
      list([all.join(" ")]).split("\n").slice(1).every((each) => /^ {2}\S/.test(each)),
      true,
    );
  }));
});

Deno.test("a generated table is read back as the cells it was made of", () => {
  const cell = fc.stringMatching(/^[a-z|]([a-z |]{0,8}[a-z|])?$/);
  const rows = fc.integer({ min: 1, max: 4 }).chain((columns) =>
    fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), { minLength: 1 })
  );
  fc.assert(fc.property(rows, ([header = [], ...rest]) => {
    const { blocks, mistakes } = scan(table(header, rest));
    assertEquals(mistakes, []);
    const [read] = blocks;
    assert(read?.kind === "table");
    assertEquals([read.header, ...read.rows.map(({ cells }) => cells)], [header, ...rest]);
  }));
});
