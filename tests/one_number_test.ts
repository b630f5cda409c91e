/**
 * Two inodes of one file system may have one number, as in two subvolumes of btrfs; lines tell nothing
 * but device and number. What looks broken of such a pair is no breach.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";

const folio = "dev=0x1e ino=257 index=3 nr=0";
const add = "mm_filemap_add_to_page_cache: dev 0:30 ino 101 pfn=0x10 ofs=12288 order=0";
const cleaned = `clear_dirty: (extent_write_cache_pages+0x2fc/0x700 <- folio_clear_dirty_for_io) ` +
  `${folio} fl=0xfffffd000c22d ret=1`;
const madeWritable =
  "mkwrite: (do_wp_page+0x4e5/0xd60 <- do_page_mkwrite) dev=0x1e ino=257 pgoff=3 " +
  "addr=0x7f6f05f94000 index=3 fl=0xfffffd200423d ret=0x200";

type Events = readonly (readonly [task: string, event: string])[];

async function judge(events: Events, ...more: readonly string[]) {
  const lines = events.map(([task, event], n) =>
    `${task} (${task.split("-").at(-1)}) [000] ..... 99.000${100 + 20 * n}: ${event}`
  );
  const header = ["# tracer: nop", "# entries-in-buffer/entries-written: 0/0   #P:1"];
  return await judgeLines(recounted([...header, ...lines, ...more]));
}

async function wbTag(...events: Events) {
  return verdictOn(await judge(events), "WB-TAG-1");
}

/** Beginnings of writeback are recorded. */
const begun = [
  "kworker/u8:1-66",
  "writeback_begin: (__folio_start_writeback+0x4/0x230) dev=0x1e ino=9 index=0 nr=0 " +
  "fl=0xfffffc0004009 keep=0",
] as const;
const one = ["kworker/u8:1-66", add] as const;
const other = ["cp-101", add] as const;
const story = [begun, ["kworker/u8:1-66", cleaned], ["cp-101", madeWritable]] as const;

Deno.test("a folio that is cleaned and found unlocked has lost its writeback, unless it is another inode's", async () => {
  assertEquals(await wbTag(one, ...story), "violated");
  assertEquals(await wbTag(one, other, ...story), "undecided");
  // The other file is seen only later.
  assertEquals(await wbTag(one, ...story, other), "undecided");
});

Deno.test("a folio that is marked dirty again by who has cleaned it needs no writeback", async () => {
  const redirtied = (event: string) => ["kworker/u8:1-66", event] as const;
  const again = [
    redirtied(`redirty: (folio_redirty_for_writepage+0x4/0xb0) ${folio} fl=0xfffffd000c22d`),
    redirtied("writeback_dirty_folio: bdi 0:30: ino=257 index=3"),
  ];
  const [, cleans, finds] = story;
  assertEquals(await wbTag(one, begun, cleans, ...again, finds), "unexercised");
  assertEquals(await wbTag(one, begun, cleans, ...again, cleans, finds), "violated");
});

Deno.test("where events were lost, that one inode looks like two says no more than that they were", async () => {
  const whyOf = async (...more: readonly string[]) =>
    (await judge([one, other, ...story], ...more))?.invariants.find(({ id }) => id === "WB-TAG-1")
      ?.why?.kind;
  assertEquals(await whyOf(), "rests_on_absence");
  assertEquals(await whyOf("CPU:0 [LOST 7 EVENTS]"), "lost");
});
