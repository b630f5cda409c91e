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

Deno.test("the package can be published: every type is written, every import is in it", async () => {
  const command = new Deno.Command("deno", {
    args: ["publish", "--dry-run", "--allow-dirty", "--no-check"],
    cwd: root,
    env: { NO_COLOR: "1" },
  });
  const { code, stderr } = await command.output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 0, said);
  assertStringIncludes(said, "Dry run complete");
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
