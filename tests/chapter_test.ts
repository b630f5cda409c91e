import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Kind } from "../spec/card.ts";
import { explainMistake, readChapter } from "../spec/chapter.ts";

const AUTHORED = `# Dirty tracking

Some words first.

### DAX-CLEAN-2 When the dirty tag goes, no mapping of the entry can be stored through.

\`\`\`yaml
kind: A
formula: clear_dirty(i) ⇒ ∀v, shared(v) ∧ maps(v, i) ⇒ ¬writable(v, i)
exceptions: FS_DAX_LIMITED has no PMD entries
sources:
  - fs/dax.c dax_writeback_one()
needs: [mkclean, clear_dirty]
\`\`\`

Each process has its own page table.

\`\`\`text
A | B
\`\`\`

## Races

### DAX-ZERO-1 A block shows no older content.

\`\`\`yaml
kind: D/S
formula: mapped(b) ⇒ zeroed(b)
sources: [843172978bb9 (dax)]
needs: []
projection: the block alone
\`\`\`
`;

/** The mistakes in an invariant whose card has these lines; the first is line 4. */
function mistakesIn(...card: string[]): string[] {
  const text = ["### DUR-1 Synced data survives.", "", "```yaml", ...card, "```"].join("\n");
  return readChapter("x.md", text).mistakes.map((mistake) => explainMistake("x.md", mistake));
}

const words = fc.stringMatching(/^[a-z∀⇒(), ]*[a-z]$/).map((text) => text.trim());
const quoted = (items: readonly string[]): string => JSON.stringify(items);

Deno.test("an invariant is its heading, its card, and the prose up to the next heading", () => {
  const { invariants, mistakes } = readChapter("spec/4.md", AUTHORED);
  assertEquals(mistakes, []);
  assertEquals(invariants, [
    {
      id: "DAX-CLEAN-2",
      sentence: "When the dirty tag goes, no mapping of the entry can be stored through.",
      kinds: ["A"],
      formula: "clear_dirty(i) ⇒ ∀v, shared(v) ∧ maps(v, i) ⇒ ¬writable(v, i)",
      exceptions: ["FS_DAX_LIMITED has no PMD entries"],
      sources: ["fs/dax.c dax_writeback_one()"],
      needs: ["mkclean", "clear_dirty"],
      projection: undefined,
      prose: "Each process has its own page table.\n\n```text\nA | B\n```",
      file: "spec/4.md",
      line: 5,
    },
    {
      id: "DAX-ZERO-1",
      sentence: "A block shows no older content.",
      kinds: ["D", "S"],
      formula: "mapped(b) ⇒ zeroed(b)",
      exceptions: [],
      sources: ["843172978bb9 (dax)"],
      needs: [],
      projection: "the block alone",
      prose: "",
      file: "spec/4.md",
      line: 24,
    },
  ]);
});

Deno.test("the invariant that CONTRIBUTING shows is one that can be read", async () => {
  const file = new URL("../CONTRIBUTING.md", import.meta.url);
  const shown = readChapter("CONTRIBUTING.md", await Deno.readTextFile(file)).blocks
    .flatMap((block) => block.kind === "fence" && block.language === "markdown" ? [block] : []);
  assertEquals(shown.length, 1);
  for (const { body } of shown) {
    const { invariants, mistakes } = readChapter("shown", body);
    assertEquals([invariants.length, mistakes], [1, []]);
  }
});

Deno.test("whatever a card says is read back as it was written", () => {
  const letters = fc.constantFrom<Kind[]>("S", "A", "D", "L", "O");
  const card = fc.record({
    kinds: fc.uniqueArray(letters, { minLength: 1, maxLength: 2 }),
    formula: words,
    exceptions: fc.array(words),
    sources: fc.array(words, { minLength: 1 }),
    needs: fc.array(words),
  });
  fc.assert(fc.property(card, ({ kinds, formula, exceptions, sources, needs }) => {
    const text = [
      "### INV-3 Nothing is inserted.",
      "```yaml",
      `kind: ${kinds.join("/")}`,
      `formula: ${JSON.stringify(formula)}`,
      `exceptions: ${quoted(exceptions)}`,
      `sources: ${quoted(sources)}`,
      `needs: ${quoted(needs)}`,
      "```",
    ].join("\n");
    const { invariants: [read], mistakes } = readChapter("x.md", text);
    assertEquals(mistakes, []);
    assertEquals(
      [read?.kinds, read?.formula, read?.exceptions, read?.sources, read?.needs],
      [kinds, formula, exceptions, sources, needs],
    );
  }));
});

