/**
 * A recording without an end has breaches without an end: of each invariant so many are kept, and the
 * others are counted.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type BreachFound, breachKey, collectBreaches } from "../model/check/breaches.ts";
import type { Where } from "../model/check/observation.ts";
import { callKey } from "../model/check/page_cache/findings.ts";
import { watchTrace } from "../vectors/kernel/check_trace.ts";
import { newEventNames } from "../vectors/kernel/event_names.ts";
import { readTrace } from "../vectors/kernel/ftrace_text.ts";
import { judgeLines, violated } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const where = (line: number): Where => ({
  line,
  time: line,
  cpu: 0,
  task: "t",
  pid: 1,
  text: "",
  role: "other",
});

/** A breach at a line, of a page in a PMD range of its own. */
function breachAt(line: number, id: string) {
  const [at, proof] = [where(line), where(line)];
  const violation = { id, at, proof, because: [], aftermath: 0 };
  return { file: { dev: "259:0", ino: 1 }, pgoffs: [512 * line], mapping: undefined, violation };
}

const collect = () => collectBreaches((breach: BreachFound) => breach, breachKey);

Deno.test("breaches are kept up to a number, and none is lost from the count", () => {
  const breaches = collect();
  for (let line = 1; line <= 5000; line++) breaches.push(breachAt(line, "DAX-CLEAN-2"));
  assertEquals(breaches.kept.length, 1000);
  assertEquals(breaches.beyond("DAX-CLEAN-2"), 4000);
  assertEquals(breaches.beyond("DAX-TAG-4"), 0);
});

Deno.test("pages of one entry that one pass misses are one breach, kept or counted", () => {
  const breaches = collect();
  for (let line = 1; line <= 1100; line++) {
    for (let page = 0; page < 3; page++) {
      const breach = breachAt(line, "DAX-TAG-4");
      breaches.push({ ...breach, pgoffs: [512 * line + page] });
    }
  }
  assertEquals(breaches.kept.length, 3000);
  assertEquals(breaches.beyond("DAX-TAG-4"), 100);
});

Deno.test("a missing event takes back all that was proven after it, and no count is too high", () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 700 }), id: fc.constantFrom("A-1", "B-1") }),
      fc.record({ back: fc.integer({ min: 0, max: 3000 }) }),
    ),
    { maxLength: 12 },
  );
  fc.assert(fc.property(steps, (steps) => {
    const breaches = collect();
    let real: { readonly id: string; readonly line: number }[] = [];
    let line = 0;
    for (const step of steps) {
      if ("back" in step) {
        breaches.takeAfter(line - step.back);
        real = real.filter((each) => each.line <= line - step.back);
      } else {
        for (let n = 0; n < step.add; n++) {
          real.push({ id: step.id, line: ++line });
          breaches.push(breachAt(line, step.id));
        }
      }
      for (const id of ["A-1", "B-1"]) {
        const there = real.filter((each) => each.id === id);
        const kept = breaches.kept.filter(({ violation }) => violation.id === id);
        assert(kept.length + breaches.beyond(id) <= there.length);
        assert(there.length === 0 || kept.length > 0, "a breach that stands is told");
        const lines = new Set(there.map(({ line }) => line));
        assert(kept.every(({ violation }) => lines.has(violation.at.line)));
      }
    }
  }));
});

/** More than half of the lines of that recording: no breach of DAX rests on them. */
const elsewhere = /: (?:writeback_|mm_filemap_|page_fault_user: address=0x4)/;

Deno.test("a report counts breaches that are not kept, in a recording that repeats itself", async () => {
  const lines = await recordedText("5.10-mkclean-ext4");
  const head = lines.filter((line) => line.startsWith("#") && !line.includes("entries-in-buffer"));
  const body = lines.filter((line) => !line.startsWith("#") && !elsewhere.test(line))
    .map((line) => /^(.* )(\d+)(\.\d{6}: .*)$/.exec(line) ?? []);
  const repeated = Array.from(
    { length: 600 },
    (_, round) =>
      body.map(([, task, seconds, event]) => `${task}${Number(seconds) + 20 * round}${event}`),
  );
  const result = await judgeLines([...head, ...repeated.flat()], "5.10.262");
  assertEquals(violated(result), ["DAX-CLEAN-2"]);
  const found = result?.invariants.find(({ id }) => id === "DAX-CLEAN-2");
  assertEquals([found?.breaches.length, found?.more], [1000, 200]);
});

Deno.test("of the page cache, too, breaches of so many calls are kept and the others are counted", () => {
  const collected = collectBreaches((breach: BreachFound) => breach, callKey);
  for (let line = 1; line <= 1500; line++) {
    for (let folio = 0; folio < 3; folio++) collected.push(breachAt(line, "DUR-1"));
  }
  assertEquals(collected.kept.length, 3000);
  assertEquals([collected.beyond("DUR-1"), collected.beyond("DUR-5")], [500, 0]);
});

Deno.test("names of events are counted each by itself up to a number, and none is lost from the count", () => {
  const names = newEventNames();
  for (let n = 0; n < 12_000; n++) names.seen(`event_${n}`).count++;
  for (let n = 0; n < 3; n++) names.seen("dax_writeback_one").count++;
  const counts = names.counts();
  assertEquals(counts.get("dax_writeback_one"), 3);
  assertEquals(counts.get("other events"), 2000);
  assertEquals([...counts.values()].reduce((sum, count) => sum + count, 0), 12_003);
});

Deno.test("a page that is mapped at any number of addresses is followed through so many of them", async () => {
  const head = "           prog-10    [000] .....";
  const lines = Array.from({ length: 200 }, (_, n) => {
    const address = `0x${(0x7f0000000000 + n * 0x1000000).toString(16)}`;
    const told = `dev 259:0 ino 0xc shared WRITE|USER address ${address} pgoff 0x5 `;
    const at = (micro: number): string =>
      `${head} 1.${String(1000 + 10 * n + micro).padStart(6, "0")}: `;
    return [`${at(0)}dax_pte_fault: ${told}`, `${at(5)}dax_pte_fault_done: ${told}MAJOR|NOPAGE`];
  });
  const trace = await readTrace(new Blob([`${lines.flat().join("\n")}\n`]).stream(), { name: "-" });
  assert(trace.kind === "trace");
  let most = 0;
  await watchTrace(trace, { path: "-", kernel: "6.12.107" }, {
    record: () => {},
    observed: ({ dax: { mapped } }) => most = Math.max(most, mapped.size),
    end: () => {},
  });
  assertEquals(most, 64);
});
