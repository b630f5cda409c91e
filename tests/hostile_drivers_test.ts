import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { readSuite, suiteFolder } from "../vectors/conform/read_suite.ts";
import { junitReport, ktapReport, textReport } from "../vectors/conform/report.ts";
import { jsonReport } from "../vectors/conform/report_json.ts";
import { type Conformance, statusOf } from "../vectors/conform/result.ts";
import { runSuite } from "../vectors/conform/run_suite.ts";

const schema = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/schema/conform.schema.json", import.meta.url)),
);
const isReport = new Ajv2020({ strict: false }).compile(schema);

/** Four vectors that the driver would pass if it behaved: events that break nothing. */
async function harmless() {
  const suite = await readSuite(suiteFolder);
  if (typeof suite === "string") throw new Error(suite);
  return suite.vectors
    .filter((vector) => vector.kind === "event" && vector.verdict.kind === "accepted")
    .slice(0, 4);
}

const vectors = await harmless();

async function against(manner: string): Promise<Conformance> {
  const script = new URL("./hostile_driver.ts", import.meta.url).pathname;
  return await runSuite({
    suite: "test",
    command: ["deno", "run", "--quiet", "--no-prompt", "--allow-run", script, manner],
    vectors,
    known: [],
    schedules: ["sampled"],
    trials: 1,
    seed: 1,
    timeout: 1500,
  });
}

/** Every form of the report can be made, and the document is valid. */
function assertReported(conformance: Conformance): void {
  const document = JSON.parse(JSON.stringify(jsonReport(conformance)));
  assertEquals(isReport(document), true, JSON.stringify(isReport.errors?.slice(0, 2)));
  assertEquals(document.results.length, vectors.length);
  assertMatch(textReport(conformance, { all: true }), /\n4 vectors: .* 0 not run$/);
  assertMatch(junitReport(conformance), /<testsuites>[\s\S]*<\/testsuites>$/);
  assertMatch(ktapReport(conformance), /^KTAP version 1\n1\.\.1\n/);
}

/** What a driver does at its second vector, and what the runner says of it. */
const lapses: readonly (readonly [manner: string, why: RegExp])[] = [
  ["garbage", /expected one JSON object, not "\?\?\[31m\{not json"/],
  ["half-a-line", /the driver ended \(status 0\)/],
  ["wrong-seq", /the reply has the seq of another request/],
  ["no-seq", /expected the seq of the request/],
  ["silence", /no reply in 1\.5 s/],
  ["exit", /the driver ended \(status 3\)/],
  ["signal", /the driver ended \(signal SIGKILL\)/],
  ["endless-line", /a line that is longer than the protocol allows/],
  ["hello-again", /not another hello/],
  ["other-kind", /an outcome for a vector of events/],
  ["array", /expected a JSON object/],
];

for (const [manner, why] of lapses) {
  Deno.test(`a driver with the vice "${manner}" errs once, and is started again`, async () => {
    const conformance = await against(manner);
    const verdicts = conformance.results.map(({ verdict }) => verdict);
    // The driver that is started again errs at its own second vector, the last of the four.
    const expected = ["passed", "errored", "passed", "errored"];
    assertEquals(verdicts, expected);
    assertMatch(conformance.results[1]?.why ?? "", why);
    assertEquals(statusOf(conformance), 2);
    assertReported(conformance);
  });
}

Deno.test("a line of two megabytes is read like any other", async () => {
  const conformance = await against("long-line");
  assertEquals(statusOf(conformance), 0);
  assertReported(conformance);
});

Deno.test("a driver that answers twice errs at the next vector", async () => {
  const conformance = await against("two-replies");
  const verdicts = conformance.results.map(({ verdict }) => verdict);
  assertEquals(verdicts, ["passed", "passed", "errored", "passed"]);
  assertEquals(statusOf(conformance), 2);
});

for (
  const [manner, why] of [
    ["no-hello", /ended before its hello \(status 0\)/],
    ["odd-hello", /instead of a hello: expected a number in protocol/],
    ["other-protocol", /speaks protocol 2, not 1/],
  ] as const
) {
  Deno.test(`of a driver with the vice "${manner}" nothing is judged`, async () => {
    const conformance = await against(manner);
    assertEquals(new Set(conformance.results.map(({ verdict }) => verdict)), new Set(["errored"]));
    assertMatch(conformance.results[0]?.why ?? "", why);
    assertEquals(statusOf(conformance), 2);
    assertReported(conformance);
  });
}

for (
  const [manner, why] of [
    ["talks-after-bye", /wrote 1 lines that nobody asked for/],
    ["fails-after-bye", /ended with status 7 after bye/],
    ["stays-after-bye", /ended with signal SIGKILL after bye/],
  ] as const
) {
  Deno.test(`a driver with the vice "${manner}" has judged all, and still is at fault`, async () => {
    const conformance = await against(manner);
    assertEquals(new Set(conformance.results.map(({ verdict }) => verdict)), new Set(["passed"]));
    assertMatch(conformance.complaints.join(), why);
    assertEquals(statusOf(conformance), 2);
    assertReported(conformance);
  });
}

Deno.test("a driver that cannot be started is given up after five attempts", async () => {
  const many = [...vectors, ...vectors];
  const conformance = await runSuite({
    suite: "test",
    command: ["/no/such/driver"],
    vectors: many,
    known: [],
    schedules: ["sampled"],
    trials: 1,
    seed: 1,
    timeout: 1000,
  });
  const reasons = conformance.results.map(({ why = "" }) => why);
  assertEquals(reasons.filter((why) => why.startsWith("the driver was given up")).length, 3);
  for (const why of reasons) assertStringIncludes(why, "the driver cannot be started");
  assertEquals(statusOf(conformance), 2);
});
