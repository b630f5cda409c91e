import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { namesOf } from "../vectors/kernel/rows/row.ts";
import { rows } from "../vectors/kernel/rows.ts";
import { numberAt } from "../vectors/kernel/digits.ts";
import { coded } from "../vectors/kernel/lines.ts";
import { PlacedWords, textIn, type Words } from "../vectors/kernel/line_words.ts";
import { TextTracepoint } from "../vectors/kernel/text_tracepoint.ts";
import { TracepointWords } from "../vectors/kernel/rows/tracepoint_words.ts";
import { addressIn, lowByte, numberIn, printedDevice } from "../vectors/kernel/rows/words.ts";

/** What a line's words are, as one expression: the reader is a loop, because it is faster. */
const WORD = /([a-z_]+)(?:=|: ?| )((?:0x)?[0-9a-fA-F][0-9a-fA-F:,]*|-?\d+|\([a-z]+\))(?=[\s:]|$)/g;

function byExpression(body: string): Readonly<Record<string, string>> {
  const words: Record<string, string> = {};
  for (const [, name = "", value = ""] of body.matchAll(WORD)) words[name] ??= value;
  return words;
}

/** The words of these names that `words` finds in a text, which stands among others. */
function found(words: TracepointWords, names: readonly string[], text: string) {
  const [before, after] = ["dev 1 ", "2 a=3 dev=4"];
  words.begin(coded(`${before}${text}${after}`), before.length, before.length + text.length);
  return Object.fromEntries(names.flatMap((name) => {
    const word = textIn(words, name);
    return word === undefined ? [] : [[name, word]];
  }));
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

const names = ["a", "f_", "dev", "x", "adev", "af_", "devdev"];

Deno.test("a name and the value behind it are words, however they are strung together", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const all = Object.keys(byExpression(text));
      assertEquals(found(new TracepointWords(all), all, text), byExpression(text));
    }),
    { numRuns: 3000, seed: 20261129 },
  );
});

Deno.test("whatever lines came before, a line has the words that it has alone", () => {
  fc.assert(
    fc.property(fc.array(texts, { minLength: 2, maxLength: 6 }), (lines) => {
      const words = new TracepointWords(names);
      for (const line of [...lines, ...lines]) {
        assertEquals(found(words, names, line), found(new TracepointWords(names), names, line));
      }
    }),
    { numRuns: 300, seed: 20261129 },
  );
});

Deno.test("the words of a line are found by name, and those that are wanted alone", () => {
  for (
    const [text, expected] of [
      ["bdi 254:16: ino=12 index=3", { bdi: "254:16:", index: "3" }],
      ["dev 0:2 ino ca ofs=4096", { dev: "0:2", ofs: "4096" }],
      ["dev 259,0 ino 13 ret -5", { dev: "259,0", ret: "-5" }],
    ] as const
  ) {
    const wanted = Object.keys(expected);
    assertEquals(found(new TracepointWords(wanted), [...wanted, "ino"], text), expected);
  }
});

Deno.test("words are found where they stand, also once the next lines were asked for", () => {
  const lines = {
    ...coded("f: dev 254:16: n=0x1f m=-1 b=0xffff888004460440 fl=0x1fe3 \u00e9=2\n"),
  };
  const words = new TracepointWords(["dev", "n", "m", "b", "fl", "\u00e9"]);
  const tracepoint = new TextTracepoint(1, "", 1, 0, 0, 0, "f", lines, 3, lines.text.length - 1);
  const placed = new PlacedWords();
  const places = Int32Array.of(9, 9, 17, 21, 24, 26);
  const table = { places, numbers: Float64Array.of(NaN, 31, NaN) };
  for (const codes of [lines.codes, new Uint8Array()]) {
    lines.codes = codes;
    tracepoint.give(words);
    placed.begin(lines, ["n", "m"], table, 1, 3);
    const { text } = lines;
    assertEquals(
      [printedDevice(words), numberIn(words, "n"), numberIn(words, "m"), numberIn(words, "x")],
      ["254:16", 31, -1, undefined],
      text,
    );
    assertEquals([addressIn(words, "b"), lowByte(words, "fl")], ["0xffff888004460440", 0xe3]);
    assertEquals([numberIn(placed, "n"), numberIn(placed, "m")], [31, -1]);
  }
});

Deno.test("the row of a tracepoint asks for no word that its table does not name", () => {
  for (const row of rows) {
    if (!("read" in row) || row.source.includes("()")) continue;
    const names = namesOf(row);
    for (const text of ["0x1", "7", "12:3"]) {
      const asked: Words = {
        text,
        codes: coded(text).codes,
        from: 0,
        to: text.length,
        number: numberAt(coded(text).codes, 0, text.length),
        find(name) {
          assert(names.includes(name), `${row.source} asks for ${name}`);
          return true;
        },
      };
      row.read(asked, { body: "" });
    }
  }
});
