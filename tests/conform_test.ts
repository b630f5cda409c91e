import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { bugNames, bugs } from "../model/operation/bugs.ts";
import { decodeReply } from "../vectors/conform/decode_reply.ts";
import { judgeObservations } from "../vectors/conform/judge.ts";
import { readKnownFailures } from "../vectors/conform/known_failures.ts";
import { judgeVerdict } from "../vectors/conform/judge_verdict.ts";
import type { CountedObservation } from "../vectors/conform/protocol.ts";
import { questionOf, schedulesOf } from "../vectors/conform/question.ts";
import { bundledSuite } from "../vectors/conform/bundled_suite.ts";
import { junitReport, ktapReport, textReport } from "../vectors/command/report/conform_text.ts";
import { plainText } from "../vectors/command/report/line.ts";
import {
  type Conformance,
  type SeenInSchedule,
  statusOf,
  type VectorResult,
} from "../vectors/conform/result.ts";
import { validator } from "../vectors/conform/validate.ts";
import { judgeMutants } from "../vectors/conform/drive/judge_mutants.ts";
import { referenceDriver } from "../vectors/conform/drive/reference_driver.ts";
import type { AnyVector } from "../vectors/format/any_vector.ts";
import type { OperationVector } from "../vectors/format/operation_vector.ts";
import { rows } from "./bundled_suite.ts";
import { codePoint } from "./code_point.ts";

const { vectors } = bundledSuite();
const operations = vectors.flatMap((each) => each.kind === "operation" ? [each] : []);

function vector(handle: string): OperationVector {
  const found = operations.find((each) => each.handle === handle);
  if (found === undefined) throw new Error(`no vector ${handle}`);
  return found;
}

/** What was observed in one schedule that was not forced. */
function sampled(observations: readonly CountedObservation[]): readonly SeenInSchedule[] {
  return [{ schedule: { kind: "sampled", trials: 1, seed: 1 }, observations }];
}

/** The vectors that the kill matrix says to find this mutant, and then the others. */
function likeliestFirst<V extends AnyVector>(among: readonly V[], mutant: string): readonly V[] {
  const killers = new Set(rows.find(({ id }) => id === mutant)?.killedBy);
  return [...among.filter(({ id }) => killers.has(id)), ...among];
}

const directWrite = vector("COH-1/load-beside-a-direct-write");

Deno.test("an observation counts whether or not it lists what succeeded in full", () => {
  const sparse = { first: 9, last: 1 };
  const full = { ...sparse, w: 4096, "P1.1": 0, "P2.1": 0, "P2.2": 0 };
  for (const observation of [sparse, full]) {
    const { observed } = judgeObservations(directWrite, sampled([{ observation, count: 3 }]));
    assertEquals(observed, [{ kind: "allowed", text: "first=9 last=1", count: 3 }]);
  }
});

Deno.test("what no list names is forbidden, by what the vector exercises", () => {
  const strange = [
    { first: 9, last: 5 },
    { first: 9, last: 1, w: 512 },
    { first: 9, last: 1, "P1.1": "EIO" as const },
    { first: 9 },
    { first: 9, last: 1, nobody: 1 },
    { first: 9, last: "hang" as const },
  ];
  for (const observation of strange) {
    const [judged] = judgeObservations(directWrite, sampled([{ observation, count: 1 }])).observed;
    assertEquals(judged?.kind === "forbidden" ? judged.invariants : [], ["COH-1", "COH-3"]);
  }
});

Deno.test("allowed observations that were not seen are listed, and are no failure", () => {
  const judged = judgeObservations(
    directWrite,
    sampled([{ observation: { first: 1, last: 1 }, count: 1 }]),
  );
  assertEquals(judged.unseen, ["first=9 last=1"]);
});

Deno.test("each mutant of the model, driven, fails a vector that names the invariant it breaks", () => {
  const sampling = { schedules: ["forced"] as const, trials: 1, seed: 1 };
  for (const bug of bugNames) {
    const driver = referenceDriver({ name: bug, bug });
    const breaks = (each: OperationVector): boolean =>
      schedulesOf(each, sampling).some((schedule) => {
        const answer = driver.answer(questionOf(each), schedule);
        if (answer instanceof Promise || answer.kind !== "outcome") throw new Error(bug);
        const { observed } = judgeObservations(each, sampled(answer.observations));
        return observed.some((one) =>
          one.kind === "forbidden" && one.invariants.includes(bugs[bug].breaks)
        );
      });
    assert(likeliestFirst(operations, `operations/${bug}`).some(breaks), bug);
  }
});

