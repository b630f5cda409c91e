/**
 * Breaches made by machine: a good recording with one thing changed as it would be if the kernel had
 * left out a step. No kernel did that; the checker must find it all the same.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";

async function linesOf(name: string): Promise<readonly string[]> {
  const file = await Deno.open(`${recordedFolder}/${name}.trace.txt.gz`);
  const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip")))
    .text();
  return text.trimEnd().split("\n");
}

/** The first line from `from` on that has all these words. */
function find(lines: readonly string[], from: number, ...words: readonly string[]): number {
  const at = lines.findIndex((line, n) => n >= from && words.every((word) => line.includes(word)));
  assert(at !== -1, words.join(" "));
  return at;
}

/** Ids that are violated, where the text counts the lines that it has. */
async function broken(lines: readonly string[]): Promise<readonly string[]> {
  const events = lines.filter((line) => line !== "" && !line.startsWith("#")).length;
  const counted = lines.map((line) =>
    line.startsWith("# entries-in-buffer") ? line.replace(/\d+\/\d+/, `${events}/${events}`) : line
  );
  return violated(await judgeLines(counted, "6.12.107"));
}

/** The line with these bits of `fl=` set and cleared. */
function withFlags(line: string, set: bigint, clear: bigint): string {
  return line.replace(
    /fl=0x([0-9a-f]+)/,
    (_, flags: string) => `fl=0x${((BigInt(`0x${flags}`) | set) & ~clear).toString(16)}`,
  );
}

const WRITEBACK = 0x2n, DIRTY = 0x10n;

Deno.test("a sync call that does not wait for the end of writeback breaks DUR-1", async () => {
  const lines = [...await linesOf("6.12-msync-xfs")];
  const end = find(lines, 4000, "folio_end_writeback");
  const bio = lines.slice(0, end).findLastIndex((line) => line.includes("bio_endio"));
  const back = find(lines, end, "sys_", " -> 0x0");
  const [, time = ""] = / (\d+\.\d+): /.exec(lines[back + 1] ?? "") ?? [];
  const late = [lines[bio] ?? "", lines[end] ?? ""].map((line) =>
    line.replace(/ \d+\.\d+: /, ` ${time}: `)
  );
  const moved = [
    ...lines.slice(0, back + 1).filter((_, n) => n !== end && n !== bio),
    ...late,
    ...lines.slice(back + 1),
  ];
  assertEquals(await broken(moved), ["DUR-1"]);
});

Deno.test("a folio that msync leaves dirty breaks DUR-1, unless it was clean in between", async () => {
  const lines = await linesOf("6.12-msync-xfs");
  const from = find(lines, 0, "sys_msync(");
  const to = find(lines, from, "-281 ", "sys_msync -> 0x0");
  const ofFolio =
    / index=32 |offset 0x20000 |pos 0x20000 |448 \+ 128|sector=448 |bio=0xffff888008324238 /;
  const next = find(lines, to, "folio_clear_dirty_for_io) ", " index=32 ");
  const without = lines.filter((line, n) =>
    n < from || n >= next || !(n <= to ? ofFolio : /dirty.* index=32\b/).test(line)
  );
  const breachesOf = async (text: readonly string[]): Promise<readonly (string | undefined)[]> => {
    const result = await judgeLines(recounted(text), "6.12.107");
    const found = result?.invariants.find(({ id }) => id === "DUR-1")?.breaches ?? [];
    return found.map(({ violation }) => text[violation.at.line - 1]);
  };
  const returned = lines[to];
  assert((await breachesOf(without)).includes(returned));
  const ends = find(without, from, "-281 ", "<- do_writepages)");
  const dirtied = "writeback_dirty_folio: bdi 254:16: ino=131 index=32";
  const [head = ""] = /^.*? \d+\.\d+: /.exec(without[ends] ?? "") ?? [];
  const again = head.replace("-281     (    281)", "-280     (    280)") + dirtied;
  // The line is printed of a clean folio alone. What msync owed may have been cut off.
  assert(!(await breachesOf(without.toSpliced(ends, 0, again))).includes(returned));
});

