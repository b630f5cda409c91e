/**
 * A CPU that faults on the zero page while another mapping's fault takes that page away.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Verdict } from "../model/check/verdict.ts";
import { begun, counted, faultBegins, faultEnds, fsync, readsHole, stores } from "./dax_lines.ts";
import { judgeLines, verdictOn } from "./judge_text.ts";

const own = { pid: 10, page: 7 };
/** A write fault of another task, in a mapping elsewhere. */
const other = { pid: 20, page: 7, write: true, apart: 0x10000000 };
const again = { ...own, write: true, found: "protected" } as const;

const wholeOther = (): readonly string[] => [...faultBegins(other), faultEnds(other)];

async function verdict(lines: readonly string[]): Promise<Verdict> {
  const result = await judgeLines(counted([...lines, ...fsync(10, 5, 7)]), "6.12.107");
  return verdictOn(result, "DAX-HOLE-1");
}

Deno.test("the zero page that a CPU has found may have been there until another mapping's fault", async () => {
  const lines = [...begun(), ...readsHole(own), ...faultBegins(again).slice(0, 1)];
  lines.push(...wholeOther(), ...faultBegins(again).slice(1), faultEnds(again));
  assertEquals(await verdict(lines), "undecided");
});

Deno.test("a zero page that a CPU finds after that fault has been left over", async () => {
  const lines = [...begun(), ...readsHole(own), ...wholeOther()];
  lines.push(...stores(own, () => [...faultBegins(again), faultEnds(again)]));
  assertEquals(await verdict(lines), "violated");
});

Deno.test("a CPU that finds nothing shows that the zero page is gone", async () => {
  const write = { ...own, write: true };
  const lines = [...begun(), ...readsHole(own), ...wholeOther()];
  lines.push(...faultBegins(write), faultEnds(write));
  assertEquals(await verdict(lines), "holds");
});
