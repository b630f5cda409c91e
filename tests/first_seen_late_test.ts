/**
 * Pages that come under check after their entry was cleaned.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TraceText } from "./bench/growing_traces.ts";
import { judgeLines, violated } from "./judge_text.ts";

const file = "dev 259:0 ino 0xc";
const base = 0x7f0000000000;

function hugeFaultEnds(trace: TraceText, pid: number, page: number): void {
  const vma = `vm_start 0x${base.toString(16)} vm_end 0x${(base + 0x1000000).toString(16)}`;
  const at = `address 0x${(base + page * 4096).toString(16)} ${vma} pgoff 0x${page.toString(16)}`;
  trace.line(pid, `dax_pmd_fault_done: ${file} shared WRITE|USER ${at} max_pgoff 0x1000 NOPAGE`);
}

/** Of the whole file, with the PMD entry that it writes back, if any. */
function syncs(trace: TraceText, pid: number, cleans: boolean): void {
  const range = `${file} pgoff 0x0-0x7ffffffffffff`;
  trace.line(pid, "sys_fsync(fd: 3)");
  trace.line(pid, "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 ");
  trace.line(pid, `dax_writeback_range: ${range}`);
  if (cleans) trace.line(pid, `dax_writeback_one: ${file} pgoff 0x200 pglen 0x200`);
  trace.line(pid, `dax_writeback_range_done: ${range}`);
  trace.line(pid, "ext4_sync_file_exit: dev 259,0 ino 12 ret 0");
  trace.line(pid, "sys_fsync -> 0x0");
}

async function broken(inside: (trace: TraceText) => void): Promise<readonly string[]> {
  const trace = new TraceText();
  trace.line(100, "sys_fallocate(fd: 9, mode: 0, offset: 0, len: 1000)");
  trace.line(100, "sys_fallocate -> 0x0");
  trace.line(100, "ext4_truncate_enter: dev 259,0 ino 99 blocks 8");
  trace.line(101, "page_fault_user: address=0x7f0000202000 ip=0x401000 error_code=0x6");
  hugeFaultEnds(trace, 101, 514);
  inside(trace);
  // A caller that meets another task may pass over what that one holds, so its breach shows at once.
  trace.line(100, `dax_pte_fault: ${file} shared WRITE|USER address 0x7f0000001000 pgoff 0x1 `);
  syncs(trace, 101, false);
  trace.line(101, "sys_getpid()");
  return violated(await judgeLines(trace.text().trimEnd().split("\n"), "6.12.107"));
}

Deno.test("a store that a program marks may have come before its PMD entry was cleaned meanwhile", async () => {
  const store = `op=store off=${700 * 4096} va=0x${(base + 700 * 4096).toString(16)}`;
  const found = await broken((trace) => {
    trace.line(101, `tracing_mark_write: ${store}`);
    syncs(trace, 100, true);
    trace.line(101, "tracing_mark_write: op=store done");
  });
  assertEquals(found, []);
});

Deno.test("a fault may have come before its PMD entry was cleaned, though the page is first seen then", async () => {
  const found = await broken((trace) => {
    syncs(trace, 100, true);
    hugeFaultEnds(trace, 101, 700);
  });
  assertEquals(found, []);
});
