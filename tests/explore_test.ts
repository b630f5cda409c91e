/**
 * What an exploration promises, whatever the design.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Design } from "../model/design.ts";
import { designs } from "../model/designs/catalogue.ts";
import { task } from "../model/designs/calls.ts";
import { choice, does, type Way } from "../model/designs/program.ts";
import { brokenBy, type Exploration, explore } from "../model/explore.ts";
import { runOf } from "../model/race.ts";
import { anyDesign } from "./any_design.ts";
import { faultFsync } from "./bench/fault_fsync.ts";

const bounds = { pages: 1, pmdPages: 1, mappings: 1, tasks: 2, locals: 2 } as const;

function designOf(...actors: Design["actors"]): Design {
  return { id: "A0", system: "A", title: "", source: "", bounds, actors, breaks: [] };
}

/** A task of single steps, each with one way or several. */
function steps(number: number, ...ways: readonly (readonly Way[])[]): Design["actors"][number] {
  return task(
    `T${number}`,
    number,
    (_first, _next) => ways.map((each, place) => choice(`s${place}`, `step ${place}`, ...each)),
  );
}

/** Everything that a report shows, in comparable form. */
function comparable({ findings, stuck, endless, untaken, ...counts }: Exploration): unknown {
  return {
    states: counts.states,
    transitions: counts.transitions,
    depth: counts.depth,
    findings: findings.map((each) =>
      each.verdict === "violated" ? { ...each, path: runOf(each.path) } : each
    ),
    stuck: stuck && runOf(stuck),
    endless: endless && [runOf(endless.path), runOf(endless.round)],
    untaken: runOf(untaken),
  };
}

Deno.test("the same design gives the same result, race for race and number for number", () => {
  fc.assert(fc.property(anyDesign, (design) => {
    assertEquals(comparable(explore(design)), comparable(explore(design)));
  }));
  for (const design of designs.slice(0, 30)) {
    assertEquals(comparable(explore(design)), comparable(explore(design)), design.id);
  }
});

Deno.test("a search that reaches its bound holds nothing: what is not broken is undecided", () => {
  fc.assert(fc.property(anyDesign, fc.integer({ min: 1, max: 20 }), (design, limit) => {
    const whole = explore(design);
    const part = explore(design, { limit });
    assertEquals(part.complete, whole.states <= limit);
    if (part.complete) return;
    for (const { verdict } of part.findings) {
      assert(verdict === "violated" || verdict === "undecided", verdict);
    }
    for (const id of brokenBy(part)) assert(brokenBy(whole).includes(id), id);
  }));
});

Deno.test("progress is told, and what it tells never goes back", () => {
  const told: number[] = [];
  const { states } = explore(faultFsync(4, 2, 1), {
    onProgress: ({ states }) => told.push(states),
  });
  assert(told.length > 3);
  assertEquals(told, told.toSorted((left, right) => left - right));
  assert((told.at(-1) ?? 0) <= states);
});

Deno.test("two who wait for each other are stuck; one who waits for the environment is not", () => {
  const lock = (page: number, number: number): Way => ({
    events: [{ kind: "lock_entry", task: number, page, order: "pte" }],
  });
  const crossed: Design = {
    ...designOf(steps(0, [lock(0, 0)], [lock(1, 0)]), steps(1, [lock(1, 1)], [lock(0, 1)])),
    bounds: { ...bounds, pages: 2 },
  };
  const found = explore(crossed);
  assertEquals(brokenBy(found), ["LOCK-1"]);
  assertEquals(found.stuck?.length, 2);

  const allocated = steps(0, [{ when: ({ extent }) => extent[0] === 2 }]);
  const allocates = steps(1, [{ events: [{ kind: "allocate", task: 1, page: 0 }] }]);
  assertEquals(explore(designOf(allocated, { ...allocates, environment: true })).stuck, undefined);
  assertEquals(explore(designOf(allocated)).stuck, []);
  assertEquals(explore(designOf({ ...allocated, environment: true })).stuck, undefined);
});

Deno.test("a loop that another actor always ends is no endless run; one that nobody ends is", () => {
  const spins = steps(0, [
    { result: "again", when: ({ extent }) => extent[0] !== 2, goto: "s0" },
    { result: "done", when: ({ extent }) => extent[0] === 2 },
  ]);
  const allocates = steps(1, [{ events: [{ kind: "allocate", task: 1, page: 0 }] }]);
  assertEquals(explore(designOf(spins, allocates)).endless, undefined);
  const { endless } = explore(designOf(spins));
  assertEquals([endless?.path.length, endless?.round.length], [0, 1]);
  const environment = { ...spins, environment: true };
  assertEquals(explore(designOf(environment)).endless, undefined);
});

Deno.test("what no run does is told: a way that is never gone, a step that is never reached", () => {
  const program = steps(
    0,
    [{ result: "always" }, { result: "never", when: () => false }],
    [{ when: () => false }],
    [{}],
  );
  const { untaken } = explore(designOf({ ...program, environment: true }));
  assertEquals(untaken.map(({ step, branch }) => `${step.name} ${branch.result}`), [
    "step 0 never",
    "step 1 ",
    "step 2 ",
  ]);
});

Deno.test("an actor with more local states than a byte numbers is searched all the same", () => {
  const counts = steps(0, [{
    then: ({ local }) => {
      local[1] = ((local[1] ?? 0) + 1) % 251;
    },
    goto: "s1",
  }], [{ goto: "s0" }]);
  const { states, transitions } = explore(designOf({ ...counts, environment: true }));
  assertEquals({ states, transitions }, { states: 502, transitions: 502 });
});

Deno.test("a step that changes another actor's locals is refused, and so is a goto to nowhere", () => {
  const meddles = steps(0, [{
    then: ({ local }) => {
      local[3] = 1;
    },
  }]);
  assertThrows(() => explore(designOf(meddles)), RangeError, "another actor's locals");
  const lost = task("lost", 0, () => [choice("a", "a", { goto: "b" }), does("c", "c")]);
  assertThrows(() => explore(designOf(lost)), RangeError, "no step b");
});
