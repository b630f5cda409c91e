/**
 * Every number of the page on released kernels that comes from a recording, counted again, and every excerpt.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Table } from "../spec/blocks.ts";
import { readChapters } from "../spec/chapters.ts";
import type { TaskRecord } from "../vectors/kernel/record.ts";
import { linesOf, recordingOf, taskRecords } from "./chapter_recordings.ts";

const chapters = await readChapters();
const blocks = chapters.find(({ file }) => file === "spec/4-mkclean-kernels.md")?.blocks ?? [];

/** The table behind `<!-- checked: NAME -->`. */
function checked(name: string): Table {
  const at = blocks.findIndex(({ kind, source }) =>
    kind === "prose" && source.includes(`<!-- checked: ${name} -->`)
  );
  const table = blocks[at + 1];
  assert(at >= 0 && table?.kind === "table", `no table behind <!-- checked: ${name} -->`);
  return table;
}

/** Compares a row with what its recording says, or says that the recording is not at hand. */
function holdRow(
  about: string,
  name: string,
  expected: readonly string[],
  count: (records: readonly TaskRecord[]) => readonly string[],
): void {
  const path = recordingOf(name);
  Deno.test({
    name: path === undefined
      ? `${about}: the recording ${name} is not at hand`
      : `${about}: the row is what ${name} shows`,
    ignore: path === undefined,
    async fn() {
      assertEquals(count(await taskRecords(path ?? "")), expected);
    },
  });
}

const isTracepoint = (name: string) => (record: TaskRecord): boolean =>
  record.kind === "tracepoint" && record.name === name;
const isCleaned = isTracepoint("dax_writeback_one");
const isMarker = (pattern: RegExp) => (record: TaskRecord): boolean =>
  record.kind === "marker" && pattern.test(record.text);
const isProbe = (name: string, returns: boolean) => (record: TaskRecord): boolean =>
  record.kind === "probe" && record.function === name && record.returns === returns;

/** From each begin to the same task's next end, as lines. */
function intervals(
  records: readonly TaskRecord[],
  isBegin: (record: TaskRecord) => boolean,
  isEnd: (record: TaskRecord) => boolean,
): readonly (readonly [from: number, to: number])[] {
  const open = new Map<number, number>();
  const found: [number, number][] = [];
  for (const record of records) {
    const from = open.get(record.pid);
    if (from !== undefined && isEnd(record)) {
      found.push([from, record.line]);
      open.delete(record.pid);
    }
    if (isBegin(record)) open.set(record.pid, record.line);
  }
  return found;
}

/** Of the syncs behind the first marked store: all, those with no flush over in time, or begun. */
function countEarlyReturns(records: readonly TaskRecord[]): readonly string[] {
  const stores = records.filter(isMarker(/ op=store done /)).map(({ line }) => line);
  const [first = Infinity] = stores;
  const syncs = intervals(
    records,
    isSync("syscall-enter"),
    isSync("syscall-exit"),
  ).filter(([entered]) => entered > first);
  const flushes = intervals(records, isProbe("dax_flush", false), isProbe("dax_flush", true));
  let early = 0;
  let unbegun = 0;
  for (const [entered, returned] of syncs) {
    const nextRound = stores.find((line) => line > returned) ?? Infinity;
    const inTime = flushes.some(([, over]) => entered < over && over < returned);
    const later = flushes.find(([, over]) => returned < over && over < nextRound);
    if (inTime || later === undefined) continue;
    early++;
    if (later[0] > returned) unbegun++;
  }
  return [syncs.length, early, unbegun].map(String);
}

for (const { cells: [name = "", ...counts] } of checked("two fsyncs").rows) {
  holdRow("two callers of fsync", name, counts, countEarlyReturns);
}

const isSync = (end: "syscall-enter" | "syscall-exit") => (record: TaskRecord): boolean =>
  record.kind === end && record.syscall === "fsync";

