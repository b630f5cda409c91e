/**
 * A sync call of ext4 as plain tracepoints show it, whose folio another task writes meanwhile.
 *
 * @module
 */
import { judgeLines, recounted } from "./judge_text.ts";

const counts = "# entries-in-buffer/entries-written: 0/0   #P:1";
/** The file system of the events. */
export const mount = "# pagespec: mount: 259:5 /mnt ext4 rw";

/** fsync by io_uring: no system call names its range, and another task writes the folio meanwhile. */
export const ringSync: readonly (readonly [task: string, event: string])[] = [
  ["app-101", "ext4_mark_inode_dirty: dev 259,5 ino 12 caller ext4_ext_tree_init+0x2f/0x40"],
  ["app-101", "writeback_dirty_folio: bdi 259:5: ino=12 index=0"],
  ["iou-wrk-101-102", "ext4_sync_file_enter: dev 259,5 ino 12 parent 2 datasync 0 "],
  [
    "kworker/u8:1-66",
    "ext4_writepages: dev 259,5 ino 12 nr_to_write 1 pages_skipped 0 range_start 0 " +
    "range_end 9223372036854775807 sync_mode 0 for_kupdate 0 range_cyclic 1 writeback_index 0",
  ],
  ["kworker/u8:1-66", "ext4_es_lookup_extent_exit: dev 259,5 ino 12 found 1 [0/1) 32887 W"],
  ["kworker/u8:1-66", "block_bio_queue: 259,5 W 263096 + 8 [kworker/u8:1]"],
  ["kworker/u8:1-66", "block_rq_issue: 259,5 W 4096 () 263096 + 8 [kworker/u8:1]"],
  ["kworker/u8:1-66", "ext4_writepages_result: dev 259,5 ino 12 ret 0 pages_written 1"],
  ["<idle>-0", "block_rq_complete: 259,5 W () 263096 + 8 [0]"],
  ["jbd2/sda5-8-67", "jbd2_start_commit: dev 259,5 transaction 7 sync 0"],
  ["jbd2/sda5-8-67", "jbd2_end_commit: dev 259,5 transaction 7 sync 0 head 6"],
  ["iou-wrk-101-102", "ext4_sync_file_exit: dev 259,5 ino 12 ret 0"],
];

/** What is judged of events of this file system, on a device without a volatile cache. */
export async function judgeEvents(
  events: typeof ringSync,
  mount: string,
): ReturnType<typeof judgeLines> {
  const header = ["# tracer: nop", counts, mount, "# pagespec: write_cache: write through"];
  const lines = events.map(([task, event], n) =>
    `${task} [000] ..... 99.000${100 + 20 * n}: ${event}`
  );
  return await judgeLines(recounted([...header, ...lines]));
}
