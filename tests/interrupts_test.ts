/**
 * Interrupts call probed functions in the middle of the same function of a task.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { missingText } from "../vectors/kernel/page_cache/why_text.ts";
import { judgedIn, recounted } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const lines = await recordedText("6.1-probes-ext4");
const [before, probed] = ["direct_completed_begin: (", "iomap_dio_complete+0x0/0x130)"];

/** A line of another call of iomap_dio_complete(), at the time and on the CPU of this one. */
function lineLike(line: string, task: string, cpu: string, flags: string, event: string): string {
  const [, time = ""] = / (\d+\.\d+): /.exec(line) ?? [];
  return `${task} [${cpu}] ${flags}   ${time}: ${event}`;
}

const enters = `${before}${probed} dev=0xfe00000 ino=99 from=0 complete=0xffffffff8128c3a0`;
const returns =
  "direct_completed: (iomap_dio_bio_end_io+0x11e/0x160 <- iomap_dio_complete) ret=4096";

/** The recording, with lines behind the entry of each call that completes direct I/O. */
function withMore(more: (line: string) => readonly string[]): readonly string[] {
  return recounted(lines.flatMap((line) => line.includes(before) ? [line, ...more(line)] : [line]));
}

const verdicts = (text: readonly string[]) => judgedIn(text, "6.1.0");

Deno.test("what an interrupt calls is none of the task's that it interrupts", async () => {
  const asItIs = await verdicts(lines);
  assertEquals(asItIs.find(({ id }) => id === "COH-1")?.verdict, "holds");
  const taskOf = (line: string): string => line.slice(0, line.indexOf("[")).trimEnd();
  const interrupted = (flags: string) =>
    withMore((line) =>
      [enters, returns].map((event) => lineLike(line, taskOf(line), "000", flags, event))
    );
  for (const flags of ["d.h1.", "d.H1.", "..s1.", "d.z1."]) {
    assertEquals(await verdicts(interrupted(flags)), asItIs, flags);
  }
  const entered = (await verdicts(interrupted("..... "))).filter(({ verdict }) =>
    verdict === "holds"
  );
  assertEquals(entered, [], "the task has not returned from the call before");
});

Deno.test("what two CPUs are called for while they idle is not of one task", async () => {
  const idle = (line: string, cpu: string, event: string): string =>
    lineLike(line, "          <idle>-0       (-------)", cpu, ".....", event);
  const both = withMore((line) => [
    idle(line, "000", enters),
    idle(line, "001", enters),
    idle(line, "000", returns),
    idle(line, "001", returns),
  ]);
  assertEquals(await verdicts(both), await verdicts(lines));
});

Deno.test("an end of writeback that kprobes have missed is not asked for", () => {
  const probes = ["__test_set_page_writeback", "end_page_writeback"];
  assertMatch(
    missingText("end", { probes, missed: 18 }),
    /though it was probed: kprobes have missed/,
  );
  for (const facts of [{ probes, missed: 0 }, { probes: [], missed: 18 }, undefined]) {
    assertMatch(missingText("end", facts), /: record a probe on folio_end_writeback$/);
  }
});