/** Mappings visited by the first fsync, whether B's second store faults, and the fsync behind it. */
function countForgotten(records: readonly TaskRecord[]): readonly string[] {
  const stores = records.filter(isMarker(/op=store off=/));
  const ofB = stores.filter(({ pid }) => pid !== stores[0]?.pid);
  const [first, second] = ofB;
  assert(first !== undefined && second !== undefined);
  const inSync = (after: TaskRecord): readonly TaskRecord[] => {
    const from = records.find((record) =>
      isSync("syscall-enter")(record) && record.line > after.line
    );
    assert(from !== undefined);
    const isEnd = isSync("syscall-exit");
    const to = records.find((record) => isEnd(record) && record.line > from.line);
    return records.filter(({ line }) => line > from.line && line < (to?.line ?? Infinity));
  };
  const done = records.find((record) =>
    record.pid === second.pid && record.line > second.line && isMarker(/op=store done/)(record)
  );
  const faulted = records.some((record) =>
    record.kind === "tracepoint" && /^dax_(?:pte|pmd)_fault_done$/.test(record.name) &&
    record.line > second.line && record.line < (done?.line ?? 0)
  );
  return [
    String(inSync(first).filter(isProbe("follow_invalidate_pte", false)).length),
    faulted ? "yes" : "no",
    inSync(second).some(isCleaned) ? "yes" : "no",
  ];
}

for (const { cells: [scenario = "", , ...expected] } of checked("5.10 mkclean").rows) {
  holdRow("mkclean of 5.10", `5.10.262 ${scenario}`, expected, countForgotten);
}

/** Entries written back between the stores and the return of fsync. */
function countWrittenBack(records: readonly TaskRecord[]): readonly string[] {
  const returned = records.findLast(isSync("syscall-exit"));
  assert(returned !== undefined && records.filter(isMarker(/op=store done/)).length === 2);
  return [
    String(records.filter((record) => isCleaned(record) && record.line < returned.line).length),
  ];
}

const elsewhere = checked("elsewhere");
for (
  const [begin, name] of [["punch", "7.2-punch-elsewhere-ext4"], ["ftruncate", "7.2-grow-xfs"]]
) {
  const row = elsewhere.rows.find(({ cells: [call = ""] }) => call.startsWith(begin ?? ""));
  const expected = row?.cells[elsewhere.header.indexOf("7.2.12")];
  assert(expected !== undefined && name !== undefined, begin);
  holdRow("a call elsewhere in the file", name, [expected], countWrittenBack);
}

const removals = ["punch hole", "zero range", "truncate"];
const table = checked("removals");

/** What became of the store of step 1 before the fsync of step 3 returned. */
function outcome(records: readonly TaskRecord[]): readonly string[] {
  const from = records.findIndex(isMarker(/^step=1 op=store done/));
  const to = records.findIndex(isMarker(/^step=3 op=fsync done/));
  assert(from >= 0 && to > from);
  return [records.slice(from, to).some(isCleaned) ? "written back" : "lost"];
}

for (const { cells: [removal = "", ...outcomes] } of table.rows) {
  const mode = removals.indexOf(removal);
  assert(mode >= 0, removal);
  outcomes.forEach((expected, column) => {
    const [kernel = "", system = ""] = (table.header[column + 1] ?? "").split(" ");
    const name = `${kernel} pp${mode}-${system.toLowerCase()}dax`;
    holdRow(`${removal} of a part of an entry`, name, [expected], outcome);
  });
}

for (const { file, blocks } of chapters) {
  for (const block of blocks) {
    if (block.kind !== "fence" || block.language !== "trace") continue;
    Deno.test(`${file}:${block.line}: the excerpt is from the recording ${block.info}`, async () => {
      const lines = await linesOf(block.info);
      let at = 0;
      for (const excerpt of block.body.split("\n")) {
        const found = lines.slice(at).findIndex((line) => shows(line, excerpt));
        assert(found >= 0, `no line behind line ${at} shows: ${excerpt}`);
        at += found + 1;
      }
    });
  }
}

/** True if a line is what the excerpt shows, where `..` stands for anything that was left out. */
function shows(line: string, excerpt: string): boolean {
  let rest = line.trim();
  const pieces = excerpt.split("..").map((piece) => piece.trim());
  for (const piece of pieces) {
    const at = rest.indexOf(piece);
    if (at < 0) return false;
    rest = rest.slice(at + piece.length);
  }
  return rest === "" || pieces.at(-1) === "";
}

Deno.test("an excerpt must match from its first piece to its last, in order", () => {
  const line = "   pp-189   [000] .....  15.93: dax_pmd_fault_done: dev 259:0 pgoff 0x12c NOPAGE";
  assert(shows(line, "pp-189 .. 15.93: dax_pmd_fault_done: .. NOPAGE"));
  assert(shows(line, "pp-189 .. 15.93: .."));
  assert(!shows(line, "pp-189 .. 15.93: dax_pmd_fault_done: .. pgoff 0x12c"));
  assert(!shows(line, "pp-189 .. NOPAGE .. 15.93: .."));
});
