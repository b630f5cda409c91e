import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { canonicalJson, type Json } from "../vectors/format/canonical_json.ts";
import { designs } from "../model/designs/catalogue.ts";
import { generate } from "../vectors/generate/generate.ts";
import { suiteText } from "../vectors/generate/suite_text.ts";
import { staleFiles } from "../vectors/command/vectors.ts";

/** Of one design: that this was made before it must be nothing to the suite of all. */
const part = designs.filter(({ id }) => id === "E7");
const ofPart = generate(part);
const files = generate();

Deno.test("the suite in the repository is what the model makes of it: run deno task vectors", async () => {
  assertEquals(await staleFiles(files), []);
});

// The test above holds the whole suite to the bytes that another process made.
Deno.test("the same model gives the same bytes, whatever was generated before", () => {
  assertEquals([...generate(part)], [...ofPart]);
});

Deno.test("the suite is less than 4 MB in all, with a newline at the end of each file", () => {
  const bytes = [...files.values()].reduce(
    (sum, text) => sum + new TextEncoder().encode(text).length,
    0,
  );
  assertLess(bytes, 4_000_000);
  for (const text of files.values()) assert(text.endsWith("}\n"));
});

Deno.test("the manifest tells of each file how large it is, and of what, and gives its digest", async () => {
  const manifest = JSON.parse(files.get("manifest.json") ?? "");
  const told = [...manifest.files, manifest.kills];
  assertEquals(
    told.map(({ name }: { name: string }) => name).sort(),
    [...files.keys()].filter((name) => name !== "manifest.json").sort(),
  );
  for (const { name, bytes, sha256 } of told) {
    const content = new TextEncoder().encode(files.get(name));
    assertEquals(content.length, bytes);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    assertEquals(digest.toHex(), sha256);
  }
});

// Without backslashes: once V8 (15.0) has seen the key "\\", its JSON.parse takes any escaped key for it.
const text = fc.string().filter((each) => !each.includes("\\"));
const json = fc.jsonValue()
  .filter((value) => !JSON.stringify(value).includes("\\\\"))
  .map((value): Json => JSON.parse(JSON.stringify(value)));

Deno.test("the text of a suite file is JSON of the same value, however it is laid out", () => {
  fc.assert(fc.property(json, (value) => {
    assertEquals(JSON.parse(suiteText(value)), JSON.parse(JSON.stringify(value)));
  }));
});

Deno.test("the order of keys makes no difference to the canonical text of a value", () => {
  fc.assert(fc.property(fc.dictionary(text, json), (value) => {
    const reversed = Object.fromEntries(Object.entries(value).reverse());
    assertEquals(canonicalJson(reversed), canonicalJson(value));
    assertEquals(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
  }));
});
