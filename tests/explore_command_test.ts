/**
 * `pagespec explore` as its users meet it: tables, races, JSON, exit statuses.
 */
import { Ajv2020 } from "ajv/dist/2020.js";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Design } from "../model/design.ts";
import { designs } from "../model/designs/catalogue.ts";
import { explore } from "../model/explore.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { exploreJson } from "../vectors/command/report/explore_json.ts";
import { difference, exploreTable } from "../vectors/command/report/explore_table.ts";
import { type CommandOutcome, pagespec, pagespecAlone } from "./command_line.ts";

function exploreAs(...args: readonly string[]): Promise<CommandOutcome> {
  return pagespec(["explore", ...args]);
}

const schema = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/schema/explore.schema.json", import.meta.url)),
);
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

/** What the schema has against a report; empty if nothing. */
function mistakes(report: unknown): string {
  return validate(report) ? "" : JSON.stringify(validate.errors);
}

const few = designs.filter(({ id }) => ["A0", "A7", "A9", "D2"].includes(id));
const timed = few.map((design) => ({ exploration: explore(design), seconds: 0.5 }));

function lying(id: string, breaks: Design["breaks"]): Design {
  const design = designs.find((each) => each.id === id);
  if (design === undefined) throw new Error(`no design ${id}`);
  return { ...design, breaks };
}

Deno.test("a named design's verdict and races are printed, and that it breaks something is status 1", async () => {
  const { status, out, err } = await pagespecAlone([], ["explore", "A0", "a9", "a0"]);
  assertEquals([status, err], [1, ""]);
  assertEquals([...out.matchAll(/^A0 {2,}/gm)].length, 2, "a row and a title, once");
  assertMatch(out, /^A0 +47 +63 +11 +\d+\.\d\d +9 /m);
  assertMatch(out, /^A9 +\d+ +\d+ +\d+ +\d+\.\d\d += /m);
  assertStringIncludes(out, "DAX-HOLE-1, 9 steps:\n\nP1 load");
  assertStringIncludes(out, "steps with a branch that no run takes:");
});

Deno.test("a named design that breaks nothing is status 0", async () => {
  assertEquals((await exploreAs("A9-pmds", "D3")).status, 0);
});

Deno.test("a bound that is reached is no verdict: what it leaves undecided is said, with status 2", async () => {
  const { status, out, err } = await exploreAs("--states", "100", "D3");
  assertEquals(status, 2);
  assertMatch(out, /^D3 .*\?/m);
  assertMatch(err, /^pagespec explore: D3: undecided: bound reached after \d+ states$/m);
});

Deno.test("what cannot be read is one line, and status 2", async () => {
  for (
    const [args, line] of [
      [
        ["A77"],
        /^pagespec explore: expected the id of a design, not "A77"; did you mean A7\b.*\?$/,
      ],
      [
        ["A0,A7,D2"],
        /^pagespec explore: .* not "A0,A7,D2"; `pagespec explore` lists them$/,
      ],
      [
        ["--format", "xml"],
        /^pagespec explore: expected --format text, json, mermaid, itf, html, not "xml"$/,
      ],
      [
        ["--states", "many"],
        /^pagespec explore: expected --states as a number of states, not "many"$/,
      ],
    ] as const
  ) {
    const { status, out, err } = await exploreAs(...args);
    assertEquals([status, out], [2, ""]);
    assertMatch(err.trimEnd(), line);
  }
});

Deno.test("the JSON report is valid under its schema, and holds the races", async () => {
  const { status, out } = await exploreAs("--format", "json", "A7", "A6");
  const report = JSON.parse(out);
  assertEquals(status, 1);
  assertEquals(mistakes(report), "");
  assertEquals(report.designs.map(({ design }: { design: string }) => design), ["A7", "A6"]);
});

Deno.test("a race is printed as one ITF trace a line, or as a Mermaid diagram", async () => {
  const itf = await exploreAs("--format", "itf", "A7");
  const traces = itf.out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals([itf.status, traces.map(({ states }) => states.length)], [1, [8, 4]]);
  const mermaid = await exploreAs("--format", "mermaid", "A7");
  assertEquals([...mermaid.out.matchAll(/^sequenceDiagram$/gm)].length, 2);
  assertEquals(await exploreAs("--format", "mermaid", "A8"), { status: 0, out: "", err: "" });
});

Deno.test("the JSON report of every kind of finding is valid under its schema", () => {
  const all = designs.filter(({ id }) => !/-(two|three)$/.test(id));
  const report = exploreJson([
    ...all.map((design) => ({ exploration: explore(design, { limit: 2000 }), seconds: 0 })),
  ]);
  const plain = JSON.parse(JSON.stringify(report));
  assertEquals(mistakes(plain), "");
  const verdicts = new Set(
    plain.designs.flatMap(({ invariants }: { invariants: { verdict: string }[] }) =>
      invariants.map(({ verdict }) => verdict)
    ),
  );
  assertEquals([...verdicts].sort(), ["exempt", "holds", "undecided", "unexercised", "violated"]);
});

Deno.test("the schema refuses a verdict of another name", () => {
  const report = JSON.parse(JSON.stringify(exploreJson(timed)));
  report.designs[0].invariants[0].verdict = "passed";
  assertStringIncludes(mistakes(report), "enum");
});

Deno.test("the table has a row for each design and a column for each invariant that is exercised", () => {
  const lines = exploreTable(timed, invariants).split("\n");
  for (const { id } of few) assert(lines.some((line) => line.startsWith(`${id} `)), id);
  const head = lines.find((line) => line.startsWith("system A"));
  const rows = lines.filter((line) => /^A\d /.test(line));
  for (const row of rows) assert(row.length <= (head?.length ?? 0), row);
  assertMatch(lines[0] ?? "", /HOLE +ENTRY/);
});

Deno.test("a claim that is too much or too little is told", () => {
  const too = (id: string, breaks: Design["breaks"]) => difference(explore(lying(id, breaks)));
  assertEquals(too("A0", ["DAX-HOLE-1"]), "");
  assertEquals(too("A0", []), "A0: breaks DAX-HOLE-1, which it does not claim");
  assertEquals(too("A6", ["DUR-1"]), "A6: does not break DUR-1, as it claims");
});
