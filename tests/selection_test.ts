/**
 * A part of a trace, and one line of it: `check --only --inode --device --since --until --at`.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { partOf } from "../vectors/command/check_part.ts";
import { beliefAt } from "../vectors/command/report/belief.ts";
import { watchTrace } from "../vectors/kernel/check_trace.ts";
import type { CheckOptions, TraceResult } from "../vectors/kernel/check_trace.ts";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import type { Selection } from "../vectors/kernel/selection.ts";

const recorded = `${import.meta.dirname}/../vectors/recorded`;
const path = `${recorded}/5.10-mkclean-ext4.trace.txt`;

async function checked(
  selection?: Selection,
  onlooker?: Parameters<typeof watchTrace>[2],
): Promise<TraceResult> {
  const trace = await openTrace(path);
  assert(trace.kind === "trace");
  const options: CheckOptions = { path, kernel: "5.10.262" };
  return await watchTrace(
    trace,
    selection === undefined ? options : { ...options, selection },
    onlooker,
  );
}

function verdictOf({ invariants }: TraceResult, id: string): string | undefined {
  return invariants.find((each) => each.id === id)?.verdict;
}

Deno.test("of another file, device or time a trace says nothing", async () => {
  assertEquals(verdictOf(await checked(), "DAX-CLEAN-2"), "violated");
  const file = { inode: 12, device: "259:0" };
  assertEquals(verdictOf(await checked(file), "DAX-CLEAN-2"), "violated");
  for (const other of [{ inode: 13 }, { device: "259:1" }, { until: 1e9 }, { since: 1e12 }]) {
    const result = await checked(other);
    assert(
      result.invariants.every(({ verdict }) => verdict === "unexercised"),
      JSON.stringify(other),
    );
  }
});

Deno.test("what comes after a time does not change what came before it", async () => {
  const whole = await checked();
  const lines = (result: TraceResult): readonly number[] =>
    result.invariants.flatMap(({ breaches }) => breaches.map(({ violation }) => violation.at.line));
  const [first = 0] = lines(whole);
  const proven = whole.invariants.flatMap(({ breaches }) => breaches)[0]?.violation.proof.time ?? 0;
  assertEquals(lines(await checked({ until: proven })), [first]);
});

Deno.test("before its fault nothing is known of a mapping, and after it the PTE is writable", async () => {
  const belief = beliefAt(174);
  await checked(undefined, belief.onlooker);
  const text = belief.text() ?? "";
  assertStringIncludes(text, "dax_pte_fault_done");
  assertStringIncludes(text, "taken for: fault");
  const [before = "", after = ""] = text.split("page 0x1, mapping at").at(-1)?.split("after:") ??
    [];
  assertStringIncludes(before, "page table: none");
  assert(after.trim().split("\n").every((line) => line.includes("page table: writable")), after);
});

Deno.test("at the return of a sync call stands how far the bytes of its folios have come", async () => {
  const path = `${recorded}/6.12-skips-wait-ext4.trace.txt.gz`;
  const told = await Promise.all([360, 580].map(async (line) => {
    const belief = beliefAt(line);
    const trace = await openTrace(path);
    assert(trace.kind === "trace");
    await watchTrace(trace, { path, kernel: undefined }, belief.onlooker);
    return (belief.text() ?? "").split("\n").map((each) => each.trim());
  }));
  assertEquals(told.map((lines) => lines.slice(1, -1)), [
    [
      "taken for: folio dirtied",
      "253:0 inode 14, page 0x0, folio",
      "before:",
      "cached, PG_dirty clear, PG_writeback clear",
      "after:",
      "cached, PG_dirty set, PG_writeback clear",
      "its bytes in memory",
    ],
    [
      "taken for: sync end, sync left",
      "253:0 inode 14, page 0x0, folio",
      "before and after:",
      "cached, PG_dirty clear, PG_writeback set",
      "its bytes in the device",
      "its bytes in memory",
    ],
  ]);
});

Deno.test("nothing is believed of a line without an event", async () => {
  const belief = beliefAt(100_000);
  await checked(undefined, belief.onlooker);
  assertEquals(belief.text(), undefined);
});

Deno.test("an option that says nothing clear is refused with what it should say", () => {
  const wrong: readonly (readonly [Parameters<typeof partOf>[0], string])[] = [
    [{ only: ["DAX-CLEAN-9"] }, "did you mean"],
    [{ inode: "x" }, "expected --inode as 12 or 0xc"],
    [{ inode: "" }, "expected --inode as 12 or 0xc"],
    [{ device: "sda" }, "expected --device as 259:0"],
    [{ since: "now" }, "expected --since as the trace has it"],
    [{ since: "2", until: "1" }, "--since is later than --until"],
  ];
  for (const [given, says] of wrong) {
    const part = partOf(given);
    assert(typeof part === "string", JSON.stringify(given));
    assertStringIncludes(part, says);
  }
  assertEquals(partOf({ only: ["DUR-1,DUR-2"], inode: "0xc", since: "1.5" }), {
    only: ["DUR-1", "DUR-2"],
    selection: { inode: 12, device: undefined, since: 1.5e9, until: undefined },
  });
});