Deno.test("a card that breaks off at the end of the text is wrong in its last line", () => {
  const { mistakes } = readChapter("x.md", "### DUR-1 a\n```yaml\nneeds: [");
  assertEquals(mistakes.map(({ line }) => line), [2, 3]);
});

Deno.test("no text makes the reader throw, and every mistake is on a line of the text", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "### DUR-1 a",
      "```yaml",
      "```",
      "kind: S",
      "formula: 1",
      "needs: [",
      "needs: []",
    ),
    fc.constantFrom(
      "sources: [a]",
      "formula: a",
      "kind: &a *b",
      "? x",
      "- y",
      "--- |",
      "!!binary a",
    ),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
    const text = pieces.join("\n");
    const lines = text.split(/\r?\n/).length;
    for (const { line } of readChapter("x.md", text).mistakes) {
      assertEquals(line >= 1 && line <= lines, true, `line ${line} of ${lines}`);
    }
  }));
});

Deno.test("a damaged line of a card costs the invariant and is reported on that line", () => {
  const card = ["kind: S", "formula: a", "sources: [b]", "needs: []"];
  for (const [at, line] of card.entries()) {
    const damaged = card.with(at, line.replace(/:.*/, ": {x: 1}"));
    const text = ["### DUR-1 Synced data survives.", "```yaml", ...damaged, "```"].join("\n");
    const { invariants, mistakes } = readChapter("x.md", text);
    assertEquals([invariants, mistakes.map((mistake) => mistake.line)], [[], [at + 3]]);
  }
});

Deno.test("a mistake names its file and line and what should stand there", () => {
  assertEquals(mistakesIn("kind: Z", "formula: 7", "sources: []", "mood: good"), [
    'x.md:3: expected "needs" to be a list of texts (in quotes where YAML would see a number)',
    'x.md:4: expected "kind" to be one of S, A, D, L, O, or several as in D/S',
    'x.md:5: expected "formula" to be text',
    'x.md:6: expected "sources" to be a list of one text or more',
    'x.md:7: expected one of the keys kind, formula, exceptions, sources, needs, projection, not "mood"',
  ]);
  assertEquals(mistakesIn("kind: S", "formula: a: b"), [
    "x.md:5: expected YAML (column 11: bad indentation of a mapping entry)",
  ]);
  assertEquals(mistakesIn("- kind"), ["x.md:3: expected keys with values"]);
});

Deno.test("an id without a sentence, a card, or a chapter to itself is a mistake", () => {
  const card = "```yaml\nkind: S\nformula: a\nsources: [b]\nneeds: []\n```";
  const text = [
    "### DUR-1",
    "### DUR-2 Metadata survives.",
    "Prose before the card.",
    card,
    "### DUR-3: Both survive.",
    card,
    "### DUR-4 First.",
    card,
    "### DUR-4 Again.",
    card,
  ].join("\n");
  const { invariants, mistakes } = readChapter("x.md", text);
  assertEquals(invariants.map(({ id }) => id), ["DUR-4"]);
  assertEquals(mistakes, [
    { line: 1, expected: "### DUR-1 and one sentence" },
    { line: 2, expected: "a yaml fence right after DUR-2" },
    { line: 10, expected: "### DUR-3 and one sentence" },
    { line: 24, expected: "an id not yet used in this chapter, not DUR-4" },
  ]);
});

Deno.test("a heading that only looks like an id is an ordinary heading", () => {
  const { invariants, mistakes } = readChapter(
    "x.md",
    "### PMD-PTE conversions\n\n## DUR-1 in Linux\n\n### CVE-2016-5195 and pins\n\n### A7",
  );
  assertEquals([invariants, mistakes], [[], []]);
});
