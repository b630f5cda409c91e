import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { wordsOf } from "../vectors/kernel/page_cache/words.ts";

/** What a line's words are, as one expression: the reader is a loop, because it is faster. */
const WORD = /([a-z_]+)(?:=|: ?| )((?:0x)?[0-9a-fA-F][0-9a-fA-F:,]*|-?\d+|\([a-z]+\))(?=[\s:]|$)/g;

function byExpression(body: string): Readonly<Record<string, string>> {
  const words: Record<string, string> = {};
  for (const [, name = "", value = ""] of body.matchAll(WORD)) words[name] ??= value;
  return words;
}

Deno.test("a name and the value behind it are words, however they are strung together", () => {
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
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((each) =>
    each.join("")
  );
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
