/**
 * Writeback errors that come on record while a sync call is under way.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TraceText } from "./bench/growing_traces.ts";
import { judgeLines, verdictOn } from "./judge_text.ts";

const file = "dev=0x700001 ino=131";

/** An error of the file comes on record, in an interrupt that another task has met. */
function recordError(trace: TraceText, before: string): void {
  trace.line(200, `filemap_set_wb_err: dev=7:1 ino=0x83 errseq=${before}`);
}

/** A sync call begins, as probes show it. */
function enter(trace: TraceText): void {
  trace.line(100, "sys_fsync(fd: 3)");
  trace.line(
    100,
    `xfs_sync: (xfs_file_fsync+0x4/0x2b0) ${file} file=0xff01 datasync=0 pin=0 seq=3 ff=0x0`,
  );
  trace.line(100, "xfs_file_fsync: dev 7:1 ino 0x83 iflags 0x0");
}

/** The sync call has looked at its cursor, and found an error, or none. */
function told(trace: TraceText, cursor: string, status = -5): void {
  const from = "(file_write_and_wait_range+0x8d/0xb0 <- file_check_and_advance_wb_err)";
  const cursors = `fwberr=${cursor} mwberr=${cursor}`;
  trace.line(
    100,
    `error_checked: ${from} ${file} file=0xff01 ${cursors} mfl=0x0 ret=${status}`,
  );
}

/** The sync call returns that. */
function returns(trace: TraceText, status = -5): void {
  trace.line(
    100,
    `xfs_synced: (do_fsync+0x39/0x70 <- xfs_file_fsync) ${file} file=0xff01 datasync=0 ret=${status}`,
  );
  trace.line(100, `sys_fsync -> ${status === 0 ? "0x0" : "0xfffffffffffffffb"}`);
}

/** The verdict on DUR-5, where task 200 is a worker of the kernel on the other CPU. */
async function verdictOf(trace: TraceText): Promise<string> {
  const text = trace.text().replace(/ {12}prog-200(.*) \[000\]/g, "     kworker/1:0-200$1 [001]");
  return verdictOn(await judgeLines(text.trimEnd().split("\n"), "6.12.107"), "DUR-5");
}

function toldTwice(): TraceText {
  const trace = new TraceText();
  enter(trace);
  recordError(trace, "0x0");
  told(trace, "0x1005");
  recordError(trace, "0x1005");
  returns(trace);
  enter(trace);
  told(trace, "0x3005");
  returns(trace);
  return trace;
}

Deno.test("an error that comes after a failing sync call has looked is for the next one to report", async () => {
  const trace = toldTwice();
  assertEquals(await verdictOf(trace), "holds");
  enter(trace);
  told(trace, "0x3005");
  returns(trace);
  assertEquals(await verdictOf(trace), "violated");
});

Deno.test("a cursor that has moved past an error, of which no line tells, leaves it open", async () => {
  const trace = new TraceText();
  enter(trace);
  recordError(trace, "0x0");
  told(trace, "0x1005");
  returns(trace);
  recordError(trace, "0x1005");
  enter(trace);
  told(trace, "0x3005", 0);
  returns(trace, 0);
  assertEquals(await verdictOf(trace), "undecided");
});

Deno.test("without probes, a sync call may have looked before an error that came while it was under way", async () => {
  const trace = new TraceText();
  const call = (status: 0 | -5, meanwhile = () => {}): void => {
    trace.line(100, "sys_fsync(fd: 3)");
    trace.line(100, "ext4_sync_file_enter: dev 7,1 ino 131 parent 2 datasync 0 ");
    meanwhile();
    trace.line(100, `ext4_sync_file_exit: dev 7,1 ino 131 ret ${status}`);
    trace.line(100, `sys_fsync -> ${status === 0 ? "0x0" : "0xfffffffffffffffb"}`);
  };
  const look = "file_check_and_advance_wb_err: file=00000000ff01 dev=7:1 ino=0x83";
  call(0, () => recordError(trace, "0x0"));
  call(-5, () => trace.line(100, `${look} old=0x0 new=0x1005`));
  call(0);
  assertEquals(await verdictOf(trace), "holds");
});
