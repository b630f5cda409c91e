/**
 * Each design that breaks something, each bug of the operation model and each cause that the checker
 * knows has its counterparts among the others, or the reason why it has none.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { designs } from "../model/designs/catalogue.ts";
import { invariants } from "../model/invariants/catalogue.ts";
import { bugNames, bugs, isBug } from "../model/operation/bugs.ts";
import { knownCause } from "../vectors/command/report/known_cause.ts";
import {
  bugsOfCause,
  bugsWithoutDesign,
  causesWithoutBug,
  designsOf,
  designsWithoutBug,
} from "./binding/counterparts.ts";

const ids = invariants.map(({ id }) => id);

/** True if a pattern of the counterparts names the design. */
function names(pattern: string, id: string): boolean {
  const family = pattern.slice(0, -1);
  return pattern.endsWith("*") ? id === family || id.startsWith(`${family}-`) : id === pattern;
}

Deno.test("every design that breaks something has a bug that breaks the same, or a reason", () => {
  const broken = designs.filter(({ breaks }) => breaks.length > 0);
  const bugPatterns = bugNames.flatMap((bug) =>
    (designsOf[bug] ?? []).map((pattern) => ({ bug, pattern }))
  );
  const reasons = Object.keys(designsWithoutBug);
  for (const { id, breaks } of broken) {
    const own = bugPatterns.filter(({ pattern }) => names(pattern, id));
    const excused = reasons.filter((pattern) => names(pattern, id));
    assert((own.length > 0) !== (excused.length > 0), id);
    for (const { bug } of own) assert(breaks.includes(bugs[bug].breaks), `${id} and ${bug}`);
  }
  for (const pattern of [...bugPatterns.map((each) => each.pattern), ...reasons]) {
    assert(broken.some(({ id }) => names(pattern, id)), pattern);
  }
});

Deno.test("every bug has a design, or a reason", () => {
  for (const bug of bugNames) {
    assert((designsOf[bug] !== undefined) !== (bugsWithoutDesign[bug] !== undefined), bug);
  }
});

/** Causes that the checker knows, as an id and the first version that has it. */
function knownCauses(): readonly string[] {
  const header = { latencyColumns: 5 } as const;
  const versions = [4, 5, 6, 7, 8].flatMap((major) =>
    Array.from({ length: 30 }, (_, minor) => `${major}.${minor}`)
  );
  return ids.flatMap((id) => {
    const first = new Map<string, string>();
    for (const kernel of versions) {
      const says = knownCause(id, { kernel, header });
      if (says !== undefined && !first.has(says)) first.set(says, kernel);
    }
    return [...first.values()].map((kernel) => `${id} ${kernel === "4.0" ? "always" : kernel}`);
  });
}

Deno.test("every cause that the checker knows has a bug that breaks the same, or a reason", () => {
  const listed = [...Object.keys(bugsOfCause), ...Object.keys(causesWithoutBug)];
  assertEquals(knownCauses().toSorted(), listed.toSorted());
  for (const [cause, found] of Object.entries(bugsOfCause)) {
    for (const bug of found.filter(isBug)) assertEquals(bugs[bug].breaks, cause.split(" ")[0]);
  }
});
