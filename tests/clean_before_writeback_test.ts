/**
 * Folios that are marked dirty while writeback goes over their file, as plain tracepoints show it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { verdictOn } from "./judge_text.ts";
import { judgeEvents, mount, ringSync } from "./ring_sync.ts";

Deno.test("a folio that is marked dirty while writeback goes over its file is written if it was clean before", async () => {
  const [, dirty, enter, begin, ...rest] = ringSync;
  assert(dirty !== undefined && enter !== undefined && begin !== undefined);
  const added = (n: number): typeof dirty => [
    "app-101",
    "mm_filemap_add_to_page_cache: dev 259:5 ino c pfn=0x12345 ofs=" + n * 4096 + " order=0",
  ];
  const judge = async (...first: typeof ringSync): Promise<string | undefined> =>
    verdictOn(await judgeEvents(first.concat(rest), mount), "DUR-1");
  const fsync: typeof dirty = ["other-103", "sys_fsync(fd: 3)"];
  const file: typeof dirty = [
    "other-103",
    "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 0 ",
  ];
  const leave: typeof ringSync = [
    ["other-103", "ext4_sync_file_exit: dev 259,5 ino 12 ret 0"],
    ["other-103", "sys_fsync -> 0x0"],
  ];
  rest.splice(-1, 1, ...leave);
  const [logged] = ringSync;
  assert(logged !== undefined);
  assertEquals(await judge(logged, added(0), begin, dirty, fsync, file), "holds");
  assertEquals(
    await judge(logged, begin, dirty, fsync, file),
    "undecided",
    "it was dirty, perhaps",
  );
  assertEquals(
    await judge(logged, added(0), dirty, begin, dirty, fsync, file),
    "undecided",
    "it was declared clean between its two marks",
  );
  const half = (page: number): typeof ringSync => [
    [
      "kworker/u8:1-66",
      `ext4_es_lookup_extent_exit: dev 259,5 ino 12 found 1 [${page}/1) ${32887 + page} W`,
    ],
    ["kworker/u8:1-66", `block_bio_queue: 259,5 W ${263096 + 8 * page} + 8 [kworker/u8:1]`],
    ["kworker/u8:1-66", `block_rq_issue: 259,5 W 4096 () ${263096 + 8 * page} + 8 [kworker/u8:1]`],
  ];
  const arrives = (page: number): typeof dirty => [
    "<idle>-0",
    `block_rq_complete: 259,5 W () ${263096 + 8 * page} + 8 [0]`,
  ];
  const large: typeof dirty = [
    "app-101",
    "mm_filemap_add_to_page_cache: dev 259:5 ino c pfn=0x12344 ofs=0 order=1",
  ];
  const begins = [logged, large, begin, dirty, ...half(0)];
  const marked: typeof ringSync = [
    ["app-101", "sys_munmap(addr: 0x7f0000000000, len: 0x1000)"],
    dirty,
    fsync,
    file,
    ...half(1),
  ];
  const end = [arrives(1), ...rest.slice(-4)];
  const parts = async (...events: typeof ringSync): Promise<string | undefined> =>
    verdictOn(await judgeEvents([...events, ...end], mount), "DUR-1");
  assertEquals(await parts(...begins, ...marked, arrives(0)), "undecided", "half of it was sent");
  assertEquals(await parts(...begins, arrives(0), ...marked), "undecided", "half was written");
});
