/**
 * syncfs promises every file of its file system (`model/check/page_cache/syncfs.ts`).
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";
import { find, packedLines } from "./made_breach.ts";

const header = [
  "# tracer: nop",
  "# entries-in-buffer/entries-written: 0/0   #P:1",
  "# pagespec: mount: 259:5 /mnt ext4 rw",
  "# pagespec: write_cache: write back",
];
const dirtied = ["cp-101", "writeback_dirty_folio: bdi 259:5: ino=12 index=0"] as const;
const inProgram = ["cp-101", "page_fault_user: address=0x7f00 ip=0x40 error_code=0x6"] as const;
const named = ["sync-102", "ext4_sync_fs: dev 259,5 wait 1"] as const;

/** A folio is dirty when syncfs begins, is written meanwhile, and flushed. */
const written: readonly (readonly [task: string, event: string])[] = [
  ["cp-101", "ext4_mark_inode_dirty: dev 259,5 ino 12 caller ext4_ext_tree_init+0x2f/0x40"],
  dirtied,
  inProgram,
  ["sync-102", "sys_syncfs(fd: 3)"],
  [
    "kworker/u8:1-66",
    "ext4_writepages: dev 259,5 ino 12 nr_to_write 1 pages_skipped 0 range_start 0 " +
    "range_end 9223372036854775807 sync_mode 0 for_kupdate 0 range_cyclic 1 writeback_index 0",
  ],
  ["kworker/u8:1-66", "ext4_es_lookup_extent_exit: dev 259,5 ino 12 found 1 [0/1) 32887 W"],
  ["kworker/u8:1-66", "block_bio_queue: 259,5 W 263096 + 8 [kworker/u8:1]"],
  ["kworker/u8:1-66", "ext4_writepages_result: dev 259,5 ino 12 ret 0 pages_written 1"],
  ["<idle>-0", "block_rq_complete: 259,5 W () 263096 + 8 [0]"],
  named,
  ["jbd2/sda5-8-67", "jbd2_start_commit: dev 259,5 transaction 7 sync 0"],
  ["jbd2/sda5-8-67", "block_bio_queue: 259,5 FWFSM 9000 + 8 [jbd2/sda5-8]"],
  ["kworker/0:1H-68", "block_rq_issue: 259,5 FF 0 () 0 + 0 none,0,0 [kworker/0:1H]"],
  ["<idle>-0", "block_rq_complete: 259,5 FF () 0 + 0 none,0,0 [0]"],
  ["jbd2/sda5-8-67", "jbd2_end_commit: dev 259,5 transaction 7 sync 0 head 6"],
  ["sync-102", "sys_syncfs -> 0x0"],
];

async function judge(
  events: typeof written,
  ...says: readonly string[]
): ReturnType<typeof judgeLines> {
  const lines = events.map(([task, event], n) =>
    `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`
  );
  return await judgeLines(recounted([...header, ...says, ...lines]));
}

const flush = (line: string): boolean => / block_\w+: \d+,\d+ (?:F?WS|FF) .*\+ 0 /.test(line);

Deno.test("syncfs has kept its promise if what was dirty is written, committed and flushed", async () => {
  const kept = await judge(written);
  assertEquals(verdictOn(kept, "DUR-1"), "holds");
  assertEquals(verdictOn(kept, "META-2"), "holds");
});

Deno.test("syncfs whose flush ends only after its return has broken it", async () => {
  const end = written.findIndex(([, event]) => event.startsWith("sys_syncfs ->"));
  const late = written.findIndex(([, event]) => event.startsWith("block_rq_complete: 259,5 FF"));
  const [left = ["", ""] as const] = written.slice(end);
  assertEquals(violated(await judge([...written.slice(0, late), left])), []);
  const unwritten = written.filter(([task]) =>
    !task.startsWith("kworker/u8") && task !== "<idle>-0"
  );
  assertEquals(violated(await judge(unwritten)), []);
});

Deno.test("the flush of a good recording left out is a breach of syncfs", async () => {
  const lines = await packedLines("vectors/recorded/6.18-syncfs-ext4.trace.txt.gz");
  assertEquals(verdictOn(await judgeLines(lines), "DUR-1"), "holds");
  const call = find(lines, 0, "sys_syncfs(");
  const without = lines.filter((line, n) => n < call || !flush(line));
  assert(without.length < lines.length);
  assertEquals(violated(await judgeLines(recounted(without))), ["DUR-1"]);
});

Deno.test("syncfs owes no folio of a write that is under way, and none of another file system", async () => {
  const marking = written.filter((each) => each !== inProgram);
  const at = marking.indexOf(dirtied);
  const writing = [
    ...marking.slice(0, at),
    ["cp-101", "sys_write(fd: 4, buf: 0x7f00, count: 0x1000)"] as const,
    ...marking.slice(at),
    ["cp-101", "sys_write -> 0x1000"] as const,
  ];
  assertEquals(verdictOn(await judge(writing), "DUR-1"), "unexercised");
  const other = written.with(written.indexOf(named), [
    "sync-102",
    "ext4_sync_fs: dev 259,6 wait 1",
  ]);
  assertEquals(verdictOn(await judge(other), "DUR-1"), "unexercised");
});

Deno.test("where no line tells that the task had left its call, a folio that is not safe is left open", async () => {
  const marking = written.filter((each) => each !== inProgram);
  assertEquals(verdictOn(await judge(marking), "DUR-1"), "holds");
  const unwritten = marking.filter(([task]) => task !== "<idle>-0");
  const open = await judge(unwritten);
  const why = open?.invariants.find(({ id }) => id === "DUR-1")?.why;
  assertEquals(why?.kind === "unjudged_calls" && why.missing, "call");
});

Deno.test("syncfs in which no line names the file system is of none whose syncs print one", async () => {
  const foreign = written.filter((each) => each !== named);
  // Another call has named it, before or after: umount, or sync.
  for (const elsewhere of [0, foreign.length]) {
    const other = ["umount-103", named[1]] as const;
    const events = foreign.toSpliced(elsewhere, 0, other);
    assertEquals(verdictOn(await judge(events), "DUR-1"), "unexercised");
    const cut = events.map(([task, event], n) =>
      `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`
    );
    assertEquals(verdictOn(await judgeLines(cut), "DUR-1"), "undecided");
  }
  // The header says that such lines were recorded.
  const on = "# pagespec: event: ext4/ext4_sync_fs if 259:5";
  assertEquals(verdictOn(await judge(foreign, on), "DUR-1"), "unexercised");
});

Deno.test("syncfs of a file system that no line names leaves open what was dirty anywhere", async () => {
  const untold = written.filter((each) => each !== named);
  assertEquals(verdictOn(await judge(untold), "DUR-1"), "undecided");
  assertEquals(
    verdictOn(await judge(untold.filter((each) => each !== dirtied)), "DUR-1"),
    "unexercised",
  );
});
