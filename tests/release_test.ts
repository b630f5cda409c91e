/**
 * The archive for authors in other languages has all that it names, and its schemas need no other file.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { releaseFiles } from "../vectors/command/release.ts";
import { createSchemas, type ValidateFunction } from "../vectors/format/json_schema.ts";
import { tarOf } from "../vectors/release/archive.ts";

const files = await releaseFiles();

function textOf(name: string): string {
  return new TextDecoder().decode(files.get(name));
}

Deno.test("a schema of the archive resolves every reference by itself, and takes what it took", () => {
  const bundled = [...files.keys()].filter((name) => name.startsWith("vectors/schema/bundled/"));
  assert(bundled.length > 10);
  const compiled = new Map<string, ValidateFunction>();
  for (const name of bundled) {
    for (const [, to = ""] of textOf(name).matchAll(/"\$ref": "([^"]*)"/g)) {
      assertMatch(to, /^#/, name);
    }
    compiled.set(name, createSchemas().compile(JSON.parse(textOf(name))));
  }
  const validate = compiled.get("vectors/schema/bundled/suite.schema.json");
  assert(validate !== undefined);
  const suite = textOf("vectors/suite/C.json");
  assert(validate(JSON.parse(suite)), JSON.stringify(validate.errors));
  assert(!validate(JSON.parse(suite.replace('"system": "C"', '"system": "G"'))));
});

Deno.test("the archive has suite, schemas, contract, chapters, examples, licence and the digest of each", async () => {
  const listed = textOf("SHA256SUMS").trimEnd().split("\n").map((line) => line.split("  "));
  assertEquals(listed.length, files.size - 1);
  for (const [digest, name = ""] of listed) {
    const bytes = new Uint8Array(files.get(name) ?? []);
    assertEquals(
      new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(),
      digest,
      name,
    );
  }
  for (const name of ["LICENSE", "vectors/README.md", "vectors/suite/A.json", "spec/events.md"]) {
    assert(files.has(name), name);
  }
});

Deno.test("the archive is one that tar reads, and the same files give the same bytes", async () => {
  assertEquals(tarOf(files), tarOf(new Map([...files].toReversed())));
  const child = new Deno.Command("tar", { args: ["-tf", "-"], stdin: "piped", stdout: "piped" })
    .spawn();
  const writer = child.stdin.getWriter();
  const sent = writer.write(tarOf(files)).then(() => writer.close());
  const { stdout } = await child.output();
  await sent;
  const names = new TextDecoder().decode(stdout).trimEnd().split("\n");
  assertEquals(names, [...files.keys()].toSorted());
});
