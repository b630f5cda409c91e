/**
 * Whatever a trace, a driver, a suite or a path says, every form of a report stays what it is.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import fc from "fast-check";
import { plainText } from "../vectors/command/report/line.ts";
import { type CaseGroup, junitSuites, ktapSuites } from "../vectors/command/report/cases.ts";
import { junitReport, ktapReport } from "../vectors/command/report/check_cases.ts";
import { jsonReport } from "../vectors/command/report/check_json.ts";
import { textReport } from "../vectors/command/report/check_text.ts";
import { jsonReport as runJson } from "../vectors/command/report/conform_json.ts";
import {
  junitReport as runJunit,
  ktapReport as runKtap,
  textReport as runText,
} from "../vectors/command/report/conform_text.ts";
import { visible, visibleJson } from "../vectors/command/report/visible.ts";
import type { Conformance, VectorResult } from "../vectors/conform/result.ts";
import { checkTrace } from "../vectors/kernel/check_trace.ts";
import { readTrace } from "../vectors/kernel/ftrace_text.ts";
import { codePoint } from "./code_point.ts";
import { recordedText } from "./recorded.ts";
import { junitCases, readKtap, withoutKunit } from "./strict_readers.ts";

/** What a terminal would obey, or show as something else, or not show. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Texts that somebody has thought about. */
const crafted = [
  "\u001b[2J\u001b]0;title\u0007",
  "\u009b31m",
  "\r\n",
  "all good\nok 2 forged",
  "x # SKIP",
  "# SKIP x",
  "\u202eeslaf\u2066",
  "]]><!--\"'<&>",
  "\ufffe\uffff",
  "\ud800",
  "\u2028ok 3 forged",
  "\u200b",
  "\udb40\udc01",
  "",
] as const;

const text = fc.oneof(
  fc.constantFrom(...crafted),
  fc.string({ unit: codePoint, maxLength: 20 }),
  fc.array(fc.oneof(fc.constantFrom(...crafted), fc.string({ maxLength: 5 })), { maxLength: 4 })
    .map((parts) => parts.join("")),
);

Deno.test("what is visible is one line that holds only what is seen, and stays as it is", () => {
  fc.assert(fc.property(text, (text) => {
    assertNotMatch(visible(text), unseen);
    assertEquals(visible(visible(text)), visible(text));
  }));
  assertEquals(visible("\u001b[31mEVIL\u202e\u{e0001}\n"), "\\x1b[31mEVIL\\u202e\\u{e0001}\\n");
  assertEquals(visible("plain: été, 漢字 \\"), "plain: été, 漢字 \\");
});

Deno.test("a document holds only what is seen, and says the same", () => {
  fc.assert(fc.property(fc.dictionary(text, text), (value) => {
    const document = visibleJson(value, 2);
    assertNotMatch(document.replaceAll("\n", ""), unseen);
    assertEquals(JSON.parse(document), JSON.parse(JSON.stringify(value)));
  }));
});

