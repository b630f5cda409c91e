/**
 * Less evidence never gives a stronger verdict on files in the page cache: taking lines out of a
 * recording adds no breach, and turns none into a promise kept.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Verdict } from "../model/check/verdict.ts";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { directRows } from "../vectors/kernel/rows/direct_io.ts";
import { folioRows } from "../vectors/kernel/rows/folios.ts";
import { removalRows } from "../vectors/kernel/rows/removals.ts";
import type { Row } from "../vectors/kernel/rows/row.ts";
import { extentRows } from "../vectors/kernel/rows/extents.ts";
import { xfsInodeRows } from "../vectors/kernel/rows/xfs_inodes.ts";
import { requestRows } from "../vectors/kernel/rows/requests.ts";
import { cacheRows } from "../vectors/kernel/rows.ts";
import { judgeLines } from "./judge_text.ts";

const names = [
  "6.12-error-ext4",
  "6.12-failed-flush-ext4",
  "6.12-msync-xfs",
  "6.12-direct-xfs",
  "6.18-plain-ext4",
  "6.18-plain-xfs",
] as const;

async function linesOf(name: string): Promise<readonly string[]> {
  const file = await Deno.open(`${recordedFolder}/${name}.trace.txt.gz`);
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.trimEnd().split("\n");
}

/** Of those with plain tracepoints the first part is enough. */
const recordings = (await Promise.all(names.map(linesOf))).map((lines, at) =>
  names[at]?.startsWith("6.18") ? recounted(lines.slice(0, 1200)) : lines
);

/** Verdicts by invariant; nothing is exercised in what is no trace any more. */
async function verdicts(lines: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
  const result = await judgeLines(lines, "6.12.107");
  return new Map(result?.invariants.map(({ id, verdict }) => [id, verdict]) ?? []);
}

/** The text as its recorder would have written it without the lines that were taken out. */
function recounted(lines: readonly string[]): readonly string[] {
  const events = lines.filter((line) => !isComment(line)).length;
  return lines.map((line) =>
    line.startsWith("# entries-in-buffer") ? line.replace(/\d+\/\d+/, `${events}/${events}`) : line
  );
}

function isComment(line: string): boolean {
  return line === "" || line.startsWith("#");
}

/** What was said of whole recordings. */
const judged = new WeakMap<readonly string[], ReadonlyMap<string, Verdict>>();

/** Whether the lines that are left, counted anew or not, break something that the whole did not. */
async function hold(
  whole: readonly string[],
  left: readonly string[],
  what: string,
): Promise<void> {
  let before = judged.get(whole);
  if (before === undefined) judged.set(whole, before = await verdicts(whole));
  for (const [lines, counted] of [[left, false], [recounted(left), true]] as const) {
    const after = await verdicts(lines);
    for (const [id, verdict] of after) {
      if (verdict === "violated") assertEquals(before.get(id), "violated", `${what}: ${id}`);
      // Where the text counts its events, it is known that something is missing.
      if (verdict === "holds" && !counted) assert(before.get(id) !== "violated", `${what}: ${id}`);
    }
  }
}

/** The lines that a row of the table reads. */
function readsOf(source: string): RegExp {
  const [, probed = "", leaves] = /^(\w+)\(\)( returns)?$/.exec(source) ?? [];
  if (probed === "") return new RegExp(` ${source}: `);
  return leaves === undefined
    ? new RegExp(`: \\(${probed}\\+0x`)
    : new RegExp(`: \\(\\S+(?: \\[\\w+\\])? <- ${probed}\\)`);
}

async function holdWithoutRows(
  whole: readonly string[],
  rows: readonly Row[],
): Promise<void> {
  for (const { source } of rows) {
    const reads = readsOf(source);
    const left = whole.filter((line) => !reads.test(line));
    if (left.length < whole.length) await hold(whole, left, `without ${source}`);
  }
}

Deno.test("without the lines of any one row no breach is added", async () => {
  await holdWithoutRows(recordings[0] ?? [], cacheRows);
  const ofFolios = folioRows.filter(({ source }) => source.startsWith("mm_filemap_"));
  await holdWithoutRows(recordings[4] ?? [], [
    ...extentRows,
    ...xfsInodeRows,
    ...requestRows,
    ...ofFolios,
  ]);
  await holdWithoutRows(recordings[3] ?? [], [...directRows, ...removalRows, ...ofFolios]);
});

Deno.test("without markers, without probes and without system calls no breach is added", async () => {
  for (const whole of recordings) {
    for (const gone of [/ tracing_mark_write: /, / pc_\w+: \(/, / sys_\w+(?:\(| -> )/]) {
      await hold(whole, whole.filter((line) => !gone.test(line)), `without ${gone}`);
    }
  }
});

Deno.test("without one task's lines, or all but its, no breach is added", async () => {
  const [whole = []] = recordings;
  const taskOf = (line: string): string | undefined => /-(\d+) +\(/.exec(line)?.[1];
  const tasks = new Set(whole.map(taskOf));
  for (const task of [...tasks].slice(0, 8)) {
    const others = whole.filter((line) => isComment(line) || taskOf(line) !== task);
    await hold(whole, others, `without task ${task}`);
  }
});

Deno.test("without lines here and there no breach is added", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...recordings),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), {
        minLength: 1,
        maxLength: 300,
      }),
      async (whole, places) => {
        const gone = new Set(places.map((place) => Math.floor(place * whole.length)));
        const left = whole.filter((line, at) => isComment(line) || !gone.has(at));
        await hold(whole, left, `without ${gone.size} lines`);
      },
    ),
    { numRuns: 8 },
  );
});
