/**
 * Journals: whose transactions are committed, and what of a file's data they hold.
 *
 * With data=journal a commit writes the data into the journal, and marks its folio dirty only then, to be
 * written in place at leisure: an fsync need not flush that.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  commitBegun,
  commitEnded,
  commitOf,
  createJournal,
  isFrom,
} from "../model/check/page_cache/journal.ts";
import { judgeLines, recounted, verdictOn } from "./judge_text.ts";

const pass = "nr_to_write 9223372036854775807 pages_skipped 0 range_start 0 " +
  "range_end 9223372036854775807 sync_mode 1 for_kupdate 0 range_cyclic 0 writeback_index 0";

/** A folio is dirty, by this task, when an fsync writes it in place and flushes nothing. */
async function synced(by: string) {
  const events = [
    ["app-101", "ext4_es_lookup_extent_exit: dev 254,0 ino 13 found 1 [0/1) 33120 W"],
    ["app-101", "ext4_mark_inode_dirty: dev 254,0 ino 13 caller ext4_dirty_inode+0x56/0x80"],
    ["jbd2/vda-8-67", "jbd2_start_commit: dev 254,0 transaction 16 sync 0"],
    ["jbd2/vda-8-67", "block_bio_queue: 254,0 WSM 2098680 + 8 [jbd2/vda-8]"],
    ["jbd2/vda-8-67", "block_bio_queue: 254,0 FWFSM 2098704 + 8 [jbd2/vda-8]"],
    ["kworker/0:1H-44", "block_rq_issue: 254,0 FF 0 () 0 + 0 [kworker/0:1H]"],
    ["kworker/0:1H-44", "block_rq_complete: 254,0 FF () 0 + 0 [0]"],
    [by, "writeback_dirty_folio: bdi 254:0: ino=13 index=0"],
    ["jbd2/vda-8-67", "jbd2_end_commit: dev 254,0 transaction 16 sync 0 head 2"],
    ["app-101", "sys_fsync(fd: 4)"],
    ["app-101", "ext4_sync_file_enter: dev 254,0 ino 13 parent 2 datasync 0 "],
    ["app-101", `ext4_writepages: dev 254,0 ino 13 ${pass}`],
    ["app-101", "ext4_es_lookup_extent_exit: dev 254,0 ino 13 found 1 [0/1) 33120 W"],
    ["app-101", "block_bio_queue: 254,0 WS 264960 + 8 [app]"],
    [
      "app-101",
      "ext4_writepages_result: dev 254,0 ino 13 ret 0 pages_written 1 pages_skipped 0 " +
      "sync_mode 1 writeback_index 1",
    ],
    ["<idle>-0", "block_rq_complete: 254,0 WS () 264960 + 8 [0]"],
    ["app-101", "ext4_sync_file_exit: dev 254,0 ino 13 ret 0"],
    ["app-101", "sys_fsync -> 0x0"],
  ];
  const result = await judgeLines(recounted([
    "# tracer: nop",
    "# entries-in-buffer/entries-written: 0/0   #P:1",
    "# pagespec: mount: 254:0 /mnt ext4 rw,data=journal",
    "# pagespec: write_cache: write back",
    ...events.map(([task, event], n) => `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`),
  ]));
  return verdictOn(result, "DUR-1");
}

Deno.test("what a commit marks dirty is in the journal: an fsync that flushes nothing after it is sound", async () => {
  assertEquals(await synced("app-101"), "violated");
  assertEquals(await synced("jbd2/vda-8-67"), "unexercised");
});

Deno.test("what one file system has committed says nothing of the next one that its device has", () => {
  fc.assert(fc.property(fc.nat(1000), fc.integer({ min: 1, max: 1000 }), (tid, more) => {
    const journal = createJournal();
    const where = (line: number) =>
      ({ line, time: line, cpu: 0, task: "jbd2", pid: 8, text: "", role: "other" }) as const;
    assertEquals(commitBegun(journal, tid + more, where(1)), true);
    commitEnded(journal, tid + more, where(2));
    assertEquals(commitBegun(journal, tid, where(3)), true);
    assertEquals(commitOf(journal, tid + more), undefined);
    assertEquals(journal.committed !== undefined && isFrom(journal.committed, tid), false);
  }));
});
