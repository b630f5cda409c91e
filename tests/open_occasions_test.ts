/**
 * Occasions on which an invariant may have been broken, once there are many.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TraceText } from "./bench/growing_traces.ts";
import { judgeLines, verdictOn } from "./judge_text.ts";

Deno.test("a sync call of which nobody knows whether it kept its promise is not forgotten after a few more", async () => {
  const range = "dax_writeback_range: dev 259:0 ino 0xc pgoff 0x0-0x7ffffffffffff";
  const enter = "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 ";
  const trace = new TraceText();
  const lines = (...each: readonly (readonly [pid: number, event: string])[]): void =>
    each.forEach(([pid, event]) => trace.line(pid, event));
  const returns = "sys_fsync -> 0x0";
  trace.read(101, 12, 1023);
  lines([101, "sys_fsync(fd: 3)"], [101, enter], [101, returns]);
  trace.fault(100, 12, 700);
  lines([101, "sys_fsync(fd: 3)"], [101, range]);
  lines([101, "dax_writeback_one: dev 259:0 ino 0xc pgoff 0x2bc pglen 0x1"]);
  lines([100, "sys_fsync(fd: 3)"], [100, range], [100, returns], [101, returns]);
  lines([100, "sys_fsync(fd: 3)"], [100, range], [100, returns]);
  lines([100, "sys_fallocate(fd: 3, mode: 3, offset: 202000, len: bb000)"]);
  lines([100, "sys_fallocate -> 0x0"]);
  lines([100, "sys_fsync(fd: 3)"], [100, enter], [100, returns], [100, "sys_getpid()"]);
  const result = await judgeLines(trace.text().trimEnd().split("\n"), "7.2.12");
  assertEquals(verdictOn(result, "DAX-WAIT-1"), "undecided");
});
