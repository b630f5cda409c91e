import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { explore } from "../model/operation/explore.ts";
import { type Bug, bugNames, bugs } from "../model/operation/bugs.ts";
import { layOut } from "../model/operation/layout.ts";
import { type Observation, observationKey } from "../model/operation/observation.ts";
import type { Operation } from "../model/operation/operation.ts";
import type { Medium, Scenario } from "../model/operation/scenario.ts";
import { chanceFrom } from "../model/operation/chance.ts";
import { walkAlong, walkAtRandom } from "../model/operation/walk.ts";
import { disagreement, scenarioOf } from "../vectors/generate/authored/operations/draft.ts";
import { everyOperationDraft } from "../vectors/generate/authored/operations/every_draft.ts";
import { everyOperationVector } from "../vectors/generate/authored/operations/every_operation.ts";
import { mediaOf } from "../vectors/format/operation_vector.ts";
import { stepOf, stepText } from "../vectors/format/schedule_step.ts";
import { litmusRows, litmusWithout } from "./litmus.ts";

const cached: Medium = { cache: "page_cache", stableWrites: false, blockSize: 4096 };

const drafts = everyOperationDraft();

const authored = fc.constantFrom(...drafts);

function keysOf(listed: readonly { readonly observation: Observation }[]): ReadonlySet<string> {
  return new Set(listed.map(({ observation }) => observationKey(observation)));
}

function scenario(...operations: readonly Operation[]): Scenario {
  const extents = [{ kind: "data", offset: 0, length: 4096, value: 9 }] as const;
  return { files: { f: { size: 4096, extents } }, processes: [{ name: "P1", operations }] };
}

const open: Operation = { id: "o", kind: "open", fd: "a", file: "f", flags: [] };

Deno.test("author and model allow the same observations, and none that is forbidden", () => {
  for (const { vector, draft } of drafts) {
    const found = [...keysOf(draft.body.allowed)];
    assertEquals(disagreement(vector, found), undefined);
    for (const key of keysOf(draft.body.forbidden)) assert(!found.includes(key), key);
  }
});

Deno.test("an author who allows too much or too little is told what", () => {
  for (const { vector, draft } of drafts) {
    const found = [...keysOf(draft.body.allowed)];
    const [one = {}, ...others] = vector.allowed;
    const less = disagreement({ ...vector, allowed: others }, found) ?? "";
    assertStringIncludes(less, `only the model allows: ${observationKey(one) || "all succeed"}`);
    const more = disagreement({ ...vector, allowed: [...vector.allowed, { x: "hang" }] }, found);
    assertMatch(more ?? "", /only the author allows: x=hang/);
  }
});

Deno.test("a run that chance leads ends in something that exploring found", () => {
  fc.assert(fc.property(authored, fc.integer({ min: 0 }), ({ vector, draft }, seed) => {
    const allowed = keysOf(draft.body.allowed);
    for (const medium of mediaOf(vector.configuration)) {
      const observed = walkAtRandom(layOut(scenarioOf(vector), medium), chanceFrom(seed));
      assert(allowed.has(observationKey(observed)), `${draft.handle}: ${observationKey(observed)}`);
    }
  }));
});

Deno.test("a sound file system ends in something allowed along any schedule whatever", () => {
  const step = fc.record({
    operation: fc.constantFrom("P1.2", "s", "w", "kernel"),
    way: fc.nat(2),
  });
  fc.assert(fc.property(authored, fc.array(step), ({ vector, draft }, steps) => {
    const allowed = keysOf(draft.body.allowed);
    const schedule = steps.map((each) => ({ ...each, step: "reclaims f page 0" }));
    for (const medium of mediaOf(vector.configuration)) {
      const observed = walkAlong(layOut(scenarioOf(vector), medium), schedule);
      assert(allowed.has(observationKey(observed)), `${draft.handle}: ${observationKey(observed)}`);
    }
  }));
});

Deno.test("the schedule of an allowed observation ends in it", () => {
  for (const { vector, draft } of drafts) {
    const layout = layOut(scenarioOf(vector), mediaOf(vector.configuration)[0]);
    for (const { observation, schedule } of draft.body.allowed) {
      const walked = walkAlong(layout, schedule.map(stepOf));
      assertEquals(observationKey(walked), observationKey(observation), draft.handle);
    }
  }
});

Deno.test("no schedule of an observation is longer than it must be: none beyond 60 steps", () => {
  const longest = Math.max(
    ...drafts.flatMap(({ draft }) => draft.body.allowed.map(({ schedule }) => schedule.length)),
  );
  assert(longest <= 60, `${longest} steps`);
});

Deno.test("a line of a schedule can be read back", () => {
  fc.assert(fc.property(fc.nat(9), fc.constantFrom("copy", "write back"), (way, step) => {
    const taken = { operation: "P1.2", step, way };
    assertEquals(stepOf(stepText(taken)), taken);
  }));
});

