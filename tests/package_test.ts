/**
 * The package, as somebody who installs it meets it.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { designs, explore, judgeRace, openTrace, parseRace, printRace } from "../mod.ts";
import { suiteVersion } from "../vectors/format/vector.ts";

const root = new URL("../", import.meta.url);

/** Runs Deno in the repository: its status, and all that it printed. */
async function runDeno(...args: readonly string[]): Promise<{ code: number; text: string }> {
  const command = new Deno.Command("deno", { args: [...args], cwd: root, env: { NO_COLOR: "1" } });
  const { code, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("all that the package exports is documented, with every type that it speaks of", async () => {
  const { code, text } = await runDeno("doc", "--lint", ...Object.values(deno.exports));
  assertEquals(code, 0, text);
});

Deno.test("the package can be published: every type is written, every import is in it, and nothing of this house", async () => {
  const { code, text } = await runDeno("publish", "--dry-run", "--allow-dirty", "--no-check");
  assertEquals(code, 0, text);
  assertStringIncludes(text, "Dry run complete");
  const files = [...text.matchAll(/^ +(file:\S+) \(/gm)].map(([, url = ""]) =>
    url.replace(root.href, "")
  );
  const alone = /^(?:(?:mod|cli|design)\.ts|deno\.json|LICENSE|(?:README|CHANGELOG)\.md)$/;
  assertEquals(
    files.filter((path) => !/^(?:spec|model|vectors)\//.test(path) && !alone.test(path)),
    [],
  );
  const needed = [
    ...Object.values(deno.exports).map((path) => path.replace("./", "")),
    "vectors/suite/manifest.json",
    "vectors/schema/protocol.schema.json",
    "vectors/README.md",
    "spec/1-dax-faults.md",
  ];
  for (const path of needed) assert(files.includes(path), path);
});

Deno.test("the version of the package is the one of its newest changes", async () => {
  const changes = await Deno.readTextFile(new URL("CHANGELOG.md", root));
  const [, newest = ""] = /^## \[?(\d+\.\d+\.\d+|Unreleased)/m.exec(changes) ?? [];
  assert(newest === "Unreleased" || newest === deno.version, newest);
  assertEquals(suiteVersion.split(".")[0], deno.version.split(".")[0]);
});

Deno.test("what the package exports explores a design, prints its race and judges it", () => {
  const design = designs.find(({ id }) => id === "A7");
  assert(design !== undefined);
  const found = explore(design).findings.find(({ verdict }) => verdict === "violated");
  assert(found?.verdict === "violated");
  const run = found.path.map(({ actor, step, branch }) => ({
    actor: actor.name,
    step: step.name,
    result: branch.result,
  }));
  const parsed = parseRace(printRace(run));
  assert(parsed.kind === "race");
  assertEquals(judgeRace(parsed.race, design).kind, "breach");
});

Deno.test("what the package exports opens a trace", async () => {
  const path = new URL("vectors/recorded/6.12-punch-ext4.trace.txt", root).pathname;
  assertEquals((await openTrace(path)).kind, "trace");
});
