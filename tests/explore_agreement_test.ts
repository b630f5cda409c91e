/**
 * The explorer against a plain one that shares no code with it but the meaning of events.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Design } from "../model/design.ts";
import { designs } from "../model/designs/catalogue.ts";
import { explore } from "../model/explore.ts";
import { anyDesign } from "./any_design.ts";
import { explorationOfId } from "./every_design/explored.ts";
import { exploreNaively } from "./naive_explorer.ts";

/** States that the plain explorer can keep in a reasonable time. */
const few = 3000;

function assertAgreement(design: Design, found = explore(design)): void {
  const naive = exploreNaively(design);
  assertEquals(
    { states: found.states, transitions: found.transitions, depth: found.depth },
    { states: naive.states, transitions: naive.transitions, depth: naive.depth },
    design.id,
  );
  assertEquals(found.stuck?.length, naive.stuck, `${design.id}: waits for ever`);
  assertEquals(found.endless !== undefined, naive.endless, `${design.id}: goes round for ever`);
  for (const finding of found.findings) {
    const { id, verdict } = finding;
    if (id === "LOCK-1" || verdict === "exempt") continue;
    const steps = finding.verdict === "violated" ? finding.path.length : undefined;
    assertEquals(steps, naive.broken.get(id), `${design.id}: ${id}`);
    if (verdict === "holds") assert(naive.kept.has(id), `${design.id}: ${id} is not exercised`);
    if (verdict === "unexercised") assert(!naive.kept.has(id), `${design.id}: ${id} is exercised`);
  }
}

Deno.test("of any design, a plain explorer finds the same states, transitions and breaches", () => {
  fc.assert(fc.property(anyDesign, (design) => assertAgreement(design)), { numRuns: 1500 });
});

Deno.test("of the designs of the catalogue, a plain explorer finds the same", () => {
  let compared = 0;
  for (const design of designs) {
    const found = explorationOfId(design.id);
    if (found.states > few) continue;
    assertAgreement(design, found);
    compared++;
  }
  assert(compared > 100, `${compared} designs`);
});
