/**
 * Large folios that are split unseen: what a call promises of a range rests on how large a folio was then.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";
import { judgeEvents, mount, ringSync } from "./ring_sync.ts";

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

/** Bytes of the file that writeback takes as one folio. */
type Part = readonly [offset: number, length: number];

/** All parts of the file that stay: the first folio, and what the second one was split into. */
const stays: readonly Part[] = [
  [0, 0x200000],
  [0x200000, 0x40000],
  [0x240000, 0x8000],
  [0x248000, 0x2000],
  [0x24a000, 0x1000],
];

/** Lines of the task, in the order of their times. */
function event(time: string, said: string): string {
  return `         python3-1872    (   1872) [001] ..... 11116.${time}: ${said}`;
}

const dirtied = (index: number): string => `writeback_dirty_folio: bdi 7:0: ino=131 index=${index}`;
const removed = (offset: number, order: number): string =>
  `mm_filemap_delete_from_page_cache: dev 7:0 ino 83 pfn=0x345300 ofs=${offset} order=${order}`;

/** Writeback takes a part as a folio. The file lies on the device as one extent, from sector 192 on. */
function taken([offset, length]: Part): readonly string[] {
  const [from, bytes] = [offset, length].map((each) => `0x${each.toString(16)}`);
  return [
    `iomap_writeback_folio: dev 7:0 ino 0x83 size 0x24b000 offset ${from} length ${bytes}`,
    `iomap_add_to_ioend: dev 7:0 ino 0x83 bdev 7:0 pos ${from} dirty len ${bytes} addr 0x18000 ` +
    "offset 0x0 length 0x400000 type MAPPED (0x2) flags DIRTY (0x2)",
  ];
}

/**
 * Recorded on XFS, 6.18.44, and shortened: a file of two folios of 512 pages is written as a whole, so that
 * iomap keeps no state of its blocks, and is cut to 0x24b000 bytes. The second folio is split while it is
 * dirty; lines tell of those parts alone that lie behind the end, and leave. fsync writes the others.
 *
 * @param cut what tells that the second folio is dirty, and that it was split
 * @param then what comes after fsync
 */
async function verdictOfFsync(
  parts: readonly Part[],
  { cut = [dirtied(512), ...leaving], then = [] }: {
    readonly cut?: readonly string[];
    readonly then?: readonly string[];
  } = {},
): Promise<string> {
  const sectors = parts.reduce((sum, [, length]) => sum + length / 512, 0);
  const result = await judgeLines(
    recounted([
      "# entries-in-buffer/entries-written: 0/0   #P:2",
      "# pagespec: write_cache: write back",
      event("131004", "mm_filemap_add_to_page_cache: dev 7:0 ino 83 pfn=0x41de00 ofs=0 order=9"),
      event("131136", dirtied(0)),
      event(
        "131155",
        "mm_filemap_add_to_page_cache: dev 7:0 ino 83 pfn=0x345200 ofs=2097152 order=9",
      ),
      ...cut.map((said) => event("131396", said)),
      event("131472", "sys_fsync(fd: 3)"),
      event("131474", "xfs_file_fsync: dev 7:0 ino 0x83 iflags 0x0"),
      ...parts.flatMap(taken).map((said) => event("131480", said)),
      event("131493", `block_bio_queue: 7,0 WS 192 + ${sectors} [python3]`),
      event(
        "131500",
        `block_rq_issue: 7,0 WS ${sectors * 512} () 192 + ${sectors} be,0,4 [python3]`,
      ),
      event("131920", `block_rq_complete: 7,0 WS () 192 + ${sectors} be,0,4 [0]`),
      event("142243", "block_rq_issue: 7,0 FF 0 () 0 + 0 none,0,0 [python3]"),
      "     ksoftirqd/0-14      (     14) [000] ..s.. 11116.146651: block_rq_complete: 7,0 FF () " +
      "18446744073709551615 + 0 none,0,0 [0]",
      event("146919", "xfs_inode_unpin: dev 7:0 ino 0x83 count 1 pincount 1 iflags 0x0"),
      event("146942", "sys_fsync -> 0x0"),
      ...then.map((said) => event("150000", said)),
    ]),
    "6.18.44",
  );
  const found = result?.invariants.find(({ id }) => id === "DUR-1");
  return found?.why?.kind === "unjudged_calls" ? found.why.missing : verdictOn(result, "DUR-1");
}

const leaving: readonly string[] = [
  removed(0x24b000, 0),
  removed(0x24c000, 2),
  removed(0x250000, 4),
  removed(0x260000, 5),
  removed(0x280000, 7),
  removed(0x300000, 8),
];

Deno.test("fsync owes each part of a folio that was split while it was dirty", async () => {
  assertEquals(await verdictOfFsync(stays), "holds");
  for (let written = 2; written < stays.length; written++) {
    assertEquals(await verdictOfFsync(stays.slice(0, written)), "pieces", `${written} parts`);
  }
});

Deno.test("that a folio was split is known by the first part that is smaller, though none has left", async () => {
  const cut = [dirtied(512)];
  assertEquals(await verdictOfFsync([[0, 0x200000], [0x200000, 0x200000]], { cut }), "holds");
  assertEquals(await verdictOfFsync([[0, 0x200000], [0x200000, 0x100000]], { cut }), "pieces");
  const halves: readonly Part[] = [[0x200000, 0x100000], [0x300000, 0x100000]];
  assertEquals(await verdictOfFsync([[0, 0x200000], ...halves], { cut }), "holds");
});

