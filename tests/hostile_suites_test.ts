/**
 * A suite of somebody else is what its schema says, or it is not run, whatever its digests are; and no
 * suite or driver makes a report anything else than a report.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { createHash } from "node:crypto";
import { readSuite } from "../vectors/conform/read_suite.ts";
import { bundledSuite } from "../vectors/conform/bundled_suite.ts";
import { run, withFolder } from "./driven_folder.ts";
import { loadsLazily } from "./loads_lazily.ts";
import { junitCases, readKtap, withoutKunit } from "./strict_readers.ts";

const root = new URL("../", import.meta.url);

const folder = new URL("vectors/suite/", root);
const bundledManifest = JSON.parse(await Deno.readTextFile(new URL("manifest.json", folder)));
const bundledFile = JSON.parse(await Deno.readTextFile(new URL("B.json", folder)));

const sound = bundledSuite().vectors.find(({ kind }) => kind === "operation");
assert(sound !== undefined && sound.kind === "operation");

/** A copy of a sound vector, which may be changed into anything. */
const copyOf = () => JSON.parse(JSON.stringify(sound));

/** A sound vector in which something else stands. */
function changed(change: (vector: ReturnType<typeof copyOf>) => void): unknown {
  const copy = copyOf();
  change(copy);
  return copy;
}

/** The texts of a suite of one file, with a manifest that gives its right digest. */
function suiteOf(
  text: string,
  more: Readonly<Record<string, unknown>> = {},
): ReadonlyMap<string, string> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  const entry = { name: "A.json", system: "A", title: "", bytes: text.length, sha256, vectors: 1 };
  const manifest = {
    ...bundledManifest,
    files: [{ ...entry, ...more }],
  };
  return new Map([["manifest.json", JSON.stringify(manifest)], ["A.json", text]]);
}

/** The text of a file of these vectors. */
function fileOf(...vectors: readonly unknown[]): string {
  const { vectors: _, ...file } = bundledFile;
  return JSON.stringify({ ...file, count: vectors.length, vectors });
}

/** Suites that nobody runs: what is wrong with each, and what is said of it. */
const hostile:
  readonly (readonly [name: string, texts: ReadonlyMap<string, string>, says: RegExp])[] = [
    [
      "a file whose name is a path",
      suiteOf(fileOf(changed((vector) => vector.files = { "../../x": { size: 1, extents: [] } }))),
      /A\.json: \/vectors\/0\/files must match pattern|A\.json: \/vectors\/0\/files property name must be valid/,
    ],
    [
      "an open of a path",
      suiteOf(fileOf(changed((vector) => vector.processes[0].operations[0].file = "/etc/passwd"))),
      /A\.json: \/vectors\/0\/processes\/0\/operations\/0\/file must match pattern/,
    ],
    [
      "a handle of two lines",
      suiteOf(fileOf(changed((vector) => vector.handle = "COH-1/x\nok 2 forged"))),
      /\/vectors\/0\/handle must match pattern/,
    ],
    [
      "a handle that a terminal obeys",
      suiteOf(fileOf(changed((vector) => vector.handle = "COH-1/\u001b[2J"))),
      /\/vectors\/0\/handle must match pattern/,
    ],
    [
      "an operation that there is not",
      suiteOf(fileOf(changed((vector) => vector.processes[0].operations[0].kind = "unlink"))),
      /\/vectors\/0\/processes\/0\/operations\/0 value of tag "kind" must be in oneOf/,
    ],
    [
      "an operation called by a word of JavaScript's own",
      suiteOf(fileOf(changed((vector) => vector.processes[0].operations[0].id = "__proto__"))),
      /operations\/0\/id must match pattern/,
    ],
    [
      "a file that is elsewhere",
      suiteOf(fileOf(sound), { name: "../manifest.json" }),
      /manifest\.json: \/files\/0\/name must match pattern/,
    ],
    ["a list instead of a file", suiteOf("[]"), /A\.json: the file must be object/],
    ["null for a vector", suiteOf(fileOf(null)), /A\.json: \/vectors\/0 must be object/],
    [
      "a word for an operation",
      suiteOf(fileOf(changed((vector) => vector.processes[0].operations[0] = "open"))),
      /\/vectors\/0\/processes\/0\/operations\/0 must be object/,
    ],
    ["what is no JSON", suiteOf("\u001b[2J{"), /A\.json: expected JSON/],
    ["a depth without end", suiteOf("[".repeat(1_000_000)), /A\.json: expected JSON/],
    [
      "one handle twice",
      suiteOf(fileOf(sound, sound), { vectors: 2 }),
      /expected each handle once/,
    ],
    ["another count", suiteOf(fileOf(sound), { vectors: 2 }), /expected 2 vectors/],
    [
      "another digest",
      suiteOf(fileOf(sound), { sha256: "0".repeat(64) }),
      /expected the file whose digest/,
    ],
    [
      "a newer schema",
      new Map([["manifest.json", '{"schema":"1.1"}']]),
      /expected schema 1\.0, not "1\.1"/,
    ],
    ["nothing", new Map(), /manifest\.json: expected a file of a suite/],
  ];

