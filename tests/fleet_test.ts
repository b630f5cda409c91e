/**
 * Many traces: on all cores, as their reports come, joined, and as KCIDB takes them.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createAutomaton } from "../model/check.ts";
import { judgeFile, judgeFiles, threadsFor } from "../vectors/command/check_file.ts";
import { run as merge } from "../vectors/command/merge.ts";
import { junitReport, ktapReport } from "../vectors/command/report/check_cases.ts";
import { type CheckReport, jsonReport } from "../vectors/command/report/check_json.ts";
import { kcidbReport } from "../vectors/command/report/check_kcidb.ts";
import { readReport } from "../vectors/command/report/read_report.ts";

const recorded = `${import.meta.dirname}/../vectors/recorded`;
const paths = [
  `${recorded}/5.10-mkclean-ext4.trace.txt`,
  "/no/such/file",
  `${recorded}/6.12-mkclean-ext4.trace.txt`,
  `${recorded}/6.12-punch-ext4.trace.txt`,
];

const asked = { kernel: undefined };

/** What comes of the files on so many threads, in the order in which they were named. */
async function reports(threads: number): Promise<readonly CheckReport[]> {
  const found: CheckReport[] = [];
  for await (const { place, judged } of judgeFiles(paths, asked, threads, createAutomaton())) {
    found[place] = "found" in judged ? jsonReport([], [judged]) : jsonReport([judged.result]);
  }
  return found;
}

const alone = await reports(1);

Deno.test("on two threads each file has the report that it has on one", async () => {
  assertEquals(JSON.stringify(await reports(2)), JSON.stringify(alone));
});

Deno.test("files that are judged before a thread has started need none", async () => {
  assertEquals(await threadsFor(paths), 1);
  // A folder is one recording, however large.
  assertEquals(await threadsFor([recorded]), navigator.hardwareConcurrency);
});

Deno.test("a report is read back as it was written, and nothing else is taken for one", () => {
  for (const report of alone) {
    assertEquals(
      readReport(JSON.parse(JSON.stringify(report))),
      JSON.parse(JSON.stringify(report)),
    );
  }
  for (const other of [undefined, {}, { version: 2, traces: [] }, { version: 1, traces: [{}] }]) {
    assertEquals(typeof readReport(other), "string");
  }
});

Deno.test("what merge is given must be a report", async () => {
  assertEquals(await merge([]), 2);
  assertEquals(await merge([`${recorded}/5.10-mkclean-ext4.card.yaml`]), 2);
});

/** What merge says of reports on standard error, and its status. */
async function mergeSays(
  report: string,
): Promise<{ readonly status: number; readonly said: string }> {
  const { writeSync } = Deno.stderr;
  const path = await Deno.makeTempFile();
  let said = "";
  Deno.stderr.writeSync = (bytes) => {
    said += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  try {
    await Deno.writeTextFile(path, report);
    return { status: await merge([path]), said };
  } finally {
    Deno.stderr.writeSync = writeSync;
    await Deno.remove(path);
  }
}

Deno.test("a report in which nothing was judged is no pass, and what is none is named", async () => {
  const empty = await mergeSays("");
  assertEquals(empty.status, 2);
  assertMatch(empty.said, /: an empty file; expected a report/);
  assertEquals((await mergeSays('{"version":1,"traces":[]}')).status, 2);
  assertMatch((await mergeSays("junk")).said, /, report 1: expected a report .*; it is no JSON/);
  const other = await mergeSays('{"version":1,"traces":[{"path":3}]}');
  assertMatch(other.said, /; \/traces\/0 must have required property/);
});

Deno.test("a report for people's tools is named, and no other is made from it", async () => {
  const [junit, ktap] = [
    await mergeSays(junitReport([], [], new Date(0))),
    await mergeSays(ktapReport([])),
  ];
  assertEquals([junit.status, ktap.status], [2, 2]);
  assertMatch(junit.said, /a JUnit report, .* expected what `check --format json`/);
  assertMatch(ktap.said, /a KTAP report, .* expected what `check --format json`/);
});

Deno.test("what a recording would decide has its plan in every report, and nothing else has", async () => {
  const trace = `${recorded}/7.3-shared-xfs.trace.txt.gz`;
  const judged = await judgeFile(trace, asked, createAutomaton());
  assert(!("found" in judged));
  const report = jsonReport([judged.result]);
  const decidable = report.traces.flatMap(({ invariants }) =>
    invariants.filter((each) => each.recording_decides === true).map(({ id }) => id)
  );
  assert(decidable.length > 0);
  const { said } = await mergeSays(JSON.stringify(report));
  assertMatch(
    said,
    new RegExp(`is undecided: .*; \`pagespec plan ${decidable.join(" ")}\` prints`),
  );
  for (const each of junitReport([judged.result], [], new Date(0)).split("\n")) {
    const [, id] = /<testcase name="([^"]+)".*<error .*`pagespec plan \1`/.exec(each) ?? [];
    assertEquals(id !== undefined, decidable.some((one) => each.includes(`name="${one}"`)), each);
  }
});

Deno.test("JUnit has the attributes that fstests' schema requires, one suite alone as the root", async () => {
  const judged = await judgeFile(
    `${recorded}/5.10-mkclean-ext4.trace.txt`,
    asked,
    createAutomaton(),
  );
  assert(!("found" in judged));
  const { result } = judged;
  const required = new Map([
    ["testsuite", ["name", "tests", "failures", "time", "timestamp", "hostname"]],
    ["testcase", ["name", "classname", "time"]],
    ["failure", ["type"]],
    ["error", ["type"]],
  ]);
  const made = new Date("2026-01-02T03:04:05.678Z");
  for (
    const [results, root] of [[[result], "testsuite"], [[result, result], "testsuites"]] as const
  ) {
    const document = junitReport(results, [], made);
    assertEquals(/<(\w+)[ >]/.exec(document)?.[1], root);
    assertMatch(document, / timestamp="2026-01-02T03:04:05"/);
    for (const [, tag = "", attributes = ""] of document.matchAll(/<(\w+)([^>]*)>/g)) {
      for (const name of required.get(tag) ?? []) assertMatch(attributes, new RegExp(` ${name}="`));
    }
  }
});

Deno.test("in KCIDB a verdict is a status, and what was not judged is no pass", () => {
  const joined = {
    version: 1,
    traces: alone.flatMap(({ traces }) => traces),
    unreadable: alone.flatMap(({ unreadable = [] }) => unreadable),
  };
  const { version, tests } = kcidbReport(joined);
  assertEquals(version, { major: 5, minor: 3 });
  const verdicts = new Map<string, string>();
  for (const { path, invariants } of joined.traces) {
    for (const { id, verdict } of invariants) verdicts.set(`pagespec:${path}:${id}`, verdict);
  }
  const status = new Map([
    ["holds", "PASS"],
    ["violated", "FAIL"],
    ["undecided", "ERROR"],
    ["unexercised", "SKIP"],
  ]);
  for (const { id, build_id: build, path, ...test } of tests) {
    const verdict = verdicts.get(id);
    assertEquals(test.status, verdict === undefined ? "MISS" : status.get(verdict), id);
    // The patterns of kcidb_io/schema/v05_03.py.
    assertMatch(id, /^[a-z0-9_]+:/);
    assertMatch(build, /^[a-z0-9_]+:/);
    assertMatch(path, /^[.a-zA-Z0-9_-]*$/);
  }
  assertEquals(new Set(tests.map(({ id }) => id)).size, tests.length);
  for (const each of status.values()) {
    assert(each === "ERROR" || tests.some((test) => test.status === each), each);
  }
});