Deno.test("a part that writeback finds dirty after fsync is a breach, if nothing has dirtied it since", async () => {
  const parts = stays.slice(0, 4);
  const [last] = stays.slice(4);
  const late = last === undefined ? [] : taken(last);
  assertEquals(await verdictOfFsync(parts, { then: late }), "violated");
  assertEquals(await verdictOfFsync(parts, { then: [dirtied(0x24a), ...late] }), "pieces");
  assertEquals(await verdictOfFsync(parts, { then: [removed(0x24a000, 0)] }), "pieces");
});

Deno.test("a folio that was split when it was clean leaves no part that fsync owes", async () => {
  const [first = "", ...others] = leaving;
  for (const cut of [[...leaving, dirtied(512)], [first, dirtied(512), ...others]]) {
    assertEquals(await verdictOfFsync(stays.slice(0, 2), { cut }), "holds");
  }
});

Deno.test("a folio that is marked dirty where a part was may have more of its pages: they are no breach", async () => {
  const parts = stays.slice(0, 2);
  const late = stays.slice(2).flatMap(taken);
  assertEquals(await verdictOfFsync(parts, { then: [dirtied(0x240), ...late] }), "pieces");
  // The part before it is as it was.
  assertEquals(await verdictOfFsync(parts, { then: [dirtied(0x248), ...late] }), "violated");
});

Deno.test("what is dirtied and written of a part after fsync is no breach of the folio that was split", async () => {
  // Recorded on ext4, 6.18.44, and shortened. What was dirty of the folio lay behind the new end, so the
  // folio was clean when it was split, and no line tells.
  const line = (time: string, said: string): string =>
    `         python3-29765   (  29765) [000] ..... 13397.${time}: ${said}`;
  const ext4 = "dev 7,0 ino 13";
  const whole = "range_start 0 range_end 9223372036854775807";
  const result = await judgeLines(
    recounted([
      "# entries-in-buffer/entries-written: 0/0   #P:2",
      "# pagespec: mount: 7:0 /mnt ext4 rw",
      "# pagespec: block_size: 1024",
      "# pagespec: write_cache: write back",
      line(
        "870636",
        "mm_filemap_add_to_page_cache: dev 7:0 ino d pfn=0x5cd000 ofs=4194304 order=9",
      ),
      line("936970", "writeback_dirty_folio: bdi 7:0: ino=13 index=1024"),
      line("977847", "sys_ftruncate(fd: 4, length: 0x49d000)"),
      line(
        "978325",
        "mm_filemap_delete_from_page_cache: dev 7:0 ino d pfn=0x5cd09d ofs=4837376 order=0",
      ),
      line("979150", "sys_ftruncate -> 0x0"),
      line("979156", "sys_fsync(fd: 4)"),
      line("979157", `ext4_sync_file_enter: ${ext4} parent 2 datasync 0 `),
      line(
        "979159",
        `ext4_writepages: ${ext4} nr_to_write 1 ${whole} sync_mode 1`,
      ),
      line("980165", `ext4_sync_file_exit: ${ext4} ret 0`),
      line("980166", "sys_fsync -> 0x0"),
      line("983733", `ext4_es_lookup_extent_exit: ${ext4} found 1 [0/4724) 10241 WR`),
      line("983734", "writeback_dirty_folio: bdi 7:0: ino=13 index=1152"),
      line(
        "984100",
        `ext4_writepages: ${ext4} nr_to_write 1 ${whole} sync_mode 0`,
      ),
      line("984130", "block_bio_queue: 7,0 WS 29698 + 128 [python3]"),
      "     ksoftirqd/1-22      (     22) [001] ..s.. 13397.984662: block_rq_complete: 7,0 WS () " +
      "29698 + 128 be,0,4 [0]",
    ]),
    "6.18.44",
  );
  assertEquals(verdictOn(result, "DUR-1"), "undecided");
});

Deno.test("a folio of ext4 that was split was written before: its parts are not owed", async () => {
  const app = (...said: readonly string[]) => said.map((event) => ["app-101", event] as const);
  const [changed, dirty] = [ringSync.slice(0, 1), ringSync.slice(1, 2)];
  const writeback = ringSync.slice(3, 9).map(([task, event]) =>
    [task.startsWith("kworker") ? "app-101" : task, event] as const
  );
  // A large folio is dirtied and cut behind its third page; of two that are left no line tells.
  const verdict = async (order: number): Promise<string> =>
    verdictOn(
      await judgeEvents([
        ...changed,
        ...app(`mm_filemap_add_to_page_cache: dev 259:5 ino c pfn=0x1 ofs=0 order=${order}`),
        ...dirty,
        ...app("mm_filemap_delete_from_page_cache: dev 259:5 ino c pfn=0x4 ofs=12288 order=0"),
        ...app("sys_fsync(fd: 0x3)", "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 0 "),
        ...writeback,
        ...ringSync.slice(9, 11),
        ...app("ext4_sync_file_exit: dev 259,5 ino 12 ret 0", "sys_fsync -> 0x0"),
      ], mount),
      "DUR-1",
    );
  assertEquals(await verdict(0), "holds");
  assertEquals(await verdict(2), "holds");
});