Deno.test("each mutant of the judge, driven, fails a vector; an invariant that it judges otherwise is named", () => {
  const mutants = judgeMutants();
  assert(mutants.length > 500);
  const events = vectors.flatMap((each) => each.kind === "event" ? [each] : []);
  for (const { id, invariant, judge, kinds } of mutants) {
    const driver = referenceDriver({ name: id, judge });
    const isCaught = likeliestFirst(events, id).some((each) => {
      if (!each.events.some(({ kind }) => kinds.has(kind))) return false;
      const answer = driver.answer(questionOf(each), undefined);
      if (answer instanceof Promise || answer.kind !== "verdict") throw new Error(id);
      const wrong = judgeVerdict(each, answer.verdict);
      return wrong !== undefined &&
        (invariant === undefined || wrong.invariants.includes(invariant));
    });
    assert(isCaught, id);
  }
});

Deno.test("a verdict is judged as far as it goes", () => {
  const rejected = vectors.flatMap((each) =>
    each.kind === "event" && each.verdict.kind === "rejected" && each.verdict.implied.length > 0
      ? [{ vector: each, verdict: each.verdict }]
      : []
  );
  assert(rejected.length > 0);
  for (const { vector, verdict } of rejected) {
    const { kind, invariant, at, implied } = verdict;
    const stops = { kind, invariant, at };
    assertEquals(judgeVerdict(vector, stops), undefined);
    assertEquals(judgeVerdict(vector, { ...stops, implied: implied.toReversed() }), undefined);
    const missed = judgeVerdict(vector, { ...stops, implied: [] });
    assertEquals(new Set(missed?.invariants), new Set(implied.map((each) => each.invariant)));
    assertEquals(judgeVerdict(vector, { kind: "accepted" })?.invariants, [invariant]);
    assertEquals(judgeVerdict(vector, { kind: "impossible", at })?.invariants, [invariant]);
  }
});

Deno.test("no expectation crosses the wire", () => {
  const validate = validator();
  for (const each of vectors) {
    const question = questionOf(each);
    const secret = ["allowed", "forbidden", "verdict", "invariants", "says", "provenance", "stays"];
    assertEquals(secret.filter((field) => field in question), [], each.handle);
    assertEquals(validate({ kind: "run", seq: "x", vector: question }), undefined, each.handle);
  }
});

Deno.test("the schema of the protocol refuses what is no message", () => {
  const validate = validator();
  const refused = [
    {},
    { kind: "hi" },
    { kind: "hello" },
    { kind: "outcome", seq: "1", observations: [] },
    { kind: "outcome", seq: "1", observations: [{ observation: { a: "evil" }, count: 1 }] },
    { kind: "skipped", seq: "1" },
    { kind: "run", seq: "1", vector: directWrite },
  ];
  for (const message of refused) assertNotEquals(validate(message), undefined);
});

const handles = new Set(operations.map(({ handle }) => handle));

Deno.test("a list of known failures has a handle and an invariant a line, and knows races", () => {
  const [first = "", second = ""] = handles;
  const text = `# why\n${first}   COH-1  # why\n\n${second} COH-2 sometimes\n`;
  assertEquals(readKnownFailures(text, "list", handles), [
    { handle: first, invariant: "COH-1", sometimes: false, line: 2 },
    { handle: second, invariant: "COH-2", sometimes: true, line: 4 },
  ]);
  const refused: readonly (readonly [string, RegExp])[] = [
    ["COH-1/load-beside-a-direct-write", /^list, line 1: expected a handle and an invariant/],
    ["\nCOH-1/load-beside-a-direct COH-1", /^list, line 2: expected the handle of a vector/],
    ["COH-1/load-beside-a-direct-write COH-1 COH-3", /^list, line 1: expected a handle and/],
    [
      "COH-1/load-beside-a-direct-write COH-1\nCOH-1/load-beside-a-direct-write COH-3",
      /^list, line 2: expected each handle once/,
    ],
  ];
  for (const [bad, why] of refused) {
    assertMatch(String(readKnownFailures(bad, "list", handles)), why);
  }
});

const verdict = fc.constantFrom(
  "passed" as const,
  "failed" as const,
  "known" as const,
  "unexpected" as const,
  "skipped" as const,
  "errored" as const,
);

