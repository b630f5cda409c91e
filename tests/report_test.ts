/**
 * Reports: their JSON is what the schema says, their diagrams show what matters, and the bundled
 * recordings are what their cards say.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { invariants } from "../model/invariants/catalogue.ts";
import { readCard, readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { breachDiagram, stepsThatMatter } from "../vectors/command/report/breach_diagram.ts";
import { jsonReport } from "../vectors/command/report/check_json.ts";
import { junitReport, ktapReport } from "../vectors/command/report/check_cases.ts";
import {
  differences,
  type RecordedResult,
  recordedTable,
} from "../vectors/command/report/recorded_table.ts";
import { textReport } from "../vectors/command/report/check_text.ts";
import { judgeRecorded } from "./recorded.ts";

const cards = await readCards(recordedFolder);
assert(typeof cards !== "string", String(cards));
const results: readonly RecordedResult[] = await Promise.all(
  cards.map(({ name }) => judgeRecorded(name)),
);
const schema = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/schema/check.schema.json", import.meta.url)),
);

Deno.test("the JSON report of every bundled recording is valid under its schema", () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const report = JSON.parse(JSON.stringify(jsonReport(results.map(({ result }) => result))));
  assert(validate(report), JSON.stringify(validate.errors?.slice(0, 3)));
});

Deno.test("the schema refuses a report with a verdict of another name", () => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const [first] = results;
  assert(first !== undefined);
  const report = JSON.parse(JSON.stringify(jsonReport([first.result])));
  report.traces[0].verdict = "passed";
  assert(!validate(report));
});

for (const each of results) {
  Deno.test(`${each.card.name} gets the verdicts of its card`, () => {
    assertEquals(differences(each), []);
  });
}

Deno.test("a recording whose verdict is not its card's is told apart", () => {
  const [first] = results;
  assert(first !== undefined);
  const expect = new Map([...first.card.expect, ["DAX-CLEAN-2", "unexercised" as const]]);
  assertEquals(differences({ ...first, card: { ...first.card, expect } }).length, 1);
  assert(recordedTable([{ ...first, card: { ...first.card, expect } }]).endsWith("DIFFERS"));
});

Deno.test("the table of the bundled recordings is no wider than 120 columns", () => {
  for (const row of recordedTable(results).split("\n")) assert(row.length <= 120, row);
});

Deno.test("every invariant that recordings can decide is violated in one or holds in one", () => {
  const seen = new Set<string>();
  for (const { result } of results) {
    for (const { id, verdict } of result.invariants) if (verdict !== "unexercised") seen.add(id);
  }
  for (
    const id of ["DAX-CLEAN-2", "DAX-WAIT-1", "DAX-TAG-4", "DAX-HOLE-1", "DAX-HOLE-2", "DUR-1"]
  ) {
    assert(seen.has(id), id);
  }
});

Deno.test("a diagram's steps come in the order of the recording and hold the breach's own line", () => {
  for (const { result } of results) {
    for (const { breaches } of result.invariants) {
      for (const breach of breaches) {
        const lines = stepsThatMatter(breach).map(({ line }) => line);
        assertEquals(lines, [...lines].sort((one, other) => one - other));
        assert(lines.includes(breach.violation.at.line));
      }
    }
  }
});

Deno.test("no line of a diagram is wider than a mail of 120 columns allows for two tasks", () => {
  for (const { result } of results) {
    for (const { id, breaches } of result.invariants) {
      const invariant = invariants.find((each) => each.id === id);
      const [breach] = breaches;
      if (invariant === undefined || breach === undefined) continue;
      for (const line of breachDiagram(breach, invariant).split("\n")) assert(line.length <= 120);
    }
  }
});

Deno.test("the text report names every invariant that a recording can decide", () => {
  for (const { result } of results) {
    const text = textReport(result, { diagrams: 0 });
    for (const { id, why } of result.invariants) {
      if (why?.kind !== "not_shown") assert(text.includes(id), id);
    }
  }
});

Deno.test("JUnit and KTAP count violated and undecided as failures, never as passes", () => {
  const all = results.map(({ result }) => result);
  const wrong = all.flatMap(({ invariants }) =>
    invariants.filter(({ verdict }) => verdict === "violated" || verdict === "undecided")
  );
  const junit = junitReport(all, [], new Date(0));
  assertEquals((junit.match(/<failure |<error /g) ?? []).length, wrong.length);
  const ktap = ktapReport(all).split("\n");
  assertEquals(ktap.filter((line) => /^ {2}not ok/.test(line)).length, wrong.length);
});

Deno.test("a card with a part missing or of the wrong kind is refused by name", () => {
  assertEquals(readCard("x", "trace: 1"), "x: expected text under trace");
  assertEquals(readCard("x", "- 1"), "x: expected a mapping");
  fc.assert(fc.property(fc.string(), (text) => {
    const card = readCard("x", text);
    return typeof card !== "string" || card.startsWith("x: ");
  }));
});
