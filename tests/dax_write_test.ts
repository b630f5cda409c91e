/**
 * write(2) on DAX beside faults, as fsx does it: zeros that it has replaced are not left over.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { begun, counted, faultBegins, faultEnds, readsHole, unmaps, writes } from "./dax_lines.ts";
import { judgeLines } from "./judge_text.ts";

/** What DAX-HOLE-1 gets after lines on page 7, in a mapping of one page that is written through last. */
async function holes(lines: () => readonly string[]): Promise<string | undefined> {
  const last = { pid: 10, page: 7, write: true, apart: 0x100000 } as const;
  const text = counted([...begun(), ...lines(), ...faultBegins(last), faultEnds(last)]);
  const { invariants } = await judgeLines(text, "6.12.118") ?? {};
  return invariants?.find(({ id }) => id === "DAX-HOLE-1")?.verdict;
}

const seven = { pid: 10, page: 7 } as const;

Deno.test("zeros that stay mapped while another mapping is written through are in doubt", async () => {
  assertEquals(await holes(() => readsHole(seven)), "undecided");
});

Deno.test("zeros that the task has unmapped are not", async () => {
  assertEquals(await holes(() => [...readsHole(seven), ...unmaps(10)]), "holds");
});

Deno.test("zeros that another task unmaps at the same address are in doubt", async () => {
  assertEquals(await holes(() => [...readsHole(seven), ...unmaps(20)]), "undecided");
});

Deno.test("zeros that write(2) has replaced are not in doubt, those of another page are", async () => {
  assertEquals(await holes(() => [...readsHole(seven), ...writes(20, 7)]), "holds");
  assertEquals(await holes(() => [...readsHole(seven), ...writes(20, 6)]), "undecided");
});
