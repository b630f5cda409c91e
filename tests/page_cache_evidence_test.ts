/**
 * Less evidence never gives a stronger verdict on files in the page cache: taking records out of a
 * recording adds no breach, and turns none into a promise kept.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Verdict } from "../model/check/verdict.ts";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import { eventName, type TraceRecord } from "../vectors/kernel/record.ts";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { directRows } from "../vectors/kernel/rows/direct_io.ts";
import { folioRows } from "../vectors/kernel/rows/folios.ts";
import { removalRows } from "../vectors/kernel/rows/removals.ts";
import type { Row } from "../vectors/kernel/rows/row.ts";
import { extentRows } from "../vectors/kernel/rows/extents.ts";
import { xfsInodeRows } from "../vectors/kernel/rows/xfs_inodes.ts";
import { requestRows } from "../vectors/kernel/rows/requests.ts";
import { cacheRows } from "../vectors/kernel/rows.ts";
import { judge } from "./fuzz/law.ts";
import type { Recording } from "./fuzz/recordings.ts";
import { isTaskRecord } from "./fuzz/removal.ts";
import { recordsOf } from "./read_text.ts";

const names = [
  "6.12-error-ext4",
  "6.12-failed-flush-ext4",
  "6.12-msync-xfs",
  "6.12-direct-xfs",
  "6.18-plain-ext4",
  "6.18-plain-xfs",
] as const;

/** Lines that are enough of a recording with plain tracepoints. */
const enough = 1200;

async function read(name: string): Promise<Recording> {
  const trace = await openTrace(`${recordedFolder}/${name}.trace.txt.gz`);
  assert(trace.kind === "trace");
  const { header } = trace;
  const whole = { name, kernel: "6.12.107", header, records: await recordsOf(trace) };
  return name.startsWith("6.18") ? recounted(only(whole, ({ line }) => line <= enough)) : whole;
}

const recordings = await Promise.all(names.map(read));
const [errorExt4, , , directXfs, plainExt4] = recordings;
assert(errorExt4 !== undefined && directXfs !== undefined && plainExt4 !== undefined);

/** The records of a recording that stay; its header says what it said. */
function only(whole: Recording, stays: (record: TraceRecord, at: number) => boolean): Recording {
  return { ...whole, records: whole.records.filter(stays) };
}

/** The recording with a header that counts the records that are there. */
function recounted(recording: Recording): Recording {
  const { header, records: { length } } = recording;
  return { ...recording, header: { ...header, entries: { inBuffer: length, written: length } } };
}

async function verdicts(recording: Recording): Promise<ReadonlyMap<string, Verdict>> {
  const { invariants } = await judge(recording);
  return new Map(invariants.map(({ id, verdict }) => [id, verdict]));
}

/** What was said of whole recordings. */
const judged = new Map<string, ReadonlyMap<string, Verdict>>();

/** What is left, counted anew or not, breaks nothing that the whole did not. */
async function hold(left: Recording, what: string): Promise<void> {
  const before = judged.get(left.name);
  assert(before !== undefined);
  for (const [part, counted] of [[left, false], [recounted(left), true]] as const) {
    const after = await verdicts(part);
    for (const [id, verdict] of after) {
      if (verdict === "violated") assertEquals(before.get(id), "violated", `${what}: ${id}`);
      // Where the header counts the events, it is known that something is missing.
      if (verdict === "holds" && !counted) assert(before.get(id) !== "violated", `${what}: ${id}`);
    }
  }
}

for (const whole of recordings) judged.set(whole.name, await verdicts(whole));

/** Whether a row of the table reads the record. */
function reads({ source }: Row, record: TraceRecord): boolean {
  if (record.kind !== "probe") return isTaskRecord(record) && eventName(record) === source;
  return source === `${record.function}()${record.returns ? " returns" : ""}`;
}

async function holdWithoutRows(whole: Recording, rows: readonly Row[]): Promise<void> {
  for (const row of rows) {
    const left = only(whole, (record) => !reads(row, record));
    if (left.records.length < whole.records.length) await hold(left, `without ${row.source}`);
  }
}

Deno.test("without the lines of any one row no breach is added", async () => {
  await holdWithoutRows(errorExt4, cacheRows);
  const ofFolios = folioRows.filter(({ source }) => source.startsWith("mm_filemap_"));
  await holdWithoutRows(plainExt4, [
    ...extentRows,
    ...xfsInodeRows,
    ...requestRows,
    ...ofFolios,
  ]);
  await holdWithoutRows(directXfs, [...directRows, ...removalRows, ...ofFolios]);
});

Deno.test("without markers, without probes and without system calls no breach is added", async () => {
  for (const whole of recordings) {
    for (const gone of [["marker"], ["probe"], ["syscall-enter", "syscall-exit"]]) {
      await hold(only(whole, ({ kind }) => !gone.includes(kind)), `without ${gone}`);
    }
  }
});

Deno.test("without one task's lines, or all but its, no breach is added", async () => {
  const tasks = new Set(errorExt4.records.filter(isTaskRecord).map(({ pid }) => pid));
  for (const task of [...tasks].slice(0, 8)) {
    const isIts = (record: TraceRecord) => isTaskRecord(record) && record.pid === task;
    await hold(only(errorExt4, (record) => !isIts(record)), `without task ${task}`);
    await hold(only(errorExt4, isIts), `with task ${task} alone`);
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
        const gone = new Set(places.map((place) => Math.floor(place * whole.records.length)));
        await hold(only(whole, (_, at) => !gone.has(at)), `without ${gone.size} lines`);
      },
    ),
    { numRuns: 8 },
  );
});
