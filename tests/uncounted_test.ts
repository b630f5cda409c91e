/**
 * Breaches that rest on a line that did not come: where the text does not count its events, or has not those
 * of all tasks, the line may have been left out.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { begun, cleans, counted, done, enter, fault, fsync, range, returns } from "./dax_lines.ts";
import { judgeLines, verdictOn, violated } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

Deno.test("a sync call that leaves an entry alone while another works is a breach if events are counted", async () => {
  const lines = [
    ...begun(),
    ...enter(10),
    range(10),
    ...fsync(20),
    done(10),
    returns(10),
    ...fault(20, 5, false),
  ];
  assertEquals(violated(await judgeLines(counted(lines), "6.12.107")), ["DAX-WAIT-1"]);
  assertEquals(violated(await judgeLines(lines, "6.12.107")), []);
});

Deno.test("whether events are counted or not, it is one if the entry is found DIRTY later", async () => {
  const lines = [
    ...begun(),
    ...enter(10),
    range(10),
    ...fsync(20),
    cleans(10, 5),
    done(10),
    returns(10),
    ...fault(10, 6, true),
  ];
  for (const text of [lines, counted(lines)]) {
    assertEquals(violated(await judgeLines(text, "6.12.107")), ["DAX-WAIT-1"]);
  }
});

Deno.test("an entry that no recorded fault has marked may have been marked after the sync call", async () => {
  const lines = [
    ...begun(),
    ...fault(20, 7, false),
    ...fsync(20, 5),
    ...fsync(20),
    ...fsync(20, 7),
  ];
  assertEquals(violated(await judgeLines(counted(lines), "6.12.107")), []);
});

Deno.test("an entry that is cleaned outside any pass shows that the pass's beginning is missing", async () => {
  const lines = [...begun(), ...enter(10), cleans(10, 5), cleans(10, 6), done(10), returns(10)];
  const result = await judgeLines(lines, "6.12.107");
  const losses = result?.notes.filter(({ kind }) => kind === "half");
  assertEquals(losses?.length, 1);
  assertEquals(losses?.[0], {
    kind: "half",
    line: lines.findIndex((each) => each.includes("pgoff 0x5 pglen")) + 1,
    of: "dax_writeback_one",
    lacks: "beginning",
    begun: undefined,
  });
});

Deno.test("that no flush has made up for one that failed is known only where events are counted", async () => {
  const whole = await recordedText("6.12-failed-flush-ext4");
  const bare = whole.filter((each) => !each.startsWith("# entries-in-buffer"));
  assert(bare.length < whole.length);
  assertEquals(violated(await judgeLines(whole, "6.12.107")), ["DUR-1"]);
  assertEquals(verdictOn(await judgeLines(bare, "6.12.107"), "DUR-1"), "undecided");
});

Deno.test("a removal of a DIRTY entry is a breach only where the writeback before it would be missed", async () => {
  const whole = await recordedText("6.12-punch-ext4");
  const bare = whole.filter((each) => !each.startsWith("# entries-in-buffer"));
  assertEquals(violated(await judgeLines(whole, "6.12.107")), ["DAX-TAG-4"]);
  const result = await judgeLines(bare, "6.12.107");
  assertEquals(violated(result), []);
  const why = result?.invariants.find(({ id }) => id === "DAX-TAG-4")?.why;
  assert(why?.kind === "looks_broken");
  assertEquals(why.but, { kind: "uncounted" });
});

Deno.test("another page's fault does not mark an entry that is a page's own", async () => {
  const lines = [
    ...begun(),
    ...fault(20, 7, false),
    ...fault(10, 8, true),
    ...fsync(20, 5, 8),
    ...fsync(20),
    ...fsync(20, 7),
  ];
  assertEquals(violated(await judgeLines(counted(lines), "6.12.107")), []);
});
