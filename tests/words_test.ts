import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { namesOf } from "../vectors/kernel/rows/row.ts";
import { rows } from "../vectors/kernel/rows.ts";
import { wordsOf } from "../vectors/kernel/rows/words.ts";

/** What a line's words are, as one expression: the reader is a loop, because it is faster. */
const WORD = /([a-z_]+)(?:=|: ?| )((?:0x)?[0-9a-fA-F][0-9a-fA-F:,]*|-?\d+|\([a-z]+\))(?=[\s:]|$)/g;

function byExpression(body: string): Readonly<Record<string, string>> {
  const words: Record<string, string> = {};
  for (const [, name = "", value = ""] of body.matchAll(WORD)) words[name] ??= value;
  return words;
}

const pieces = [
  "a",
  "f_",
  "dev",
  "0",
  "19",
  "0x",
  "x",
  " ",
  "=",
  ":",
  ",",
  "(",
  ")",
  "-",
  "G",
  "\t",
];
const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((each) => each.join(""));

Deno.test("a name and the value behind it are words, however they are strung together", () => {
  fc.assert(
    fc.property(texts, (text) => assertEquals(wordsOf(text), byExpression(text))),
    { numRuns: 3000, seed: 20261129 },
  );
});

Deno.test("the words of a line are found by name", () => {
  assertEquals(wordsOf("bdi 254:16: ino=12 index=3"), { bdi: "254:16:", ino: "12", index: "3" });
  assertEquals(wordsOf("dev 0:2 ino ca ofs=4096"), { dev: "0:2", ino: "ca", ofs: "4096" });
  assertEquals(wordsOf("dev 259,0 ino 13 ret -5"), { dev: "259,0", ino: "13", ret: "-5" });
});

Deno.test("the row of a tracepoint asks for no word that its table does not name", () => {
  for (const row of rows) {
    if (!("read" in row) || row.source.includes("()")) continue;
    const names = namesOf(row);
    for (const given of ["0x1", "7", "12:3"]) {
      const asked = new Proxy({}, {
        get(_, name) {
          assert(
            typeof name === "string" && names.includes(name),
            `${row.source} asks for ${String(name)}`,
          );
          return given;
        },
      });
      row.read(asked, "");
    }
  }
});

Deno.test("of words that are wanted, those of the line are found, and no others", () => {
  fc.assert(fc.property(texts, (text) => {
    const all = wordsOf(text);
    const wanted = Object.keys(all).filter((_, index) => index % 2 === 0);
    assertEquals(
      wordsOf(text, wanted),
      Object.fromEntries(wanted.map((name) => [name, all[name]])),
    );
  }));
});
