/**
 * Transactions whose number is out before their commit record is on the media.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TraceText } from "./bench/growing_traces.ts";
import { judgeLines, verdictOn } from "./judge_text.ts";

const inode = "dev=0x700000 ino=131";
const folio = `${inode} index=0 nr=0`;

function queue(trace: TraceText, pid: number, bio: string, size: number, flags: string): void {
  const probe = "bio_queue: (__probestub_block_bio_queue+0x4/0x10)";
  trace.line(pid, `${probe} bio=${bio} dev=0x700000 sector=8 size=${size} opf=${flags}`);
}

function end(trace: TraceText, bio: string, flags: string): void {
  trace.line(200, `bio_end: (bio_endio+0x4/0x1e0) bio=${bio} dev=0x700000 opf=${flags} status=0`);
}

/** A sync call of ext4 waits for a transaction, whose record ends before that or after the call. */
async function verdictOf(recordIsEarly: boolean): Promise<string> {
  const trace = new TraceText();
  const call = `${inode} file=0xff02 datasync=0 synctid=5 dsynctid=5`;
  trace.line(101, "writeback_dirty_folio: bdi 7:0: ino=131 index=0");
  trace.line(101, "writeback_mark_inode_dirty: bdi 7:0: ino=131 state= flags=I_DIRTY_PAGES");
  trace.line(100, "sys_fsync(fd: 3)");
  trace.line(100, `ext4_sync: (ext4_sync_file+0x4/0x2b0) ${call}`);
  trace.line(
    100,
    `clear_dirty: (mpage_submit_folio+0x1f/0x90 <- folio_clear_dirty_for_io) ${folio} fl=0x29 ret=1`,
  );
  trace.line(100, `writeback_begin: (__folio_start_writeback+0x4/0x230) ${folio} fl=0x29 keep=0`);
  trace.line(
    100,
    `bio_add: (ext4_bio_write_folio+0x234/0x5f0 <- bio_add_folio) bio=0xff01 ${inode} index=0 off=0 len=4096 ret=1`,
  );
  queue(trace, 100, "0xff01", 4096, "0x801");
  end(trace, "0xff01", "0x801");
  trace.line(200, `writeback_end: (folio_end_writeback+0x4/0x80) ${folio} fl=0x2a`);
  trace.line(201, "jbd2_start_commit: dev 7,0 transaction 5 sync 0");
  queue(trace, 201, "0xff04", 4096, "0x69801");
  // Device-mapper takes REQ_PREFLUSH off a bio that it has passed on.
  if (recordIsEarly) end(trace, "0xff04", "0x29801");
  trace.line(
    100,
    "commit_waited: (ext4_sync_file+0xf4/0x2b0 <- jbd2_log_wait_commit) dev=0x700000 tid=5 seq=5 ret=0",
  );
  trace.line(
    100,
    "fast_commit: (ext4_sync_file+0xf4/0x2b0 <- ext4_fc_commit) dev=0x700000 tid=5 ret=0",
  );
  trace.line(100, "flush_begin: (blkdev_issue_flush+0x4/0x70) dev=0x700000");
  queue(trace, 100, "0xff03", 0, "0x40801");
  end(trace, "0xff03", "0x40801");
  trace.line(
    100,
    "flush_end: (ext4_sync_file+0x1bf/0x2b0 <- blkdev_issue_flush) dev=0x700000 ret=0",
  );
  trace.line(100, `ext4_synced: (do_fsync+0x39/0x70 <- ext4_sync_file) ${call} ret=0`);
  trace.line(100, "sys_fsync -> 0x0");
  if (!recordIsEarly) end(trace, "0xff04", "0x29801");
  const text = trace.text().replace(/ {12}prog-20(.*) \[000\]/g, "     kworker/1:0-20$1 [001]");
  return verdictOn(await judgeLines(text.trimEnd().split("\n"), "6.12.107"), "DUR-1");
}

Deno.test("a transaction is known to be committed once its commit record has ended", async () => {
  assertEquals([await verdictOf(true), await verdictOf(false)], ["holds", "undecided"]);
});
