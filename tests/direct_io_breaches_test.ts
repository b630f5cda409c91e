/**
 * Breaches of direct I/O, made by machine: a good recording with one thing changed as it would be if the
 * kernel had left out a step. No kernel did that; the checker must find it all the same.
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

const whole = await linesOf("6.12-direct-xfs");

/** Index of the first line from `from` on that has all these words. */
function find(from: number, ...words: readonly string[]): number {
  const at = whole.findIndex((line, n) => n >= from && words.every((word) => line.includes(word)));
  assert(at !== -1, words.join(" "));
  return at;
}

/** True for lines that tell of the folio at this offset, or of a bio that it is read by. */
function isOf(line: string, page: number): boolean {
  return new RegExp(`ofs=${page * 4096} order=0|index=${page} `).test(line);
}

/**
 * The recording as it were if a direct write had left a folio of its range in the cache: the lines of
 * its removal, and of its coming back, are gone, and the file has one page more in between.
 */
function withStaleFolio(leaveCount = false): readonly string[] {
  const write = find(6000, "iomap_dio_rw_begin");
  const removal = find(write, "mm_filemap_delete_from_page_cache");
  const [, offset = ""] = /ofs=(\d+)/.exec(whole[removal] ?? "") ?? [];
  const page = Number(offset) / 4096;
  const back = find(removal, "mm_filemap_add_to_page_cache", `ofs=${offset} `);
  const next = find(back, "mm_filemap_delete_from_page_cache", `ofs=${offset} `);
  assert(back < find(removal + 1, "mm_filemap_delete_from_page_cache", `ofs=${offset} `));
  return recounted(
    whole.flatMap((line, n) => {
      if (n < write || n >= next) return [line];
      if (
        (n === removal || n === back) || (n <= back && /pc_remove/.test(line) && isOf(line, page))
      ) {
        return [];
      }
      if (n <= removal || n > back || leaveCount) return [line];
      return [line.replace(/ nrpages=(\d+)/, (_, pages) => ` nrpages=${Number(pages) + 1}`)];
    }),
  );
}

Deno.test("a direct write that leaves an old folio in the cache breaks COH-1", async () => {
  assertEquals(violated(await judgeLines(withStaleFolio(), "6.12.107")), ["COH-1"]);
});

Deno.test("if the kernel's count of pages tells otherwise, lines are missing and nothing is broken", async () => {
  const result = await judgeLines(withStaleFolio(true), "6.12.107");
  assertEquals(verdictOn(result, "COH-1"), "undecided");
});
