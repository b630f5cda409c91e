/**
 * The recordings that the project was founded on, which lie beside the repository and not in it: each
 * gets the verdict that is true of it, in every form that leaves its evidence in place.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { checkTrace } from "../vectors/kernel/check_trace.ts";
import type { Trace } from "../vectors/kernel/ftrace_text.ts";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import { judgeLines, stripped, verdictOn, violated } from "./judge_text.ts";

const folder = new URL("../../shared/recordings/", import.meta.url);
const here = await Deno.stat(folder).then(() => true, () => false);
const because = here ? "" : " (../shared/recordings is not there)";

async function lines(name: string): Promise<readonly string[]> {
  return (await Deno.readTextFile(new URL(name, folder))).trimEnd().split("\n");
}

/** Ids violated by recordings; all others of the folder violate none. */
const broken: ReadonlyMap<string, string> = new Map([
  ...["s3-ext4dax", "s3-ext4dax-again", "s3-ext4dax-prewritten", "s3-ext4dax-head", "s3-xfsdax"]
    .map((name): [string, string] => [`5.10.262/${name}.trace.txt`, "DAX-CLEAN-2"]),
  ["5.10.262/s3-ext4dax.report.txt", "DAX-CLEAN-2"],
  ...["5.10.262", "6.12.107"].flatMap((kernel) =>
    ["fs2-ext4dax", "fs2-xfsdax"].map((name): [string, string] => [
      `${kernel}/${name}.trace.txt`,
      "DAX-WAIT-1",
    ])
  ),
  ...["pp1-ext4dax", "pp2-ext4dax", "re-ext4dax"].map((name): [string, string] => [
    `5.10.262/${name}.trace.txt`,
    "DAX-TAG-4",
  ]),
  ...["pp0-ext4dax", "pp1-ext4dax", "pp2-ext4dax", "pp2-xfsdax", "re-ext4dax"].map(
    (name): [string, string] => [`6.12.107/${name}.trace.txt`, "DAX-TAG-4"],
  ),
]);

for (const kernel of ["5.10.262", "6.12.107"]) {
  Deno.test({
    name:
      `every shared recording of ${kernel} is violated for what is true of it, and no more${because}`,
    ignore: !here,
    fn: async () => {
      for await (const { name } of Deno.readDir(new URL(`${kernel}/`, folder))) {
        if (!/\.(trace|report)\.txt$/.test(name)) continue;
        const path = `${kernel}/${name}`;
        const expected = broken.get(path);
        const result = await judgeLines(await lines(path));
        assertEquals(violated(result), expected === undefined ? [] : [expected], path);
      }
    },
  });
}

for (const name of ["s3-ext4dax", "s3-ext4dax-again", "s3-ext4dax-prewritten", "s3-xfsdax"]) {
  Deno.test({
    name:
      `${name} of 5.10 is violated by markers or by probes, and undecided without either${because}`,
    ignore: !here,
    fn: async () => {
      const whole = await lines(`5.10.262/${name}.trace.txt`);
      for (const form of ["as it is", "without markers", "without probes"] as const) {
        const result = await judgeLines(stripped[form](whole));
        assertEquals(violated(result), ["DAX-CLEAN-2"], form);
      }
      const bare = await judgeLines(stripped["without either"](whole));
      assertEquals(verdictOn(bare, "DAX-CLEAN-2"), "undecided");
    },
  });
}

Deno.test({
  name:
    `where 5.10 visits a mapping and does not protect it, probes do not say that it holds${because}`,
  ignore: !here,
  fn: async () => {
    const whole = await lines("5.10.262/s3-ext4dax-head.trace.txt");
    for (const [form, strip] of Object.entries(stripped)) {
      const verdict = verdictOn(await judgeLines(strip(whole)), "DAX-CLEAN-2");
      const markers = form === "as it is" || form === "without probes";
      assertEquals(verdict, markers ? "violated" : "undecided", form);
    }
  },
});

for (const kernel of ["5.10.262", "6.12.107"]) {
  for (const name of ["fs2-ext4dax", "fs2-xfsdax"]) {
    Deno.test({
      name: `${name} of ${kernel} is violated for DAX-WAIT-1 in all four forms${because}`,
      ignore: !here,
      fn: async () => {
        const whole = await lines(`${kernel}/${name}.trace.txt`);
        for (const [form, strip] of Object.entries(stripped)) {
          assertEquals(violated(await judgeLines(strip(whole))), ["DAX-WAIT-1"], form);
        }
      },
    });
  }
}

Deno.test({
  name: `a sound recording stripped of anything is never violated${because}`,
  ignore: !here,
  fn: async () => {
    for (const name of ["s3-ext4dax", "s3-ext4dax-head", "s3-xfsdax", "rf-ext4dax", "pp0-xfsdax"]) {
      const whole = await lines(`6.12.107/${name}.trace.txt`);
      for (const [form, strip] of Object.entries(stripped)) {
        assertEquals(violated(await judgeLines(strip(whole))), [], `${name} ${form}`);
      }
    }
  },
});

Deno.test({
  name:
    `the long recording is read from gzip to its last line, and breaks DAX-TAG-4 alone${because}`,
  ignore: !here,
  fn: async () => {
    const path = new URL("6.12.107/big.trace.txt.gz", folder).pathname;
    const trace = await openTrace(path);
    assert(trace.kind === "trace");
    const kinds = new Map<string, number>();
    async function* counted({ batches }: Trace) {
      for await (const batch of batches) {
        for (const { kind } of batch) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        yield batch;
      }
    }
    const passing = { ...trace, batches: counted(trace) };
    const result = await checkTrace(passing, { path, kernel: undefined });
    // Counted without the reader.
    assertEquals(Object.fromEntries(kinds), {
      "syscall-enter": 48_034,
      "syscall-exit": 48_034,
      marker: 93_030,
      tracepoint: 606_035,
    });
    assertEquals([result.events, trace.header.entries?.written], [795_133, 795_133]);
    assertEquals(violated(result), ["DAX-TAG-4"]);
    assertEquals(verdictOn(result, "DAX-WAIT-1"), "holds");
    // No thread group is printed: stores of threads before their own faults are not judged.
    assertEquals(verdictOn(result, "DAX-CLEAN-2"), "undecided");
  },
});
