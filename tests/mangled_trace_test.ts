/**
 * What is missing from a trace never makes a sound kernel look broken.
 *
 * @module
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { judgeLines, verdictOn, violated } from "./judge_text.ts";

const sound = ["6.12-mkclean-ext4.trace.txt", "6.12-punch-xfs.trace.txt"] as const;
const runs = { numRuns: 60, seed: 20261120 } as const;

async function linesOf(name: string): Promise<readonly string[]> {
  return (await Deno.readTextFile(`${recordedFolder}/${name}`)).trimEnd().split("\n");
}

for (const name of sound) {
  const whole = await linesOf(name);
  const first = whole.findIndex((line) => !line.startsWith("#"));
  const place = fc.integer({ min: first, max: whole.length - 1 });

  Deno.test(`${name}, cut at either end, is never violated`, async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (one, other) => {
        const from = Math.min(one, other);
        const to = Math.max(one, other) + 1;
        const cut = [...whole.slice(0, first), ...whole.slice(from, to)];
        assertEquals(violated(await judgeLines(cut)), []);
      }),
      runs,
    );
  });

  Deno.test(`${name}, with a piece taken out of its middle, is never violated`, async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 60 }), async (from, length) => {
        const cut = whole.toSpliced(from, length);
        assertEquals(violated(await judgeLines(cut)), []);
      }),
      runs,
    );
  });

  Deno.test(`${name}, with events lost anywhere, is never violated and nothing holds`, async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 0, max: 1 }), async (at, cpu) => {
        const lossy = whole.toSpliced(at, 0, `CPU:${cpu} [LOST 57 EVENTS]`);
        const result = await judgeLines(lossy);
        assertEquals(violated(result), []);
        assertNotEquals(result?.verdict, "holds");
      }),
      runs,
    );
  });

  Deno.test(`${name}, with one line cut short anywhere, is never violated`, async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.nat(120), async (at, length) => {
        const cut = whole.with(at, (whole[at] ?? "").slice(0, length));
        assertEquals(violated(await judgeLines(cut)), []);
      }),
      runs,
    );
  });
}

Deno.test("deleting any one DAX fault line of a sound recording leaves its verdicts undecided", async () => {
  const whole = await linesOf("6.12-mkclean-ext4.trace.txt");
  const faults = whole.flatMap((line, at) =>
    / dax_p(te|md)_fault(_done)?: /.test(line) ? [at] : []
  );
  assert(faults.length > 0);
  for (const at of faults) {
    const result = await judgeLines(whole.toSpliced(at, 1));
    assertEquals(violated(result), [], `line ${at + 1}`);
    assertEquals(verdictOn(result, "DAX-CLEAN-2"), "undecided", `line ${at + 1}`);
  }
});

Deno.test("tasks by other names and with other ids get the same verdicts", async () => {
  const whole = await linesOf("5.10-mkclean-ext4.trace.txt");
  const renamed = whole.map((line) =>
    line.replace(
      /^ *(\S+)-(\d+) /,
      (_, task, pid) => `${`x${task}`.slice(0, 15).padStart(16)}-${Number(pid) + 5000} `,
    )
  );
  assertEquals(violated(await judgeLines(renamed)), violated(await judgeLines(whole)));
});

Deno.test("events lost before a breach's window do not take it back", async () => {
  const whole = await linesOf("5.10-mkclean-ext4.trace.txt");
  const first = whole.findIndex((line) => !line.startsWith("#"));
  const lossy = whole.toSpliced(first, 0, "CPU:1 [LOST 57 EVENTS]");
  assertEquals(violated(await judgeLines(lossy)), ["DAX-CLEAN-2"]);
});
