/**
 * Texts that say what no kernel has printed so: no breach comes of lines that stand there twice, of two
 * recordings in one text, or of clocks that differ a little, and nothing holds where lines run backwards.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { backwardsOf, createClockOrder, noteTime } from "../vectors/kernel/clock_order.ts";
import { addedByChange, changed, holding, type TextChange } from "./fuzz/changes.ts";
import { judgeLines, verdictOn, violated } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const cards = await readCards(recordedFolder);
assert(typeof cards !== "string");
const written = cards.filter(({ trace }) => /\.trace\.txt(\.gz)?$/.test(trace));
const texts = await Promise.all(written.map(async ({ trace, kernel, name }) => ({
  trace,
  kernel,
  lines: await recordedText(name),
})));
const small = texts.filter(({ lines }) => lines.length <= 500);
type Text = typeof texts[number];

/** What is judged of the texts as they are, each once. */
const asTheyAre = new Map<Text, ReturnType<typeof judgeLines>>();
function judgeAsItIs(text: Text): ReturnType<typeof judgeLines> {
  let judged = asTheyAre.get(text);
  if (judged === undefined) asTheyAre.set(text, judged = judgeLines(text.lines, text.kernel));
  return judged;
}

const change = (most: number): fc.Arbitrary<TextChange> =>
  fc.oneof(
    fc.record({
      kind: fc.constant("repeated" as const),
      from: fc.nat(most),
      length: fc.integer({ min: 1, max: 120 }),
    }).map(({ kind, from, length }) => ({ kind, from, to: Math.min(most, from + length) })),
    fc.record({
      kind: fc.constant("skewed" as const),
      cpu: fc.nat(3),
      by: fc.integer({ min: -2, max: 2 }),
    }),
  );

Deno.test("lines that stand there twice, or clocks that are a little off, make no breach", async () => {
  assert(small.length > 10);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...small).chain((text) =>
        fc.record({ text: fc.constant(text), change: change(text.lines.length) })
      ),
      async ({ text, change }) => {
        const before = await judgeAsItIs(text);
        const after = await judgeLines(changed(text.lines, change), text.kernel);
        if (before === undefined || after === undefined) return;
        assertEquals(addedByChange([before], after), [], text.trace);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("two recordings in one text show no breach that neither of them shows", async () => {
  const two = fc.constantFrom(...small).chain((one) =>
    fc.record({
      one: fc.constant(one),
      other: fc.constantFrom(...small.filter(({ kernel }) => kernel === one.kernel)),
      bare: fc.boolean(),
    })
  );
  await fc.assert(
    fc.asyncProperty(two, async ({ one, other, bare }) => {
      const before = await Promise.all([one, other].map(judgeAsItIs));
      const follows = bare ? other.lines.filter((line) => !line.startsWith("#")) : other.lines;
      const joined = changed(one.lines, { kind: "joined", other: follows });
      const after = await judgeLines(joined, one.kernel);
      if (after === undefined) return;
      const added = addedByChange(before.filter((each) => each !== undefined), after);
      assertEquals(added, [], `${one.trace}, then ${other.trace}`);
    }),
    { numRuns: 100 },
  );
});

Deno.test("what looks broken in lines that run backwards is undecided, and the first such line is named", async () => {
  const text = texts.find(({ trace }) => trace === "6.12-holes-xfs.trace.txt.gz");
  assert(text !== undefined);
  const at = (words: RegExp, from = 0): number =>
    text.lines.findIndex((line, n) => n >= from && words.test(line));
  const hole = at(/dax_load_hole/);
  const written = at(/dax_pte_fault_done.*WRITE.*NOPAGE/, hole);
  assert(hole !== -1 && written !== -1);
  const twice = changed(text.lines, { kind: "repeated", from: hole - 10, to: written + 1 });
  const result = await judgeLines(twice, text.kernel);
  const unsure = result?.invariants.filter(({ why }) =>
    why?.kind === "looks_broken" && why.but.kind === "out_of_order"
  );
  assertEquals(unsure?.length, 1);
  assertEquals(verdictOn(result, "DAX-HOLE-2"), "undecided");
});

Deno.test("of the buffers of CPUs one behind another nothing is violated and nothing holds", async () => {
  let several = 0;
  for (const { trace, lines, kernel } of texts) {
    for (const reversed of [false, true]) {
      const buffers = changed(lines, { kind: "unmerged", reversed });
      if (buffers.every((line, at) => line === lines[at])) continue;
      several++;
      const result = await judgeLines(buffers, kernel);
      assert(result !== undefined, trace);
      assertEquals([...violated(result), ...holding(result)], [], `${trace}, ${reversed}`);
    }
  }
  assert(several > 50);
});

Deno.test("nothing holds in a text where one CPU's lines run backwards, and the first such line is named", async () => {
  const text = texts.find(({ trace }) => trace === "6.18-plain-xfs.trace.txt.gz");
  assert(text !== undefined);
  const before = await judgeAsItIs(text);
  assert(before !== undefined && holding(before).length > 0);
  const entered = text.lines.findIndex((line) => /sys_fsync\(/.test(line));
  const dirtied = text.lines.findLastIndex((line, at) =>
    at < entered && /writeback_dirty_folio/.test(line)
  );
  const returned = text.lines.findIndex((line, at) => at > entered && /sys_fsync ->/.test(line));
  assert(dirtied !== -1 && returned !== -1);
  const [moved = ""] = text.lines.slice(dirtied, dirtied + 1);
  const lines = text.lines.toSpliced(returned + 1, 0, moved).toSpliced(dirtied, 1);
  const after = await judgeLines(lines, text.kernel);
  assert(after !== undefined);
  assertEquals(holding(after), []);
  const why = after.invariants.find(({ id }) => id === "META-2")?.why;
  assertEquals(why, { kind: "out_of_order", line: returned + 1 });
});

Deno.test("a line of another CPU may come late by less than a millisecond, as perf script prints some", () => {
  const orderOf = (
    clock: "seconds" | "count",
    ...lines: readonly (readonly [number, number])[]
  ) => {
    const order = createClockOrder(clock);
    for (const [at, [cpu, time]] of lines.entries()) {
      noteTime(order, { line: at + 1, time, cpu, task: "a", pid: 1, tgid: undefined });
    }
    return backwardsOf(order);
  };
  assertEquals(orderOf("seconds", [0, 5_081_000], [1, 5_000_000], [0, 5_082_000]), undefined);
  assertEquals(orderOf("seconds", [0, 7_000_000], [1, 5_999_999], [0, 7_000_001]), 2);
  assertEquals(orderOf("seconds", [0, 7_000_000], [1, 7_000_001], [0, 6_999_999]), 3);
  assertEquals(orderOf("count", [0, 7_000_000], [1, 5_000_000]), undefined);
});
