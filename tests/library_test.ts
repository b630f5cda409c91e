import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { bugs } from "../model/operation/bugs.ts";
import { bundledSuite } from "../vectors/conform/bundled_suite.ts";
import { referenceDriver } from "../vectors/conform/drive/reference_driver.ts";
import {
  conformance,
  type ConformanceOptions,
  type Driver,
  fileSystem,
  type MakeDriver,
  nodeTest,
  type Test,
  type TestFunction,
  vitest,
} from "../vectors/conform/library.ts";
import { ToyFileSystem } from "../vectors/examples/toyfs.ts";

const { vectors } = bundledSuite();
const race = "COH-1/load-beside-a-direct-write";
const sound = referenceDriver();
const buggy = bugDriver("direct-write-invalidates-nothing");

function bugDriver(bug: keyof typeof bugs): Driver {
  return referenceDriver({ name: bug, bug });
}

function toyfs(bug: boolean): Driver {
  return fileSystem({
    name: "toyfs",
    capabilities: ["mmap", "crash"],
    start: (files) => new ToyFileSystem(files, bug),
  });
}

/** The tests that are registered for a driver. */
function testsOf(driver: Driver, options?: ConformanceOptions): readonly Test[] {
  const tests: Test[] = [];
  conformance((test) => tests.push(test), driver, { report: () => {}, ...options });
  return tests;
}

