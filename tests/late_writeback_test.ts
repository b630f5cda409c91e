/**
 * Sync calls that return while writeback of what was stored before them goes on.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TraceText } from "./bench/growing_traces.ts";
import { judgeLines, verdictOn } from "./judge_text.ts";

const inode = "dev=0x700001 ino=131";
const folio = `${inode} index=0 nr=0`;
const bio = "bio=0xff01 dev=0x700001";

/** Lines of the task that syncs (100), of one that stores (101), and of a worker (200). */
class Trace extends TraceText {
  dirty(): void {
    this.line(101, "page_fault_user: address=0x7f0000000008 ip=0x401000 error_code=0x7");
    this.line(101, "writeback_dirty_folio: bdi 7:1: ino=131 index=0");
    this.line(101, "writeback_mark_inode_dirty: bdi 7:1: ino=131 state= flags=I_DIRTY_PAGES");
  }

  enter(): void {
    this.line(100, "sys_fsync(fd: 3)");
    this.line(
      100,
      `xfs_sync: (xfs_file_fsync+0x4/0x2b0) ${inode} file=0xff02 datasync=0 pin=0 seq=3 ff=0x0`,
    );
    this.line(100, "xfs_file_fsync: dev 7:1 ino 0x83 iflags 0x0");
  }

  clean(pid: number): void {
    this.line(
      pid,
      `clear_dirty: (writeback_iter+0xed/0x2d0 <- folio_clear_dirty_for_io) ${folio} fl=0x29 ret=1`,
    );
  }

  begin(pid: number): void {
    this.line(pid, `writeback_begin: (__folio_start_writeback+0x4/0x230) ${folio} fl=0x29 keep=0`);
  }

  send(pid: number): void {
    this.begin(pid);
    this.line(
      pid,
      `bio_add: (iomap_writepages+0x431/0x9d0 <- bio_add_folio) bio=0xff01 ${inode} index=0 off=0 len=4096 ret=1`,
    );
    this.line(
      pid,
      `bio_queue: (__probestub_block_bio_queue+0x4/0x10) ${bio} sector=512 size=4096 opf=0x801`,
    );
  }

  arrive(): void {
    this.line(200, `bio_end: (bio_endio+0x4/0x1e0) ${bio} opf=0x801 status=0`);
  }

  end(): void {
    this.line(200, `writeback_end: (folio_end_writeback+0x4/0x80) ${folio} fl=0x2a`);
  }

  waited(): void {
    this.line(
      100,
      `waited: (xfs_file_fsync+0x9f/0x2b0 <- file_write_and_wait_range) ${inode} file=0xff02 start=0 end=9223372036854775807 ret=0`,
    );
  }

  flush(): void {
    const empty = "bio=0xff03 dev=0x700001";
    this.line(100, "flush_begin: (blkdev_issue_flush+0x4/0x70) dev=0x700001");
    this.line(
      100,
      `bio_queue: (__probestub_block_bio_queue+0x4/0x10) ${empty} sector=0 size=0 opf=0x40801`,
    );
    this.line(200, `bio_end: (bio_endio+0x4/0x1e0) ${empty} opf=0x40801 status=0`);
    this.line(
      100,
      "flush_end: (xfs_file_fsync+0x281/0x2b0 <- blkdev_issue_flush) dev=0x700001 ret=0",
    );
  }

  leave(): void {
    this.line(
      100,
      `xfs_synced: (do_fsync+0x39/0x70 <- xfs_file_fsync) ${inode} file=0xff02 datasync=0 ret=0`,
    );
    this.line(100, "sys_fsync -> 0x0");
  }

  async verdict(): Promise<string> {
    const text = this.text().replace(/ {12}prog-200(.*) \[000\]/g, "     kworker/1:0-200$1 [001]");
    return verdictOn(await judgeLines(text.trimEnd().split("\n"), "6.12.107"), "DUR-1");
  }
}

Deno.test("a folio that another task takes while a sync call is entered is owed, too", async () => {
  const trace = new Trace();
  trace.dirty();
  trace.clean(200);
  trace.enter();
  trace.send(200);
  trace.waited();
  trace.flush();
  trace.leave();
  trace.arrive();
  trace.end();
  assertEquals(await trace.verdict(), "violated");
});

Deno.test("what leads to data that a sync call did not wait for may be committed later", async () => {
  const verdicts: string[] = [];
  for (const isLate of [false, true]) {
    const trace = new Trace();
    trace.dirty();
    trace.enter();
    trace.clean(100);
    trace.send(100);
    trace.arrive();
    if (isLate) trace.waited();
    trace.line(
      200,
      "xfs_unwritten_convert: dev 7:1 ino 0x83 isize 0x1000 disize 0x1000 pos 0x0 bytecount 0x1000",
    );
    trace.end();
    if (!isLate) trace.waited();
    trace.flush();
    trace.leave();
    verdicts.push(await trace.verdict());
  }
  assertEquals(verdicts, ["holds", "undecided"]);
});

Deno.test("a folio that no bio carries, of a file that bios carry, is not known to be written", async () => {
  const verdicts: string[] = [];
  for (const isSent of [true, false]) {
    const trace = new Trace();
    trace.dirty();
    trace.clean(200);
    trace.send(200);
    trace.arrive();
    trace.end();
    trace.dirty();
    trace.enter();
    trace.clean(100);
    if (isSent) trace.send(100);
    else trace.begin(100);
    if (isSent) trace.arrive();
    trace.end();
    trace.waited();
    trace.flush();
    trace.leave();
    verdicts.push(await trace.verdict());
  }
  assertEquals(verdicts, ["holds", "undecided"]);
});