async function write(folder: string, texts: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, text] of texts) await Deno.writeTextFile(`${folder}/${name}`, text);
}

for (const [name, texts, says] of hostile) {
  Deno.test(`a suite with ${name} is refused in one line`, async () => {
    await withFolder(async (folder) => {
      await write(folder, texts);
      const wrong = readSuite(folder);
      assert(typeof wrong === "string");
      assertMatch(wrong, says);
      assert(wrong.startsWith(folder));
    });
  });
}

Deno.test("a suite whose file is a link is refused: it may lead anywhere", async () => {
  await withFolder(async (folder) => {
    await write(folder, suiteOf(fileOf(sound)));
    assert(typeof readSuite(folder) === "object");
    await Deno.rename(`${folder}/A.json`, `${folder}/elsewhere`);
    assertEquals((await run("ln", "-s", "elsewhere", `${folder}/A.json`)).status, 0);
    assertEquals(readSuite(folder), `${folder}/A.json: expected a file of a suite`);
  });
});

Deno.test("a suite that is refused is one line of standard error and status 2", async () => {
  await withFolder(async (folder) => {
    const [, [, texts] = []] = hostile.filter(([name]) => /terminal obeys|no JSON/.test(name));
    assert(texts !== undefined);
    await write(folder, texts);
    const { status, out, err } = await conform(["--suite", folder], "two-lines");
    assertEquals([status, out], [2, ""]);
    assertMatch(err, /^pagespec conform: [^\n\p{C}]+\n$/u);
  });
});

/** Runs two vectors against the driver that misbehaves so. */
async function conform(options: readonly string[], manner: string) {
  const few = ["--only", "DUR-5/"];
  const driver = ["deno", "run", "--quiet", "--no-prompt", "tests/hostile_driver.ts", manner];
  return await run(
    "deno",
    ...["run", "--no-prompt", loadsLazily, "--allow-read", "--allow-run", "cli.ts", "conform"],
    ...[...few, ...options, "--", ...driver],
  );
}

Deno.test("no driver writes to the terminal, or adds to a report, but what can be seen", async () => {
  for (const format of ["text", "json", "junit", "ktap"] as const) {
    const { status, out, err } = await conform(["--format", format, "--all"], "escapes");
    assertEquals(status, 2);
    for (const text of [out, err]) assertNotMatch(text.replaceAll("\n", ""), /\p{C}/u, format);
    assertMatch(err, /^driver: \\x1b\[2J on standard error$/m);
    if (format === "json") {
      assertEquals(JSON.parse(out).header.implementation.name, "\u001b[2J\nok 1");
    }
    if (format === "junit") {
      assert(junitCases(out).every(({ outcome }) => outcome === "skipped" || outcome === "error"));
    }
    if (format === "ktap" && withoutKunit === "") {
      const { passed, errors } = await readKtap(out);
      assertEquals([passed, errors], [0, []]);
    }
    assertNotMatch(out, /^\s*ok \d+ (pass|forged)/m);
  }
});
