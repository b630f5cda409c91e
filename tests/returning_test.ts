/**
 * Kernels whose return probes print no arguments: the entry's line has them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { readerOfProbe } from "../vectors/kernel/rows.ts";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const RETURN = /^(.*: )(\w+): \(([^<]+) <- (\w+)\)(.*)$/;
const ENTRY = /: \w+: \((\w+)\+0x[0-9a-f]+\/0x[0-9a-f]+[^<]*\) /;

/** The recording as a kernel makes it whose returns print what they return and nothing else. */
function withBareReturns(lines: readonly string[]): readonly string[] {
  const entered = new Set(lines.flatMap((line) => ENTRY.exec(line)?.[1] ?? []));
  return lines.flatMap((line) => {
    const [, head, name, caller, called = "", given = ""] = RETURN.exec(line) ?? [];
    if (readerOfProbe(called, true)?.asks !== true) return [line];
    const returned = / ret=\S+/.exec(given)?.[0] ?? "";
    const leaves = `${head}${name}: (${caller} <- ${called})${returned}`;
    const enters = `${head}${name}_begin: (${called}+0x0/0x100)${given.replace(returned, "")}`;
    return entered.has(called) ? [leaves] : [enters, leaves];
  });
}

const missedNone = "# pagespec: missed: 000000000000";

/** Verdicts on a bundled recording: as it is, and with bare returns. */
async function both(name: string, facts: readonly string[]) {
  const lines = await recordedText(name);
  const kernel = name.split("-")[0];
  const first = lines.findIndex((line) => !line.startsWith("#"));
  const bare = withBareReturns(lines.toSpliced(first, 0, ...facts));
  assert(bare.length > lines.length + 10, name);
  const [whole, part] = [
    await judgeLines(lines, kernel),
    await judgeLines(recounted(bare), kernel),
  ];
  assert(whole !== undefined && part !== undefined);
  return whole.invariants.map((each, at) => ({ id: each.id, each, after: part.invariants[at] }));
}

Deno.test("a return without arguments is judged by what its entry printed", async () => {
  for (const name of ["6.12-dsync-ext4", "6.12-msync-xfs", "6.12-error-ext4", "6.12-stable-xfs"]) {
    for (const { id, each, after } of await both(name, [missedNone])) {
      // What it rests on, the flags of a folio when do_page_mkwrite() returns, no line prints.
      if (id === "WB-MKWRITE-1") assertEquals(after?.verdict, "unexercised");
      else {assertEquals(
          [after?.verdict, after?.judged],
          [each.verdict, each.judged],
          `${name} ${id}`,
        );}
    }
  }
});

const broken = {
  "6.12-skips-mkclean-ext4": "WB-CLEAN-1",
  "6.12-skips-flush-ext4": "DUR-1",
  "6.12-skips-wait-ext4": "DUR-1",
  "6.12-skips-error-ext4": "DUR-5",
  "7.3-skips-second-invalidation-xfs": "COH-3",
} as const;

Deno.test("with bare returns a breach is a breach, or undecided where it rests on what a return printed", async () => {
  for (const [name, of] of Object.entries(broken)) {
    const found = (await both(name, [missedNone])).find(({ id }) => id === of);
    assertEquals(found?.each.verdict, "violated", name);
    assertEquals(found?.after?.verdict, of === "DUR-5" ? "undecided" : "violated", name);
  }
});

Deno.test("where nothing tells how many hits the kprobes missed, no breach rests on an absence", async () => {
  for (const [name, of] of Object.entries(broken)) {
    const found = (await both(name, [])).find(({ id }) => id === of);
    assertEquals(found?.after?.verdict, "undecided", name);
  }
});

Deno.test("where one probe of several that need each other could not be defined, no breach rests on an absence", async () => {
  const [name, of] = ["6.12-skips-flush-ext4", "DUR-1"];
  const lines = await recordedText(name);
  const functions = [
    ...["folio_clear_dirty_for_io%return", "__folio_start_writeback", "folio_end_writeback"],
    ...["do_page_mkwrite%return", "bio_add_folio%return", "block_bio_queue", "bio_endio"],
    "blkdev_issue_flush",
  ];
  const first = lines.findIndex((line) => !line.startsWith("#"));
  const judged = async (lacks?: string) => {
    const probes = functions.filter((each) => each !== lacks)
      .map((each) => `# pagespec: probe: ${each}`);
    return verdictOn(await judgeLines(lines.toSpliced(first, 0, ...probes), "6.12"), of);
  };
  assertEquals(await judged(), "violated");
  for (const lacks of functions) assertEquals(await judged(lacks), "undecided", lacks);
});

Deno.test("a return whose entry was not seen says nothing, and nothing is lost by it", async () => {
  const lines = await recordedText("6.12-dsync-ext4");
  const bare = withBareReturns(lines);
  const first = bare.findIndex((line) => / <- file_write_and_wait_range\)/.test(line));
  // From the first return on: its entry lies before the trace.
  const head = bare.filter((line, at) => line.startsWith("#") || at >= first);
  const result = await judgeLines(recounted(head), "6.12");
  assertEquals(result?.notes.filter(({ kind }) => kind === "half" || kind === "unread_fields"), []);
});

Deno.test("a folio that is swapped out belongs to no file, and nothing is lost by its lines", async () => {
  const lines = await recordedText("6.12-dsync-ext4");
  const first = lines.findIndex((line) => / <- folio_clear_dirty_for_io\)/.test(line));
  const [, head = ""] = RETURN.exec(lines[first] ?? "") ?? [];
  const words = "dev=(fault) ino=(fault) index=7 nr=0 fl=0x17ffffc008003d";
  const swapped = [
    `${head}clear_dirty: (shrink_folio_list+0x4/0x90 <- folio_clear_dirty_for_io) ${words} ret=1`,
    `${head}writeback_begin: (__folio_start_writeback+0x4/0x90) ${words} keep=0`,
    `${head}writeback_end: (folio_end_writeback+0x4/0x90) ${words}`,
  ];
  const whole = await judgeLines(lines, "6.12");
  const more = await judgeLines(recounted(lines.toSpliced(first, 0, ...swapped)), "6.12");
  const verdicts = (result: typeof whole) =>
    result?.invariants.map(({ id, verdict, judged }) => `${id} ${verdict} ${judged}`);
  assertEquals(verdicts(more), verdicts(whole));
});
