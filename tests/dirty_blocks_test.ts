/**
 * Blocks of a folio (WB-BLOCK-1): a recording of XFS in which write(2) fills folios of 64 KiB, and
 * writeback puts each whole into a bio; made worse by machine.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { recordedText } from "./recorded.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";
import { find } from "./made_breach.ts";

const lines = await recordedText("6.12-msync-xfs");
const isCut = (line: string): boolean => line.includes("truncate_inode_pages_range");

/** As if writeback had put only the first block of a folio into its bio. */
function firstBlockOnly(index: number): readonly string[] {
  const bio = find(lines, 0, "<- bio_add_folio)", ` index=${index} `, " len=65536 ");
  return lines.map((line, n) => n === bio ? line.replace(" len=65536 ", " len=4096 ") : line);
}

const judge = (text: readonly string[]) => judgeLines(recounted(text), "6.12.107");

Deno.test("a folio of which only the first block is in a bio breaks WB-BLOCK-1", async () => {
  const result = await judge(firstBlockOnly(0));
  assertEquals(violated(result), ["WB-BLOCK-1"]);
  const [breach] = result?.invariants.find(({ id }) => id === "WB-BLOCK-1")?.breaches ?? [];
  assertEquals(breach?.pgoffs, [1]);
  assertEquals(verdictOn(result, "DUR-1"), "undecided");
});

Deno.test("what was copied may lie beyond the end of the file, unless a bio has gone further", async () => {
  // The last folio: nothing shows that the file is longer than its first block.
  assertEquals(verdictOn(await judge(firstBlockOnly(48)), "WB-BLOCK-1"), "holds");
  const kept = (await judge(lines))?.invariants.find(({ id }) => id === "WB-BLOCK-1");
  assertEquals([kept?.verdict, kept?.judged], ["holds", 4]);
});

Deno.test("where no line tells of a cut, the blocks may have been cut out of the file", async () => {
  const uncut = firstBlockOnly(0).filter((line) => !isCut(line));
  const result = await judge(uncut);
  assertEquals(verdictOn(result, "WB-BLOCK-1"), "undecided");
  const why = result?.invariants.find(({ id }) => id === "WB-BLOCK-1")?.why;
  assert(why?.kind === "unjudged_calls" && why.missing === "cut");
});

Deno.test("a file that was cut since owes nothing of what was copied before", async () => {
  const text = firstBlockOnly(0);
  const cut = lines.find((line) => isCut(line) && !line.includes("<-")) ?? "";
  const at = find(text, 0, "<- folio_clear_dirty_for_io)", " ino=131 index=0 ");
  const [, time = ""] = / (\d+\.\d+): /.exec(text[at] ?? "") ?? [];
  const moved = cut.replace(/ \d+\.\d+: /, ` ${time}: `).replace(
    / dev=\S+ ino=\d+ /,
    " dev=0xfe00010 ino=131 ",
  );
  const result = await judge([...text.slice(0, at), moved, ...text.slice(at)]);
  assertEquals(violated(result), []);
});