const result = verdict.map((each): VectorResult => ({
  id: "0123456789ab",
  handle: "COH-1/x",
  kind: "operation",
  verdict: each,
  invariants: [],
  observed: [],
  unseen: [],
  milliseconds: 1,
}));

function conformance(results: readonly VectorResult[]): Conformance {
  return {
    suite: "1",
    command: ["driver"],
    implementation: undefined,
    schedules: [],
    trials: 1,
    seed: 1,
    results,
    notRun: 0,
    complaints: [],
  };
}

Deno.test("a run passes only if something passed and nothing failed or went unjudged", () => {
  fc.assert(fc.property(fc.array(result), (results) => {
    const verdicts = results.map((each) => each.verdict);
    const has = (...of: readonly VectorResult["verdict"][]): boolean =>
      verdicts.some((each) => of.includes(each));
    const expected = has("failed", "unexpected")
      ? 1
      : has("errored") || !has("passed", "known")
      ? 2
      : 0;
    assertEquals(statusOf(conformance(results)), expected);
  }));
});

Deno.test("a report in any form says that a run of nothing, or of skips alone, is no pass", () => {
  const [skipped] = fc.sample(result.filter((each) => each.verdict === "skipped"), 1);
  for (const results of [[], skipped === undefined ? [] : [skipped]]) {
    const run = conformance(results);
    assertEquals(statusOf(run), 2);
    assertMatch(ktapReport(run), /^not ok 1 conform$/m);
    assertMatch(ktapReport(run), /not ok \d+ run # undecided: nothing was run/);
    assertMatch(
      junitReport(run, new Date(0)),
      /<error type="undecided" message="nothing was run"\/>/,
    );
    assertMatch(plainText(textReport(run, { all: false })), / 0 passed, 0 failed, .* \d skipped/);
  }
});

/** Text that is nearly a reply: what each field may hold, and something odd now and then. */
const nearlyReply = (() => {
  const odd = fc.jsonValue({ maxDepth: 2 });
  const often = (good: fc.Arbitrary<unknown>) =>
    fc.oneof({ arbitrary: good, weight: 9 }, { arbitrary: odd, weight: 1 });
  const result = fc.oneof(
    fc.integer(),
    fc.constantFrom("EIO", "SIGBUS", "hang", "cut", "EPERM", "eio", "E"),
    fc.array(fc.tuple(fc.integer({ min: -1, max: 9 }), fc.nat(255)), { maxLength: 3 }),
  );
  const observation = fc.dictionary(
    fc.constantFrom("r", "P1.2", "a b", "__proto__"),
    often(result),
  );
  const counted = fc.record({ observation: often(observation), count: often(fc.nat(3)) });
  const implementation = fc.record({ name: often(fc.string()), version: often(fc.string()) });
  const rejected = fc.record({
    kind: fc.constant("rejected"),
    invariant: fc.constantFrom("COH-1", ""),
    at: fc.constantFrom(0, 3, -1, 0.5),
    implied: fc.option(
      fc.array(fc.record({ invariant: fc.constant("INV-4"), at: fc.integer({ min: -1, max: 2 }) })),
      { nil: undefined },
    ),
  });
  return fc.record({
    kind: fc.constantFrom("hello", "outcome", "verdict", "skipped", "errored", "bye"),
    seq: often(fc.constant("1")),
    why: often(fc.string({ unit: codePoint })),
    protocol: often(fc.constantFrom(1, 2, 0, 1.5)),
    implementation: often(implementation),
    capabilities: often(fc.array(fc.constantFrom("mmap", "pmd", "events"), { maxLength: 3 })),
    schedules: often(fc.array(fc.constantFrom("forced", "sampled"), { maxLength: 2 })),
    observations: often(fc.array(often(counted), { minLength: 1, maxLength: 2 })),
    verdict: often(fc.oneof(fc.constant({ kind: "accepted" }), rejected)),
  });
})();

Deno.test("every line is a reply of the protocol's schema, or says what was expected", () => {
  const validate = validator();
  let replies = 0;
  fc.assert(
    fc.property(fc.oneof(nearlyReply.map((each) => JSON.stringify(each)), fc.string()), (line) => {
      const decoded = decodeReply(line);
      if (decoded.kind === "unreadable") {
        assert(decoded.expected.length < 200, decoded.expected);
        return;
      }
      replies++;
      assertEquals(validate(decoded), undefined, line);
    }),
    { seed: 1, numRuns: 5000 },
  );
  assert(replies > 200, `only ${replies} were replies`);
});
