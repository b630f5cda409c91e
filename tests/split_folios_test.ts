/**
 * Large folios that are split unseen: what a call promises of a range rests on how large a folio was then.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";

/**
 * Recorded on XFS, 6.18.44, and shortened: a hole was punched into a folio of 512 pages, which was split
 * (`truncate_inode_partial_folio()`). Its first 256 pages are dirtied, and msync is of others.
 */
function msyncThenWriteback(start: string, length: string): readonly string[] {
  const line = (time: string, said: string): string =>
    `               h-24203   (  24203) [001] .....  2715.${time}: ${said}`;
  return recounted([
    "# entries-in-buffer/entries-written: 0/0   #P:2",
    line("562637", "sys_mmap(addr: 0, len: 0x800000, prot: 3, flags: 1, fd: 3, off: 0)"),
    line("562663", "sys_mmap -> 0x7f18f6c00000"),
    line("573994", "mm_filemap_add_to_page_cache: dev 7:5 ino 83 pfn=0x37da00 ofs=2097152 order=9"),
    line("607676", "writeback_dirty_folio: bdi 7:5: ino=131 index=512"),
    line("607722", `sys_msync(start: ${start}, len: 0xdd000, flags: 4)`),
    line("607724", "xfs_file_fsync: dev 7:5 ino 0x83 iflags 0x0"),
    "     ksoftirqd/0-22      (     22) [000] ..s..  2715.607805: block_rq_complete: 7,5 FF () " +
    "18446744073709551615 + 0 none,0,0 [0]",
    line("612028", "sys_msync -> 0x0"),
    line(
      "612348",
      `iomap_writeback_folio: dev 7:5 ino 0x83 size 0x800000 offset 0x200000 length ${length}`,
    ),
  ]);
}

const behindFirstPage = "0x7f18f6f66000";
const atFirstPage = "0x7f18f6e00000";

Deno.test("a folio that is found dirty after msync, and does not reach into its range, may have been split before", async () => {
  const result = await judgeLines(msyncThenWriteback(behindFirstPage, "0x100000"), "6.18.44");
  assertEquals(verdictOn(result, "DUR-1"), "undecided");
  const why = result?.invariants.find(({ id }) => id === "DUR-1")?.why;
  assertEquals(why?.kind === "unjudged_calls" && why.missing, "size");
});

Deno.test("a folio that is found dirty after msync, and reaches into its range still, is a breach", async () => {
  const result = await judgeLines(msyncThenWriteback(behindFirstPage, "0x200000"), "6.18.44");
  assertEquals(verdictOn(result, "DUR-1"), "violated");
});

Deno.test("the first page of a folio is its own, however the folio is split", async () => {
  const result = await judgeLines(msyncThenWriteback(atFirstPage, "0x100000"), "6.18.44");
  assertEquals(verdictOn(result, "DUR-1"), "violated");
});