/** What a test runner would show of a test. */
async function outcomeOf({ ignore, fn }: Test): Promise<string> {
  if (ignore) return "ignored";
  let skipped: string | undefined;
  try {
    await fn({ skip: (why) => void (skipped = why) });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return skipped === undefined ? "passed" : `skipped: ${skipped}`;
}

async function only(driver: Driver, handle: string, options: ConformanceOptions = {}) {
  const [test, last] = testsOf(driver, { only: handle, ...options });
  assert(test !== undefined && last !== undefined);
  return { name: test.name, outcome: await outcomeOf(test), last: await outcomeOf(last) };
}

Deno.test("every vector is a test, and the model passes them all", async () => {
  const tests = testsOf(sound, { trials: 2 });
  assertEquals(tests.slice(0, -1).map(({ name }) => name), vectors.map(({ handle }) => handle));
  for (const test of tests) assertEquals(await outcomeOf(test), "passed", test.name);
});

Deno.test("a failure says what happens, what was seen, what is allowed, which invariant, and how to run it", async () => {
  const { outcome } = await only(buggy, race);
  const vector = vectors.find(({ handle }) => handle === race);
  assert(vector?.kind === "operation");
  assertMatch(outcome, /^failed COH-1\/load-beside-a-direct-write, breaks COH-1/);
  const lines = outcome.split("\n").map((line) => line.trim().replace(/ +/g, " "));
  for (
    const line of [
      vector.says,
      "f: 4096 bytes, 0+4096 all 9",
      "w pwrite d 0+4096, all 1",
      "last load B at 0, after w",
      "first=1 last=1",
      "the forced schedule that ended in it:",
      `again: deno test --filter ${race} ${new URL(import.meta.url).pathname}`,
    ]
  ) assert(lines.includes(line), `${line} in\n${outcome}`);
  assertMatch(outcome, /^ +\d+ {2}first=9 last=9 {2}forbidden: COH-1/m);
  assertMatch(outcome, /^ +COH-1: .+ \(spec\/3-direct-io\.md:\d+\)$/m);
});

Deno.test("a judge of events that is wrong is shown the world, the events and the right verdict", async () => {
  const rejected = vectors.find((each) =>
    each.kind === "event" && each.verdict.kind === "rejected"
  );
  assert(rejected?.kind === "event" && rejected.verdict.kind === "rejected");
  const yes: Driver = {
    ...sound,
    answer: () => ({ kind: "verdict", verdict: { kind: "accepted" } }),
  };
  const { outcome } = await only(yes, rejected.handle);
  const { invariant, at } = rejected.verdict;
  assertMatch(outcome, new RegExp(`^ +rejected at event ${at}: ${invariant}`, "m"));
  assertMatch(outcome, /^ +world: pages=\d/m);
  assertMatch(outcome, new RegExp(`^ +${at} {2}${rejected.events[at]?.kind} `, "m"));
});

Deno.test("what a driver lacks stands in the title of the test that is skipped", () => {
  const named = new Map(testsOf(toyfs(false)).map(({ name, ignore }) => [name, ignore]));
  assertEquals(named.get(`${race} (skipped: the driver lacks direct_io)`), true);
  const events = vectors.filter(({ kind }) => kind === "event").length;
  assertEquals(named.get(`${events} vectors of events (skipped: the driver lacks events)`), true);
  const dax = vectors.find(({ configuration, capabilities, kind }) =>
    kind === "operation" && configuration.cache === "dax" &&
    capabilities.every((each) => each === "mmap" || each === "crash")
  );
  assertEquals(named.get(`${dax?.handle} (skipped: it is about DAX)`), true);
});

Deno.test("what a driver skips is skipped, and a run of nothing but skips is no pass", async () => {
  const lazy: Driver = {
    ...sound,
    answer: () => ({ kind: "skipped", why: "not today" }),
  };
  const { outcome, last } = await only(lazy, race);
  assertEquals([outcome, last], [
    "skipped: not today",
    "nothing was run: every vector was skipped",
  ]);
  const unable = testsOf({ ...sound, capabilities: [] }, { only: race });
  assertEquals(await Promise.all(unable.map(outcomeOf)), [
    "ignored",
    "nothing was run: every vector was skipped",
  ]);
});

Deno.test("the test that something is run passes by itself, in whatever order tests run", async () => {
  let reported = "";
  const report = (text: string): void => void (reported = text);
  const last = testsOf(sound, { only: "COH-", trials: 1, report }).at(-1);
  assert(last !== undefined);
  assertEquals(await outcomeOf(last), "passed");
  assertMatch(reported, /^pagespec model \S+: \d+ vectors: 1 passed, .* 0 errored, \d+ not run/);
});

Deno.test("allowed observations that were not seen are a note at the end, and no failure", async () => {
  let reported = "";
  const report = (text: string): void => void (reported = text);
  const once: ConformanceOptions = { only: race, schedules: ["sampled"], trials: 1, report };
  for (const test of testsOf(sound, once)) assertEquals(await outcomeOf(test), "passed");
  assertMatch(reported, /\nnote: 1 of 2 allowed observations were not seen, which is no failure$/);
});

Deno.test("a list of known failures is strict in both directions, but for a race that may be won", async () => {
  const known = `${race} COH-1`;
  const cases: readonly (readonly [Driver, string, RegExp])[] = [
    [buggy, known, /^passed$/],
    [buggy, `${known} sometimes`, /^passed$/],
    [sound, `${known} sometimes`, /^passed$/],
    [sound, known, /^unexpected [^]*known to break COH-1 \(line 1 of the list\), but was passed/],
    [buggy, `${race} DUR-1`, /^unexpected [^]*, but breaks COH-1/],
    [toyfs(false), known, /^unexpected [^]*, but was skipped/],
  ];
  for (const [driver, list, expected] of cases) {
    const { name, outcome } = await only(driver, race, { known: list });
    assertMatch(outcome, expected);
    assertMatch(name, /\(known to break (?:COH-1|DUR-1)(?: sometimes)?\)$/);
  }
});

Deno.test("a driver that is too slow errs, is made anew, and is given up after five times", async () => {
  let made = 0;
  const slow: MakeDriver = () => {
    made++;
    return { ...sound, answer: () => new Promise(() => {}) };
  };
  const tests: Test[] = [];
  await conformance((test) => tests.push(test), slow, { only: "COH-1/", seconds: 0.01 });
  const outcomes = [];
  for (const test of tests.slice(0, 7)) outcomes.push((await outcomeOf(test)).split("\n")[2]);
  assertEquals(outcomes, [
    ...Array(5).fill("  no answer in 1 s"),
    ...Array(2).fill("  the driver was given up: no answer in 1 s"),
  ]);
  assertEquals(made, 6);
});

Deno.test("an answer that is none, or a driver that throws, errs and says why", async () => {
  const answers: readonly (readonly [() => unknown, RegExp])[] = [
    [() => undefined, /expected an answer, not undefined/],
    [() => ({ kind: "outcome", observations: [] }), /expected at least one observation/],
    [() => ({ kind: "verdict", verdict: { kind: "accepted" } }), /a verdict for a vector of oper/],
    [() => Promise.reject(new TypeError("no such page")), /TypeError: no such page/],
  ];
  for (const [answer, why] of answers) {
    const driver: Driver = JSON.parse(JSON.stringify({ ...sound, answer: undefined }));
    const { outcome } = await only(Object.assign({ ...driver }, { answer }), race);
    assertMatch(outcome, why);
    assertMatch(outcome, /^errored /);
  }
});

Deno.test("what makes no sense is refused before anything is registered", async () => {
  const refused: readonly (readonly [ConformanceOptions, string])[] = [
    [{ only: "NONSENSE" }, 'expected a part of a vector\'s handle, not "NONSENSE"'],
    [{ trials: 0 }, "expected trials above 0, not 0"],
    [{ seed: -1 }, "expected a whole number for seed, not -1"],
    [{ seconds: 0 }, "expected seconds above 0, not 0"],
    [{ known: "COH-1/none COH-1" }, "known, line 1: expected the handle of a vector"],
  ];
  for (const [options, why] of refused) {
    assertThrows(() => testsOf(sound, options), RangeError, `conformance: ${why}`);
  }
  assertThrows(() => testsOf({ ...sound, name: "" }), RangeError, "implementation with name");
  await assertRejects(
    () => conformance(() => {}, () => Promise.reject(new Error("no device"))),
    Error,
    "no device",
  );
});

Deno.test("node:test and vitest get a title, whether to skip, no time limit of theirs, and the test", async () => {
  for (
    const [adapt, again] of [
      [nodeTest, /again: node --test --test-name-pattern=\S+ \/\S+library_test\.ts$/m],
      [vitest, /again: vitest run -t \S+ \/\S+library_test\.ts$/m],
    ] as const
  ) {
    const calls: Parameters<TestFunction>[] = [];
    conformance(adapt((...call) => calls.push(call)), buggy, { only: [race, "DAX-HOLE-1/A0"] });
    const [name, options, run] = calls.at(-2) ?? [];
    assertEquals([name, options], [race, { skip: false, timeout: 86_400_000 }]);
    const error = await assertRejects(() => run?.({ skip: () => {} }) ?? Promise.resolve(), Error);
    assertMatch(error.message, again);
  }
});

Deno.test("a handle that is part of another is run again by a pattern of its own", async () => {
  const no: Driver = {
    ...sound,
    answer: () => ({ kind: "verdict", verdict: { kind: "impossible", at: 0 } }),
  };
  const [first] = testsOf(no, { only: "DAX-HOLE-1/A0" });
  assert(first !== undefined);
  assertMatch(await outcomeOf(first), /deno test --filter '\/\^DAX-HOLE-1\/A0\( \|\$\)\/' /);
});

Deno.test("the toy file system conforms, and with its bug loses what is stored during writeback", async () => {
  const tests = testsOf(toyfs(false));
  assertEquals(new Set(await Promise.all(tests.map(outcomeOf))), new Set(["ignored", "passed"]));
  const failed: string[] = [];
  for (const test of testsOf(toyfs(true))) {
    const outcome = await outcomeOf(test);
    if (!["ignored", "passed"].includes(outcome)) failed.push(outcome.split("\n")[0] ?? "");
  }
  assertEquals(failed, [
    "failed DUR-1/store-and-write-to-one-page, breaks META-2 or DUR-1 or COH-1",
  ]);
});

const readme = await Deno.readTextFile(new URL("../vectors/README.md", import.meta.url));

Deno.test("the contract says how long the toy is, and shows its failure as it is printed", async () => {
  const text = await Deno.readTextFile(new URL("../vectors/examples/toyfs.ts", import.meta.url));
  assertStringIncludes(readme, `in ${text.trimEnd().split("\n").length} lines`);
  const { outcome } = await only(toyfs(true), "DUR-1/store-and-write-to-one-page");
  const [, shown = ""] = /^```text\n(failed [^]*?)\n```$/m.exec(readme) ?? [];
  assertEquals(outcome.slice(0, shown.length), shown);
});

Deno.test("the contract has a row for every option of conformance", async () => {
  const source = await Deno.readTextFile(
    new URL("../vectors/conform/library/conformance.ts", import.meta.url),
  );
  const [, declared = ""] = /interface ConformanceOptions \{([^]*?)\n\}/.exec(source) ?? [];
  const options = [...declared.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name);
  const [, table = ""] = /^\| option {6}\| means[^\n]*\n([^]*?)\n\n/m.exec(readme) ?? [];
  assertEquals([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name), options);
});
