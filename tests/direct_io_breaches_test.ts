/**
 * Breaches of direct I/O and of removals, made by machine: a good recording with one thing changed as it
 * would be if the kernel had left out a step. No kernel did that; the checker must find it all the same.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";
import { find, moved, packedLines, timeOf, withFolioKept } from "./made_breach.ts";

async function broken(lines: readonly string[]): Promise<readonly string[]> {
  return violated(await judgeLines(recounted(lines), "6.12.107"));
}

const direct = await packedLines(`${recordedFolder}/6.12-direct-xfs.trace.txt.gz`);

/** Where a direct write removes a folio. */
function removalByWrite(): number {
  const write = find(direct, 6000, "iomap_dio_rw_begin");
  return find(direct, write, "mm_filemap_delete_from_page_cache");
}

Deno.test("a direct write that leaves an old folio in the cache breaks COH-1", async () => {
  assertEquals(await broken(withFolioKept(direct, removalByWrite())), ["COH-1"]);
});

Deno.test("if the kernel's count of pages tells otherwise, lines are missing and nothing is broken", async () => {
  const lines = withFolioKept(direct, removalByWrite(), false);
  assertEquals(verdictOn(await judgeLines(lines, "6.12.107"), "COH-1"), "undecided");
});

const shared = new URL("../../shared/pagecache/6.12.107/", import.meta.url);
const here = await Deno.stat(shared).then(() => true, () => false);
const cuts = here ? await packedLines(new URL("tp-xfs.trace.txt.gz", shared).pathname) : [];
const moves = here ? await packedLines(new URL("fsx-ext4.trace.txt.gz", shared).pathname) : [];

function breaks(id: string, what: string, make: () => readonly string[]): void {
  Deno.test({
    name: `${what} breaks ${id}`,
    ignore: !here,
    fn: async () => assertEquals(await broken(make()), [id]),
  });
}

const cutBegins = "(truncate_inode_pages_range+0x", cutEnds = "<- truncate_inode_pages_range)";

breaks("INV-4", "a hole punch that leaves a folio in the hole", () => {
  for (let from = 2000;;) {
    const punch = find(cuts, from, "sys_fallocate(", /mode: 3, offset: \w+000,/);
    const end = find(cuts, punch, "sys_fallocate -> 0x0");
    const removal = find(cuts, punch, "mm_filemap_delete_from_page_cache", "order=0");
    if (removal < end) return withFolioKept(cuts, removal);
    from = end;
  }
});

breaks("INV-3", "a folio that is added while a hole is punched", () => {
  for (let from = 1000;;) {
    const begin = find(cuts, find(cuts, from, "xfs_free_file_space"), cutBegins);
    const end = find(cuts, begin, cutEnds);
    const add = find(cuts, end, "mm_filemap_add_to_page_cache");
    const middle = (timeOf(cuts[begin]) + timeOf(cuts[end])) / 2;
    const isLong = timeOf(cuts[end]) - timeOf(cuts[begin]) > 20e-6;
    if (isLong && add - end < 10 && /tpRead|tpStore/.test(cuts[add] ?? "")) {
      return moved(cuts, [add], begin, middle);
    }
    from = end;
  }
});

breaks("INV-5", "a range that collapses over a folio that was not written", () => {
  for (let from = 2000;;) {
    const collapse = find(moves, from, "sys_fallocate(", "mode: 8");
    const end = find(moves, collapse, "sys_fallocate -> ");
    const cleaned = find(moves, collapse, "<- folio_clear_dirty_for_io)", "ret=1");
    from = end;
    if (cleaned > end) continue;
    const [, index = ""] = / index=(\d+) /.exec(moves[cleaned] ?? "") ?? [];
    const offset = `ofs=${Number(index) * 4096} `;
    const removal = find(moves, cleaned, "mm_filemap_delete_from_page_cache", offset);
    const of = new RegExp(` index=${index} `);
    return moves.filter((line, n) => n < cleaned || n > removal || !of.test(line));
  }
});