Deno.test("a folio that is dirtied before the line that it was declared clean is owed no less surely", async () => {
  const lines = await linesOf("6.12-msync-xfs");
  const from = find(lines, 0, "sys_msync(");
  const clean = find(lines, from, "<- folio_clear_dirty_for_io)", " index=32 ");
  const [head = ""] = /^.*? \d+\.\d+: /.exec(lines[clean] ?? "") ?? [];
  const dirtied =
    head.replace("-281     (    281)", "-280     (    280)").replace("[001]", "[000]") +
    "writeback_dirty_folio: bdi 254:16: ino=131 index=32";
  const judged = async (text: readonly string[]) => {
    const result = await judgeLines(recounted(text), "6.12.107");
    return result?.invariants.find(({ id }) => id === "DUR-1")?.judged;
  };
  assertEquals(await judged(lines.toSpliced(clean, 0, dirtied)), await judged(lines));
  // Nor one that writeback marks dirty again, which prints both lines.
  const redirtied =
    `${head}redirty: (folio_redirty_for_writepage+0x4/0x120) dev=0xfe00010 ino=131 ` +
    "index=32 nr=16 fl=0xfffffd0004069";
  const again = [
    lines[clean] ?? "",
    redirtied,
    `${head}writeback_dirty_folio: bdi 254:16: ino=131 index=32`,
  ];
  assertEquals(await judged(lines.toSpliced(clean, 1, ...again)), await judged(lines));
});

Deno.test("write(2) that copies into a folio under writeback breaks STABLE-2", async () => {
  const lines = [...await linesOf("6.12-stable-xfs")];
  const at = find(lines, 3000, "iomap_write_end");
  lines[at] = withFlags(lines[at] ?? "", WRITEBACK, 0n);
  assertEquals(await broken(lines), ["STABLE-2"]);
});

Deno.test("a page that is made writable in a clean folio breaks WB-MKWRITE-1", async () => {
  const lines = [...await linesOf("6.12-msync-xfs")];
  const at = find(lines, 3000, "<- do_page_mkwrite)");
  lines[at] = withFlags(lines[at] ?? "", 0n, DIRTY);
  assertEquals(await broken(lines), ["WB-MKWRITE-1"]);
});

Deno.test("a clean folio that the fault marks dirty next breaks nothing, unless ->page_mkwrite has asked for another try", async () => {
  const lines = [...await linesOf("6.12-msync-xfs")];
  const at = find(lines, 3000, "<- do_page_mkwrite)");
  const line = withFlags(lines[at] ?? "", 0n, DIRTY);
  const [, head = "", index = ""] = /^(.*? [\d.]+: ).* index=(\d+) /.exec(line) ?? [];
  const [, ino = ""] = / ino=(\d+) /.exec(line) ?? [];
  const dirties = `${head}writeback_dirty_folio: bdi 254:16: ino=${ino} index=${index}`;
  const marked = (by: string) => recounted(lines.toSpliced(at, 1, by, dirties));
  assertEquals(await broken(marked(line)), []);
  assertEquals(await broken(marked(line.replace("ret=0x200", "ret=0x600"))), ["WB-MKWRITE-1"]);
});

Deno.test("a store that needs no fault after the folio was declared clean breaks WB-CLEAN-1", async () => {
  const lines = await linesOf("6.12-msync-xfs");
  const from = find(lines, 600, "op=store off=156922");
  const [, task = ""] = /-(\d+) +\(/.exec(lines[from] ?? "") ?? [];
  const to = find(lines, from, "op=store done off=156922");
  const without = lines.filter((line, n) => n <= from || n >= to || !line.includes(`-${task} `));
  assertEquals(await broken(without), ["WB-CLEAN-1"]);
});

Deno.test("an error that nobody is told of breaks DUR-5, and the promise with it", async () => {
  const lines = await linesOf("6.12-error-ext4");
  const tells = find(lines, 0, "file_check_and_advance_wb_err: ", "old=0x0 new=0x1005");
  const back = find(lines, tells, "sys_fsync -> ");
  const silent = lines.map((line, n) =>
    n < tells || n > back ? line : line.replace(/ret([= ])-5/, "ret$10")
      .replace("0xfffffffffffffffb", "0x0").replace("fwberr=0x1005", "fwberr=0x0")
  ).filter((_, n) => n !== tells);
  assertEquals(await broken(silent), ["DUR-1", "DUR-5"]);
  // Where lines are not counted, the one that tells may be missing, and so may the end of the call.
  const uncounted = silent.filter((line) => !line.startsWith("# entries-in-buffer"));
  const result = await judgeLines(uncounted, "6.12.107");
  assertEquals(violated(result), []);
  const whys = result?.invariants.filter(({ id }) => ["DUR-1", "DUR-5"].includes(id))
    .map(({ verdict, why }) => [verdict, why?.kind]);
  assertEquals(whys, [["undecided", "rests_on_absence"], ["undecided", "rests_on_absence"]]);
});

Deno.test("on plain tracepoints the promise is undecided, and the report names the probes", async () => {
  const lines = (await linesOf("6.12-error-ext4")).filter((line) => !/ pc_\w+: \(/.test(line));
  const result = await judgeLines(lines, "6.12.107");
  assertEquals(verdictOn(result, "DUR-1"), "undecided");
});
