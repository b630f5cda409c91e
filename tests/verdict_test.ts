/**
 * How a verdict comes of what was found: one way for DAX files and for the page cache.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { BreachFound } from "../model/check/breaches.ts";
import type { Where } from "../model/check/observation.ts";
import { type Grounds, joined, verdictsOf } from "../model/check/verdict.ts";
import type { Why } from "../model/check/why.ts";

const at: Where = { line: 7, time: 7, cpu: 0, task: "t", pid: 1, text: "", role: "other" };

function breachOf(id: string): BreachFound {
  const violation = { id, at, proof: at, because: [at], aftermath: 0 };
  return { file: { dev: "259:0", ino: 1 }, pgoffs: [0], mapping: undefined, violation };
}

const maybe = (why: Why) => fc.constantFrom(undefined, why);

/** What was found of two invariants, of which a breach of the first implies one of the second. */
const grounds = fc.tuple(
  ...["DAX-TAG-4", "DUR-1"].map((id) =>
    fc.record({
      id: fc.constant(id),
      unshown: maybe({ kind: "not_shown", needs: ["marks"] }),
      judged: fc.nat(2),
      breaches: fc.constantFrom([], [breachOf(id)]),
      more: fc.nat(2),
      open: fc.nat(2),
      unjudged: fc.constant([]),
      unsure: maybe({ kind: "thinned_out" }),
      doubt: maybe({ kind: "event_missing" }),
      idle: maybe({ kind: "only_breach_shown" }),
    })
  ),
);

const isSure = ({ unshown, breaches, unsure }: Grounds): boolean =>
  unshown === undefined && breaches.length > 0 && unsure === undefined;

Deno.test("violated is what was seen broken and is in no doubt, unless another breach implies it", () => {
  fc.assert(fc.property(grounds, (all) => {
    const [first, second] = verdictsOf(all);
    const [one, other] = all;
    assert(first && second && one && other);
    assertEquals(first.verdict === "violated", isSure(one));
    assertEquals(second.verdict === "violated", isSure(other) && !isSure(one));
  }));
});

Deno.test("holds is what was judged and neither looks broken nor is in doubt", () => {
  fc.assert(fc.property(grounds, (all) => {
    for (const [place, { verdict, judged, breaches, why }] of verdictsOf(all).entries()) {
      const of = all[place];
      assert(of !== undefined);
      if (verdict === "holds") assert(judged > 0 && of.doubt === undefined);
      if (verdict === "holds" || verdict === "unexercised") {
        assert(of.unshown !== undefined || of.breaches.length === 0);
      }
      assertEquals(breaches.length > 0, verdict === "violated");
      assertEquals(
        why === undefined,
        verdict === "violated" || verdict === "holds" ||
          (verdict === "unexercised" && of.unshown === undefined && of.idle === undefined),
      );
    }
  }));
});

Deno.test("of an invariant that two parts of a check judge, the worse is said, and all breaches", () => {
  fc.assert(fc.property(grounds, grounds, (ones, others) => {
    const [one, other] = [verdictsOf(ones)[1], verdictsOf(others)[1]];
    assert(one && other);
    const { verdict, judged, breaches } = joined(one, other);
    assert([one.verdict, other.verdict].includes(verdict));
    assertEquals(judged, one.judged + other.judged);
    assertEquals(breaches, [...one.breaches, ...other.breaches]);
    if (one.verdict === "violated" || other.verdict === "violated") {
      assertEquals(verdict, "violated");
    } else if (verdict === "holds") assert(![one.verdict, other.verdict].includes("undecided"));
  }));
});
