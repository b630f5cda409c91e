/**
 * The law of the checker: less evidence never gives a stronger verdict. `deno task fuzz` tries it on all
 * recordings and hundreds of thousands of cases.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { caseOf, chanceOf } from "./fuzz/cases.ts";
import { brokenLaw, judge } from "./fuzz/law.ts";
import { readRecordings } from "./fuzz/recordings.ts";
import { without } from "./fuzz/removal.ts";

/**
 * Recordings of a kernel that truly leaves a mapping writable. Of the whole that is undecided, since an event
 * is missing in it or a pass does not fit; a part without the lines that show that finds the breach.
 */
const trulyBroken = ["7.3-shared-xfs.trace.txt.gz", "7.3-shared-two-xfs.trace.txt.gz"];
const bundled = await readRecordings("bundled");
const small = bundled.filter(({ name, records }) =>
  records.length <= 400 && !trulyBroken.includes(name)
);
const judged = new Map(
  await Promise.all(small.map(async (each) => [each.name, await judge(each)] as const)),
);

Deno.test("removing a line, a gap, a task, a CPU, a class, a head or a tail never adds a breach", async () => {
  assert(small.length > 10);
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const { recording, removal, says } = caseOf(small, chanceOf(seed));
      const part = without(recording, removal, says);
      const whole = judged.get(recording.name);
      assert(whole !== undefined);
      const left = new Set(part.records.map(({ line }) => line));
      const broken = brokenLaw(whole, await judge(part), left);
      assertEquals(broken, [], `${recording.name} ${JSON.stringify(removal)}, header: ${says}`);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("a descriptor that is being synced when an error is recorded was open before, whoever saw it opened", async () => {
  const name = "6.12-skips-error-ext4.trace.txt.gz";
  const recording = bundled.find((each) => each.name === name);
  assert(recording !== undefined);
  const opened = recording.records.findIndex(({ line }) => line > 900);
  const part = without(recording, { kind: "head", to: opened }, "nothing");
  const { invariants } = await judge(part);
  const found = invariants.find(({ id }) => id === "DUR-5");
  assertEquals([found?.verdict, found?.why?.kind], ["undecided", "rests_on_absence"]);
});

Deno.test("the story of an error that was not told holds the line that shows the descriptor open before it", async () => {
  const name = "6.12-skips-error-ext4.trace.txt.gz";
  const recording = bundled.find((each) => each.name === name);
  assert(recording !== undefined);
  const whole = await judge(recording);
  const entered = 911, told = 926;
  for (const line of [entered - 1, entered, entered + 2]) {
    const to = recording.records.findIndex((each) => each.line > line);
    const part = without(recording, { kind: "head", to }, "nothing");
    const left = new Set(part.records.map((each) => each.line));
    assertEquals(brokenLaw(whole, await judge(part), left), [], `from line ${line + 1}`);
  }
  const found = whole.invariants.find(({ id }) => id === "DUR-5");
  const story = found?.breaches.map(({ violation }) => violation.because.map(({ line }) => line));
  assertEquals(story, [[entered, 922, told]]);
});

Deno.test("the end of one fsync and the beginning of the next are missing, and what is left is no one call", async () => {
  const name = "6.12-error-ext4.trace.txt.gz";
  const recording = bundled.find((each) => each.name === `${name}@1500`);
  assert(recording !== undefined);
  const at = (line: number) => recording.records.findIndex((each) => each.line >= line);
  // What is left of the second names another open file description, or is entered once more.
  for (const [from, to] of [[1952, 2077], [1938, 1983]] as const) {
    const part = without(recording, { kind: "gap", from: at(from), to: at(to) }, "nothing");
    const found = (await judge(part)).invariants.find(({ id }) => id === "DUR-1");
    assertEquals([found?.verdict, found?.why?.kind], ["undecided", "unjudged_calls"]);
  }
});

Deno.test("an entry of fsync and the return of another of the same descriptor are one call only where events are counted", async () => {
  const name = "6.12-error-ext4.trace.txt.gz@1500";
  const recording = bundled.find((each) => each.name === name);
  assert(recording !== undefined);
  const at = (line: number) => recording.records.findIndex((each) => each.line >= line);
  const failed = 1927, told = 1960, secondReturns = 2049;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: failed + 1, max: told }),
      fc.integer({ min: told + 1, max: secondReturns }),
      async (from, to) => {
        const part = without(recording, { kind: "gap", from: at(from), to: at(to) }, "nothing");
        const found = (await judge(part)).invariants.find(({ id }) => id === "DUR-1");
        assert(found?.verdict !== "violated", `without lines ${from} to ${to - 1}`);
      },
    ),
  );
});

Deno.test("where events are counted, a call that returns 0 after its write has failed is a breach", async () => {
  const name = "6.12-error-ext4.trace.txt.gz@1500";
  const recording = bundled.find((each) => each.name === name);
  assert(recording !== undefined);
  const [from = 0, to = 0] = [1953, 2008].map((line) =>
    recording.records.findIndex((each) => each.line >= line)
  );
  const part = without(recording, { kind: "gap", from, to }, "the truth");
  const found = (await judge(part)).invariants.find(({ id }) => id === "DUR-1");
  assertEquals([found?.verdict, found?.breaches.length], ["violated", 1]);
});
