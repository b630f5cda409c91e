import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { nearest } from "../spec/nearest.ts";

const VERBS = ["check", "explain", "explore", "race"];

Deno.test("a known word is nearest to itself", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 }), (known) => {
    const [first = ""] = known;
    assertEquals(nearest(first, [first]), [first]);
  }));
});

Deno.test("a word with one letter changed, lost or added is still found", () => {
  assertEquals(nearest("chekc", VERBS), ["check"]);
  assertEquals(nearest("chck", VERBS), ["check"]);
  assertEquals(nearest("explainn", VERBS), ["explain"]);
});

Deno.test("the nearest comes first, and no more are told than asked for", () => {
  const ids = ["DUR-10", "DUR-2", "DUR-1"];
  assertEquals(nearest("DUR-22", ids), ["DUR-2", "DUR-10", "DUR-1"]);
  assertEquals(nearest("DUR-22", ids, 1), ["DUR-2"]);
});

Deno.test("the beginning of a word finds every word that begins so", () => {
  assertEquals(nearest("expl", VERBS), ["explain", "explore"]);
  assertEquals(nearest("dax-clean", ["DAX-CLEAN-1", "DUR-1", "DAX-CLEAN-2"]), [
    "DAX-CLEAN-1",
    "DAX-CLEAN-2",
  ]);
});

Deno.test("a word that is near to nothing finds nothing", () => {
  assertEquals(nearest("writeback", VERBS), []);
  assertEquals(nearest("", VERBS), []);
});
