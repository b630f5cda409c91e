/**
 * PMD faults that end while a call takes pages away.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TraceText } from "./bench/growing_traces.ts";
import { judgeLines, verdictOn } from "./judge_text.ts";

const file = "dev 259:0 ino 0xc";
const base = 0x7f0000000000;

/** A PMD write fault of a task, in a mapping of its own. */
function hugeFault(trace: TraceText, pid: number, page: number): void {
  const start = base + pid * 0x40000000;
  const address = (start + page * 4096).toString(16);
  const vma = `vm_start 0x${start.toString(16)} vm_end 0x${(start + 0x1000000).toString(16)}`;
  const at = `address 0x${address} ${vma} pgoff 0x${page.toString(16)} max_pgoff 0x1000`;
  trace.line(pid, `dax_pmd_fault_done: ${file} shared WRITE|USER ${at} NOPAGE`);
}

Deno.test("where no block was, PMD faults may have come after a punch that has not returned", async () => {
  const trace = new TraceText();
  trace.line(100, "ext4_truncate_enter: dev 259,0 ino 99 blocks 8");
  trace.line(108, "sys_fallocate(fd: 3, mode: 3, offset: 200000, len: 2000)");
  trace.line(108, `dax_writeback_range: ${file} pgoff 0x200-0x201`);
  hugeFault(trace, 103, 1023);
  hugeFault(trace, 104, 514);
  trace.line(108, "sys_fallocate -> 0x0");
  const result = await judgeLines(trace.text().trimEnd().split("\n"), "6.12.107");
  assertEquals(verdictOn(result, "DAX-TAG-4"), "undecided");
});
