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

/** A write fault of a task, in a mapping of its own, as its lines have it. */
function faultAt(pid: number, page: number, order: "pte" | "pmd"): string {
  const start = base + pid * 0x40000000;
  const address = (start + page * 4096).toString(16);
  const vma = `vm_start 0x${start.toString(16)} vm_end 0x${(start + 0x1000000).toString(16)} `;
  const [area, size] = order === "pmd" ? [vma, " max_pgoff 0x1000"] : ["", ""];
  return `${file} shared WRITE|USER address 0x${address} ${area}pgoff 0x${
    page.toString(16)
  }${size} `;
}

/** A PMD write fault of a task, in a mapping of its own. */
function hugeFault(trace: TraceText, pid: number, page: number): void {
  trace.line(pid, `dax_pmd_fault_done: ${faultAt(pid, page, "pmd")}NOPAGE`);
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

Deno.test("a PTE fault that has begun may not have marked the PMD entry that is there", async () => {
  const trace = new TraceText();
  const [huge, small] = [faultAt(106, 513, "pmd"), faultAt(106, 513, "pte")];
  const other = faultAt(104, 514, "pte");
  trace.line(103, "sys_fallocate(fd: 3, mode: 3, offset: 202000, len: bb000)");
  trace.line(103, "ext4_punch_hole: dev 259,0 ino 12 offset 2105344 len 765952 mode ");
  trace.line(106, `dax_pmd_fault: ${huge}`);
  trace.line(103, `dax_writeback_range: ${file} pgoff 0x202-0x2bc`);
  trace.line(103, `dax_writeback_one: ${file} pgoff 0x200 pglen 0x200`);
  trace.line(104, `dax_pte_fault: ${other}`);
  trace.line(106, `dax_pmd_fault_done: ${huge}NOPAGE`);
  trace.line(106, `dax_pmd_fault: ${huge}`);
  trace.line(103, `dax_writeback_range_done: ${file} pgoff 0x202-0x2bc`);
  trace.line(103, "sys_fallocate -> 0x0");
  trace.line(104, `dax_pte_fault_done: ${other}MAJOR|NOPAGE`);
  trace.line(106, `dax_pmd_fault_done: ${huge}FALLBACK`);
  trace.line(106, `dax_pte_fault: ${small}`);
  trace.line(106, `dax_pte_fault_done: ${small}NOPAGE`);
  trace.line(103, "sys_msync(start: 7f00c0200000, len: 2000, flags: 4)");
  trace.line(103, "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 ");
  trace.line(103, `dax_writeback_range: ${file} pgoff 0x200-0x201`);
  trace.line(103, `dax_writeback_one: ${file} pgoff 0x201 pglen 0x1`);
  trace.line(103, `dax_writeback_range_done: ${file} pgoff 0x200-0x201`);
  trace.line(103, "ext4_sync_file_exit: dev 259,0 ino 12 ret 0");
  trace.line(103, "sys_msync -> 0x0");
  const result = await judgeLines(trace.text().trimEnd().split("\n"), "6.12.107");
  assertEquals(verdictOn(result, "DAX-TAG-4"), "undecided");
});
