import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { bundledSuite } from "../vectors/conform/bundled_suite.ts";
import { junitReport, ktapReport, textReport } from "../vectors/command/report/conform_text.ts";
import { plainText } from "../vectors/command/report/line.ts";
import { jsonReport } from "../vectors/command/report/conform_json.ts";
import { type Conformance, statusOf } from "../vectors/conform/result.ts";
import { runSuite, type SuiteRun } from "../vectors/conform/run_suite.ts";

const schema = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/schema/conform.schema.json", import.meta.url)),
);
const isReport = new Ajv2020({ strict: false }).compile(schema);

const suite = bundledSuite();

/** Four vectors that the driver would pass if it behaved: events that break nothing. */
const vectors = suite.vectors
  .filter((vector) => vector.kind === "event" && vector.verdict.kind === "accepted")
  .slice(0, 4);

async function against(
  manner: string,
  { said = "", ...more }: Partial<SuiteRun> & { readonly said?: string } = {},
): Promise<Conformance> {
  const script = new URL("./hostile_driver.ts", import.meta.url).pathname;
  return await runSuite({
    suite: "test",
    command: ["deno", "run", "--quiet", "--no-prompt", "--allow-run", script, manner, said],
    vectors,
    known: [],
    schedules: ["sampled"],
    trials: 1,
    seed: 1,
    timeout: 1500,
    ...more,
  });
}

/** Every form of the report can be made, and the document is valid. */
function assertReported(conformance: Conformance): void {
  const document = JSON.parse(JSON.stringify(jsonReport(conformance)));
  assertEquals(isReport(document), true, JSON.stringify(isReport.errors?.slice(0, 2)));
  assertEquals(document.results.length, vectors.length);
  assertMatch(plainText(textReport(conformance, { all: true })), /\n4 vectors: .* 0 not run$/);
  assertMatch(junitReport(conformance, new Date(0)), /<testsuite [\s\S]*<\/testsuite>$/);
  assertMatch(ktapReport(conformance), /^KTAP version 1\n1\.\.1\n/);
}

