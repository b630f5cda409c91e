import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Block, scan } from "../spec/blocks.ts";

/** Texts dense in what the scanner looks for, so that random ones reach its corners. */
const markdown = fc.array(
  fc.oneof(
    fc.constantFrom(
      "",
      "```",
      "```yaml",
      "~~~~ text info",
      "# a",
      "### DUR-1 b",
      "|---|",
      "| - | - |",
    ),
    fc.constantFrom("| a | b |", "| a \\| b |", "|", "prose", "  ```", "#######", "kind: S"),
    fc.string(),
  ),
  { maxLength: 20 },
).map((lines) => lines.join("\n"));

function only<K extends Block["kind"]>(kind: K, text: string): Extract<Block, { kind: K }>[] {
  const of = (block: Block): block is Extract<Block, { kind: K }> => block.kind === kind;
  return scan(text).blocks.filter(of);
}

Deno.test("the blocks of any text, put together again, are the text", () => {
  fc.assert(fc.property(markdown, (text) => {
    const sources = scan(text).blocks.map((block) => block.source);
    assertEquals(sources.join("\n"), text.replaceAll("\r\n", "\n"));
  }));
});

Deno.test("the line of a block is where its source stands in the text", () => {
  fc.assert(fc.property(markdown, (text) => {
    const lines = text.split(/\r?\n/);
    for (const { line, source } of scan(text).blocks) {
      const length = source.split("\n").length;
      assertEquals(lines.slice(line - 1, line - 1 + length).join("\n"), source);
    }
  }));
});

Deno.test("the body of a closed fence is its source without the first and last line", () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[^`\r\n]*$/)), (body) => {
    const text = ["```race A7", ...body, "```"].join("\n");
    const [fence, ...rest] = scan(text).blocks;
    assertEquals(rest, []);
    assertEquals(fence, {
      kind: "fence",
      line: 1,
      source: text,
      language: "race",
      info: "A7",
      body: body.join("\n"),
    });
  }));
});

Deno.test("line ends are LF or CRLF and it does not matter which", () => {
  fc.assert(fc.property(markdown, (text) => {
    const lines = text.split(/\r?\n/);
    assertEquals(scan(lines.join("\r\n")), scan(lines.join("\n")));
  }));
});

Deno.test("only a bare run of the same marks, at least as long, closes a fence", () => {
  const text = "```text\n~~~\n``\n```more\n`````\nprose";
  assertEquals(only("fence", text).map((fence) => fence.body), ["~~~\n``\n```more"]);
});

Deno.test("marks that close on their own line are code in prose", () => {
  assertEquals(scan("```not a fence```").blocks.map((block) => block.kind), ["prose"]);
});

Deno.test("a longer fence holds a shorter one", () => {
  const [fence] = only("fence", "````md\n```yaml\nkind: S\n```\n````");
  assertEquals(fence?.body, "```yaml\nkind: S\n```");
});

Deno.test("a fence inside a list loses the list's indent and no more", () => {
  const [fence] = only("fence", "- first\n\n  ```text\n  CPU0\n    load\n fault\n  ```");
  assertEquals([fence?.line, fence?.body], [3, "CPU0\n  load\nfault"]);
});

Deno.test("a fence that nothing closes is a mistake on the line that opens it", () => {
  assertEquals(scan("prose\n\n~~~yaml\nkind: S").mistakes, [
    { line: 3, expected: "a line ~~~ that closes this fence" },
  ]);
});

Deno.test("a hash inside a fence is no heading", () => {
  assertEquals(only("heading", "```sh\n# load\n```\n## Races ##"), [
    { kind: "heading", line: 4, source: "## Races ##", level: 2, text: "Races" },
  ]);
});

Deno.test("a table knows the line of each row, and a pipe in a cell is escaped", () => {
  const text = "Events:\n\n| tracepoint | fields |\n|---|:-:|\n| `dax_load_hole` | a \\| b |\nend";
  assertEquals(only("table", text).map(({ line, header, rows }) => ({ line, header, rows })), [{
    line: 3,
    header: ["tracepoint", "fields"],
    rows: [{ line: 5, cells: ["`dax_load_hole`", "a | b"] }],
  }]);
});

Deno.test("a row with a cell too many or too few is a mistake on its line", () => {
  const { mistakes } = scan("| a | b |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |\n| 1 |");
  assertEquals(mistakes, [
    { line: 4, expected: "2 cells, not 3" },
    { line: 5, expected: "2 cells, not 1" },
  ]);
});

Deno.test("a row of pipes without a header is a mistake, not prose that passes unread", () => {
  assertEquals(scan("text\n| a | b |").mistakes, [
    { line: 2, expected: "a table: a header row, then | --- | under it" },
  ]);
});