const suites = fc.array(
  fc.record({
    name: text,
    ok: fc.boolean(),
    cases: fc.array(
      fc.record({
        name: text,
        outcome: fc.constantFrom("passed", "failed", "errored", "skipped"),
        says: text,
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  { minLength: 1, maxLength: 3 },
);

Deno.test("JUnit is XML to a strict parser whatever its texts are, with all its cases", () => {
  fc.assert(fc.property(suites, (suites: readonly CaseGroup[]) => {
    const found = junitCases(junitSuites(suites, new Date(0)));
    const given = suites.flatMap(({ cases }) => cases);
    assertEquals(found.map(({ name }) => name), given.map(({ name }) => visible(name)));
    assertEquals(
      found.map(({ says }) => says),
      given.map(({ outcome, says }) => outcome === "passed" ? "" : visible(says)),
    );
  }));
});

Deno.test("KTAP has a line for each case whatever its texts are, and skips what is skipped", () => {
  fc.assert(fc.property(suites, (suites: readonly CaseGroup[]) => {
    const lines = ktapSuites(suites).split("\n");
    const cases = suites.flatMap(({ cases }) => cases);
    assertEquals(lines.length, 2 + 3 * suites.length + cases.length);
    for (const line of lines) assertMatch(line, /^[^#]*( # [^#]*)?$/);
    const skipped = lines.filter((line) => line.includes(" # SKIP")).length;
    assertEquals(skipped, cases.filter(({ outcome }) => outcome === "skipped").length);
  }));
});

Deno.test({
  name: `kunit.py reads KTAP whatever its texts are, and counts what is there${withoutKunit}`,
  ignore: withoutKunit !== "",
  fn: async () => {
    const [cases = []] = [
      crafted.flatMap((says) =>
        (["passed", "failed", "errored", "skipped"] as const).map((outcome) => ({
          name: `case ${says}`,
          outcome,
          says,
        }))
      ),
    ];
    const read = await readKtap(ktapSuites([{ name: crafted.join(), ok: false, cases }]));
    const [passed, skipped] = [crafted.length, crafted.length];
    const failed = 2 * crafted.length;
    assertEquals(read, { passed, failed, skipped, crashed: 0, errors: [] });
  },
});

/** A run in which every text that is not ours is this one. */
function runSaying(text: string): Conformance {
  const result = (verdict: VectorResult["verdict"]): VectorResult => ({
    id: "0123456789ab",
    handle: `COH-1/${text}`,
    kind: "operation",
    verdict,
    why: text,
    invariants: [text],
    observed: [{ kind: "forbidden", text, count: 1, invariants: [text] }],
    unseen: [text],
    milliseconds: 1,
  });
  const verdicts = ["passed", "failed", "known", "unexpected", "skipped", "errored"] as const;
  return {
    suite: "0.1.0",
    command: ["driver", text],
    implementation: { name: text, version: text, details: text },
    schedules: ["sampled"],
    trials: 1,
    seed: 1,
    results: verdicts.map(result),
    notRun: 0,
    complaints: [text],
  };
}

Deno.test("nothing that a driver or a suite says adds a line to a report of a run", () => {
  const ours = runSaying("x");
  const linesOf = (text: string): number => text.split("\n").length;
  fc.assert(fc.property(text, (text) => {
    const run = runSaying(text === "" ? "x" : text);
    const shown = plainText(runText(run, { all: true }));
    assertNotMatch(shown.replaceAll("\n", ""), unseen);
    assertEquals(linesOf(shown), linesOf(plainText(runText(ours, { all: true }))));
    assertEquals(junitCases(runJunit(run, new Date(0))).length, 7);
    assertEquals(linesOf(runKtap(run)), linesOf(runKtap(ours)));
    assertNotMatch(visibleJson(runJson(run)), unseen);
  }));
});

/** A recording that breaks an invariant, its task under another name, in another file. */
async function recordedBy(name: string, path: string) {
  const lines = (await recordedText("5.10-mkclean-ext4"))
    .map((line) => line.replace(/^ +procA-165/, () => `   ${name}-165`));
  const trace = await readTrace(new Blob([`${lines.join("\n")}\n`]).stream(), { name: path });
  assert(trace.kind === "trace");
  return await checkTrace(trace, { path, kernel: "5.10.262" });
}

Deno.test("nothing that a task or a file is called adds a line to a report of a trace", async () => {
  const ours = textReport(await recordedBy("evil", "path"), { diagrams: 2 }).split("\n").length;
  for (const text of crafted.filter((text) => text !== "")) {
    // A task's name ends with its line, and the kernel cuts it behind 15 bytes.
    const name = `a${text.replace(/[\n#]/g, "").slice(0, 9)}`;
    const result = await recordedBy(name, text);
    assertEquals(result.verdict, "violated", JSON.stringify(text));
    const shown = textReport(result, { diagrams: 2 });
    assertEquals(shown.split("\n").length, ours, JSON.stringify(text));
    assertEquals(ktapReport([result]).split("\n").length, 5 + result.invariants.length);
    assertEquals(
      junitCases(junitReport([result], [], new Date(0))).length,
      result.invariants.length,
    );
    assertNotMatch(visibleJson(jsonReport([result])), unseen);
  }
});