/** What a driver does at its second vector, and what the runner says of it. */
const lapses: readonly (readonly [manner: string, why: RegExp])[] = [
  ["garbage", /expected one JSON object, not "..\[31m\{not json"/],
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
    ["nameless", /expected implementation with name and version/],
    ["other-capability", /expected capabilities of the closed list, not "time_travel"/],
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
    ["stays-after-bye", /ended with signal SIGTERM after bye/],
    ["ignores-sigterm", /ended with signal SIGKILL after bye/],
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

Deno.test("what a driver says is one line of a report, without control characters", async () => {
  const conformance = await against("two-lines");
  const [, second] = conformance.results;
  assertEquals([second?.verdict, second?.why], ["skipped", "no\nok 2 pass\x1b[2J\0"]);
  assertEquals(conformance.implementation?.name, "hostile\nok 1");
  const text = plainText(textReport(conformance, { all: true })).split("\n");
  assertEquals(text[0], "hostile\\nok 1 1 two-lines");
  assertEquals(text.filter((line) => line.includes("pass\\x1b[2J\\x00")).length, 1);
  assertEquals(ktapReport(conformance).split("\n").length, 9);
  assertReported(conformance);
});

/** What the kernel says a process does, as a letter; nothing if there is none. */
async function stateOf(pid: string): Promise<string> {
  const args = ["-c", `cut -d" " -f3 /proc/${pid}/stat 2>/dev/null || true`];
  const { stdout } = await new Deno.Command("sh", { args }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("what a driver has started does not outlive the run", async () => {
  const started = performance.now();
  const conformance = await against("leaves-a-child");
  assertEquals(statusOf(conformance), 0);
  assert(performance.now() - started < 9000, "nobody waits for the child");
  const pid = conformance.implementation?.details ?? "";
  assertMatch(pid, /^\d+$/);
  // A signal takes its time on a machine that is busy. Z: it is dead, and nobody has asked how it died.
  const patience = performance.now() + 5000;
  let state = await stateOf(pid);
  while (!/^(Z\n)?$/.test(state) && performance.now() < patience) state = await stateOf(pid);
  assertMatch(state, /^(Z\n)?$/);
});

Deno.test("a run ends with its driver, whoever else holds the driver's pipes", async () => {
  const started = performance.now();
  const conformance = await against("leaves-a-daemon");
  const pid = Number(conformance.implementation?.details);
  assertEquals(statusOf(conformance), 0);
  assert(performance.now() - started < 9000, "nobody waits for the daemon");
  assertMatch(await stateOf(String(pid)), /^[RS]\n$/);
  await new Deno.Command("kill", { args: [String(pid)] }).output();
});

Deno.test("a run that is stopped ends at once, and says what it did not reach", async () => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 3000);
  const started = performance.now();
  const conformance = await against("silence", { timeout: 60_000, stop: stop.signal });
  clearTimeout(timer);
  assert(performance.now() - started < 20_000);
  assertEquals(conformance.results.map(({ verdict }) => verdict), ["passed"]);
  assertEquals([conformance.notRun, conformance.complaints], [3, []]);
  assertEquals(statusOf(conformance), 2);
  assertMatch(plainText(textReport(conformance, { all: false })), /1 passed, .* 3 not run$/);
});

const operations = suite.vectors.filter(({ kind }) => kind === "operation");
const directWrite = operations.filter(({ handle }) =>
  handle === "COH-1/load-beside-a-direct-write"
);

async function observing(observations: readonly unknown[], more: Partial<SuiteRun> = {}) {
  const counted = observations.map((observation) => ({ observation, count: 1 }));
  const said = JSON.stringify({ kind: "outcome", observations: counted });
  const { results: [result] } = await against("says", { said, vectors: directWrite, ...more });
  return result;
}

Deno.test("an error that no vector allows is a failure and no nonsense", async () => {
  const result = await observing([{ first: "EPERM", last: 1 }]);
  assertEquals([result?.verdict, result?.why], ["failed", "observed first=EPERM last=1"]);
});

Deno.test("an observation of what is no operation, or of no bytes, is nonsense", async () => {
  for (const odd of [{ "first=9 last": 1 }, { first: [[-1, 9]], last: 1 }, { first: 0.5 }]) {
    const result = await observing([odd]);
    assertEquals([result?.verdict, result?.why], [
      "errored",
      "expected results by operation id in every observation",
    ]);
  }
});

Deno.test("an observation of another vector's operation is nonsense", async () => {
  const result = await observing([{ first: 1, last: 1, third: 1 }]);
  assertEquals([result?.verdict, result?.why], [
    "errored",
    'a result of "third", which is no operation of the vector',
  ]);
});

Deno.test("a verdict that names no invariant of the closed list is nonsense, and no finding", async () => {
  for (const invariant of ["COH-99", "COH-1\nok 2 forged", "\u001b[2J", ""]) {
    const rejected = { kind: "rejected", invariant, at: 0 };
    const implied = [{ invariant, at: 0 }];
    for (const verdict of [rejected, { ...rejected, invariant: "COH-1", implied }]) {
      const said = JSON.stringify({ kind: "verdict", verdict });
      const { results: [result] } = await against("says", { said, vectors: vectors.slice(0, 1) });
      assertEquals(result?.verdict, "errored");
      assertMatch(result?.why ?? "", /an invariant of the closed list/);
    }
  }
});

Deno.test("a failure is known only if all that was wrong is of the invariant that is listed", async () => {
  const handle = "DUR-5/error-told-once";
  const vectors = operations.filter((each) => each.handle === handle);
  const twice = { first: "EIO", second: "EIO" };
  const late = { second: "EIO" };
  const verdict = async (invariant: string, ...observed: readonly unknown[]) => {
    const known = [{ handle, invariant, sometimes: false, line: 1 }];
    return (await observing(observed, { vectors, known }))?.verdict;
  };
  assertEquals(await verdict("DUR-5", twice), "known");
  assertEquals(await verdict("DUR-1", late), "known");
  assertEquals(await verdict("DUR-1", twice), "unexpected");
  assertEquals(await verdict("DUR-5", twice, late), "unexpected");
});

Deno.test("a race that is known may pass, and may not be skipped or break something else", async () => {
  const verdict = async (said: unknown) => {
    const known = [{
      handle: directWrite[0]?.handle ?? "",
      invariant: "COH-1",
      sometimes: true,
      line: 1,
    }];
    const more = { said: JSON.stringify(said), vectors: directWrite, known };
    const { results: [result] } = await against("says", more);
    return result?.verdict;
  };
  const observed = (first: number, last: number) => ({
    kind: "outcome",
    observations: [{ observation: { first, last }, count: 1 }],
  });
  assertEquals(await verdict(observed(1, 1)), "passed");
  assertEquals(await verdict(observed(9, 9)), "known");
  assertEquals(await verdict({ kind: "skipped", why: "not today" }), "unexpected");
});