Deno.test("every bug of the model is found by a vector that names the invariant it breaks", () => {
  for (const bug of bugNames) {
    const named = drafts.filter(({ kills }) => kills.includes(bug))
      .flatMap(({ draft }) => draft.body.forbidden.flatMap(({ invariants }) => invariants));
    assert(named.includes(bugs[bug].breaks), bug);
  }
});

Deno.test("every bug of the model imitates one of a kernel, a test or a thread that can be looked up", () => {
  assertGreaterOrEqual(bugNames.length, 25);
  for (const bug of bugNames) {
    const { imitates, says, breaks } = bugs[bug];
    assert(imitates.length > 10 && says.length > 10, bug);
    assertMatch(breaks, /^[A-Z]+(-[A-Z]+)*-\d+$/);
  }
});

/** Bugs whose vectors stem from a thread or a litmus row, and not from the report that the card names. */
const knownOtherwise: readonly Bug[] = [
  "mkwrite-leaves-folio-clean",
  "reclaim-drops-dirty-folio",
  "write-flag-dsync-ignored",
  "punch-keeps-mappings",
  "zero-mappings-outlive-allocation",
  "mkclean-protects-nothing",
  "mkclean-finds-mappings-of-first-page",
];

/** A commit, or a test of fstests. */
const report = /\b(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{12}\b|\b(?:generic|xfs|btrfs)\/\d{3}\b/g;

Deno.test("a bug of a public report is found by a vector that names the report", () => {
  const unnamed = bugNames.filter((bug) => {
    const reports = bugs[bug].imitates.match(report) ?? [];
    const references = drafts.filter(({ kills }) => kills.includes(bug))
      .flatMap(({ vector }) => vector.references.map(({ id }) => id));
    return reports.length > 0 &&
      !reports.some((id) => references.some((each) => each.includes(id)));
  });
  assertEquals(unnamed, knownOtherwise);
});

Deno.test("every litmus row stands in an operation vector, or no call can show it", () => {
  const expressed = new Set(
    everyOperationVector.flatMap(({ references }) =>
      references.flatMap(({ kind, id }) => kind === "catalogue" ? [id] : [])
    ),
  );
  const missing = litmusRows.filter((row) => !expressed.has(row));
  assertEquals(missing.toSorted(), Object.keys(litmusWithout.operation).toSorted());
});

Deno.test("a read after a power failure that could see torn bytes is refused", () => {
  const torn = scenario(
    open,
    { id: "w", kind: "pwrite", fd: "a", offset: 0, length: 4096, value: 1 },
    { id: "c", kind: "crash" },
    { id: "o2", kind: "open", fd: "b", file: "f", flags: [] },
    { id: "r", kind: "pread", fd: "b", offset: 0, length: 4096 },
  );
  assertThrows(() => explore(layOut(torn, cached)), RangeError, "torn");
});

Deno.test("a scenario that names what it does not have is refused by the operation's id", () => {
  const refused: readonly (readonly [Operation, string])[] = [
    [{ id: "x", kind: "fsync", fd: "b" }, "x: no descriptor b"],
    [{ id: "x", kind: "load", mapping: "M", offset: 0 }, "x: no mapping M"],
    [{ id: "x", kind: "fsync", fd: "a", after: ["y"] }, "x: no operation y"],
    [{ id: "o", kind: "fsync", fd: "a" }, "two operations have one id"],
    [{ id: "x", kind: "open", fd: "b", file: "g", flags: [] }, "x: no file g"],
  ];
  for (const [operation, why] of refused) {
    assertThrows(() => layOut(scenario(open, operation), cached), RangeError, why);
  }
});

Deno.test("what the model does not know of direct I/O is refused by the operation's id", () => {
  const direct: Operation = { id: "d", kind: "open", fd: "d", file: "f", flags: ["O_DIRECT"] };
  const mmap = { id: "m", kind: "mmap", mapping: "M", fd: "a", offset: 0, length: 8192 } as const;
  const mapped: Operation = { ...mmap, sharing: "shared", protection: "write" };
  const range = { offset: 0, length: 8192 };
  const unknown: readonly Operation[] = [
    { id: "x", kind: "pwrite", fd: "d", ...range, from: { mapping: "M", offset: 0 } },
    { id: "x", kind: "splice", from: "d", to: "a", ...range },
    { id: "x", kind: "copy_file_range", from: "a", to: "d", ...range },
  ];
  for (const operation of unknown) {
    const layout = layOut(scenario(open, direct, mapped, operation), cached);
    assertThrows(() => explore(layout), RangeError, "x: the model knows no such operation");
  }
});

Deno.test("pinned: vectors, bugs, and states of all explorations of the sound model", () => {
  const states = drafts.reduce((sum, each) => sum + each.states, 0);
  assertEquals([drafts.length, bugNames.length, states], [177, 100, 52_704]);
});
