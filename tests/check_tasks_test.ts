/**
 * Tasks that work at one time, or at one address: what one of them does is never taken for what another
 * one did, and no order is believed that the lines do not show.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { judgeLines, stripped, verdictOn, violated } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const fault = "dev 259:0 ino 0xc shared WRITE address";
const pmdAt = (pgoff: number) =>
  `${fault} 0x7f${(pgoff * 4096).toString(16).padStart(10, "0")} vm_start 0x7f0000000000 ` +
  `vm_end 0x7f0000400000 pgoff 0x${pgoff.toString(16)} max_pgoff 0x400`;

/** Lines of a trace, ten microseconds apart: more than the clocks of two CPUs may differ. */
function trace(...events: readonly (readonly [task: number, event: string])[]): readonly string[] {
  return events.map(([task, event], n) => {
    const time = (10 + n / 1e5).toFixed(6);
    return `              wl-${100 + task}     [00${task}] ..... ${time.padStart(12)}: ${event}`;
  });
}

const passOf = (task: number, call: string): readonly (readonly [number, string])[] => [
  [task, `sys_${call}(fd: 3)`],
  [task, "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 "],
  [task, "dax_writeback_range: dev 259:0 ino 0xc pgoff 0x0-0x7ffffffffffff"],
  [task, "dax_writeback_one: dev 259:0 ino 0xc pgoff 0x0 pglen 0x200"],
  [task, "dax_writeback_range_done: dev 259:0 ino 0xc pgoff 0x1000-0x7ffffffffffff"],
  [task, `sys_${call} -> 0x0`],
];

const writeFault = (task: number, pgoff: number): readonly (readonly [number, string])[] => [
  [task, `page_fault_user: address=0x7f0000000000 ip=0x401826 error_code=0x7`],
  [task, `dax_pmd_fault: ${pmdAt(pgoff)}`],
  [task, `dax_pmd_fault_done: ${pmdAt(pgoff)} NOPAGE`],
];

Deno.test("a fault that is under way may have made a page writable for the other threads", async () => {
  const result = await judgeLines(trace(
    ...writeFault(0, 0),
    ...writeFault(1, 1),
    [0, "tracing_mark_write: op=store off=0 va=0x7f0000000000"],
    [0, "tracing_mark_write: op=store done"],
    ...passOf(0, "fsync"),
    ...writeFault(1, 1).slice(0, 2),
    [0, "tracing_mark_write: op=store off=0 va=0x7f0000000000"],
    [0, "tracing_mark_write: op=store done"],
    ...writeFault(1, 1).slice(2),
    ...passOf(0, "fsync"),
  ));
  assertEquals(violated(result), []);
  assertEquals(verdictOn(result, "DAX-WAIT-1"), "holds");
});

Deno.test("without that fault the same store is one that mkclean has missed", async () => {
  const result = await judgeLines(trace(
    ...writeFault(0, 0),
    [0, "tracing_mark_write: op=store off=0 va=0x7f0000000000"],
    [0, "tracing_mark_write: op=store done"],
    ...passOf(0, "fsync"),
    [0, "tracing_mark_write: op=store off=0 va=0x7f0000000000"],
    [0, "tracing_mark_write: op=store done"],
    ...passOf(0, "fsync").filter(([, event]) => !event.startsWith("dax_writeback")),
  ));
  assertEquals(violated(result), ["DAX-CLEAN-2"]);
});

Deno.test("two processes at one address are told apart with thread groups and without", async () => {
  const whole = await recordedText("5.10-forked-ext4");
  const groupless = whole.map((line) => line.replace(/ \( *\d+\) \[/, " ["));
  for (const lines of [whole, groupless]) {
    const result = await judgeLines(lines, "5.10.262");
    assertEquals([result?.verdict, violated(result)], ["holds", []]);
  }
});

Deno.test("threads at one address are told by their group, and by nothing else are more than one", async () => {
  const whole = await recordedText("7.2-two-syncs-xfs");
  const groupless = whole.map((line) => line.replace(/ \( *\d+\) \[/, " ["));
  for (const lines of [whole, groupless]) {
    const result = await judgeLines(lines, "7.2.12");
    assertEquals(violated(result), ["DAX-WAIT-1"]);
    // A thread stores before its own first fault: without groups nobody knows through which mapping.
    const clean = lines === whole ? "holds" : "undecided";
    assertEquals(verdictOn(result, "DAX-CLEAN-2"), clean);
  }
});

Deno.test("an entry that two passes have found DIRTY is cleaned by both", async () => {
  const one = passOf(0, "fsync");
  const other = passOf(1, "fdatasync");
  const result = await judgeLines(trace(
    ...writeFault(0, 0),
    ...writeFault(1, 1),
    ...one.slice(0, 3),
    ...other.slice(0, 3),
    ...one.slice(3),
    ...other.slice(3),
    ...writeFault(0, 0),
  ));
  assertEquals(violated(result), []);
  assertEquals(verdictOn(result, "DAX-WAIT-1"), "holds");
});

Deno.test("TOWRITE that one pass has left behind makes a later one clean what is clean", async () => {
  const one = passOf(0, "fsync");
  const other = passOf(1, "fdatasync");
  const result = await judgeLines(trace(
    ...writeFault(0, 0),
    ...one.slice(0, 3),
    ...other.slice(0, 3),
    ...other.slice(4),
    ...one.slice(3),
    ...passOf(0, "fsync"),
  ));
  assertEquals(verdictOn(result, "DAX-TAG-3"), "unexercised");
  assertEquals(result?.invariants.filter(({ why }) => why?.kind === "misfit"), []);
});

Deno.test("one fsync alone passes over an entry that a fault holds", async () => {
  const skips = passOf(0, "fsync").filter(([, event]) => !event.startsWith("dax_writeback_one"));
  const reads = writeFault(1, 9).map((
    [task, event],
  ): readonly [number, string] => [
    task,
    event.replace(" WRITE ", "  ").replace("error_code=0x7", "error_code=0x4"),
  ]);
  const later = passOf(0, "fsync");
  const held = trace(
    ...writeFault(0, 0),
    ...reads.slice(0, 2),
    ...skips,
    ...reads.slice(2),
    ...later,
  );
  const free = trace(...writeFault(0, 0), ...reads, ...skips, ...later);
  assertEquals(violated(await judgeLines(held)), ["DAX-WAIT-1"]);
  assertEquals(violated(await judgeLines(free)), []);
});

Deno.test("a write fault under way may have allocated the block that another fault finds", async () => {
  const at = `address 0x7f0000000000 pgoff 0x0`;
  const other = `address 0x7e0000000000 pgoff 0x0`;
  const events: readonly (readonly [number, string])[] = [
    [0, `dax_pte_fault: dev 259:0 ino 0xc shared  ${at} `],
    [0, `dax_load_hole: dev 259:0 ino 0xc shared  ${at} NOPAGE`],
    [0, `dax_pte_fault_done: dev 259:0 ino 0xc shared  ${at} NOPAGE`],
    [0, `dax_pte_fault: dev 259:0 ino 0xc shared WRITE|MKWRITE ${at} `],
    [1, `dax_pte_fault: dev 259:0 ino 0xc shared WRITE ${other} `],
    [1, `dax_pte_fault_done: dev 259:0 ino 0xc shared WRITE ${other} NOPAGE`],
    [0, `dax_pte_fault_done: dev 259:0 ino 0xc shared WRITE|MKWRITE ${at} MAJOR|NOPAGE`],
    ...passOf(0, "fsync").map((
      [task, event],
    ): readonly [number, string] => [task, event.replace("pglen 0x200", "pglen 0x1")]),
  ];
  assertEquals(violated(await judgeLines(trace(...events))), []);
});

Deno.test("a pass that began when the entry was clean cleans nothing", async () => {
  const result = await judgeLines(trace(
    ...writeFault(0, 0),
    ...passOf(0, "fsync"),
    ...passOf(0, "fsync"),
  ));
  assertEquals(verdictOn(result, "DAX-WAIT-1"), "undecided");
});

Deno.test("a read fault begins after its task's own last fault, if nothing else is recorded", async () => {
  const at = `address 0x7f0000258000 pgoff 0x258`;
  const result = await judgeLines(trace(
    [0, `dax_pte_fault: dev 259:0 ino 0xc shared WRITE ${at} `],
    [0, `dax_pte_fault_done: dev 259:0 ino 0xc shared WRITE ${at} MAJOR|NOPAGE`],
    [0, `dax_pte_fault: dev 259:0 ino 0xc shared  ${at} `],
    [0, `dax_load_hole: dev 259:0 ino 0xc shared  ${at} NOPAGE`],
    [0, `dax_pte_fault_done: dev 259:0 ino 0xc shared  ${at} NOPAGE`],
  ));
  assertEquals(violated(result), []);
});

Deno.test("a store that ends in SIGBUS was none", async () => {
  const at = `address 0x7f0000000000 pgoff 0x0`;
  const result = await judgeLines(trace(
    ...writeFault(0, 0),
    ...passOf(0, "fsync"),
    [0, "tracing_mark_write: op=store off=0 va=0x7f0000000000"],
    [0, `page_fault_user: address=0x7f0000000000 ip=0x401826 error_code=0x7`],
    [0, `dax_pte_fault: dev 259:0 ino 0xc shared WRITE ${at} `],
    [0, `dax_pte_fault_done: dev 259:0 ino 0xc shared WRITE ${at} SIGBUS`],
    [0, "tracing_mark_write: op=bus"],
    ...passOf(0, "fsync").filter(([, event]) => !event.startsWith("dax_writeback")),
  ));
  assertEquals(violated(result), []);
});

Deno.test("a write(2) that is recorded along with its marker ends no store", async () => {
  const whole = await recordedText("6.12-mkclean-ext4");
  const written = whole.flatMap((line) => {
    const [, head] = /^(.*: )tracing_mark_write: /.exec(line) ?? [];
    return head === undefined
      ? [line]
      : [`${head}sys_write(fd: 3, buf: 7ffd0, count: 1b)`, line, `${head}sys_write -> 0x1b`];
  });
  const count = written.filter((line) => !line.startsWith("#")).length;
  const counted = written.map((line) =>
    line.replace(/(entries-written: )\d+\/\d+/, `$1${count}/${count}`)
  );
  const result = await judgeLines(counted, "6.12.107");
  assertEquals([result?.verdict, result?.notes], ["holds", []]);
});

Deno.test("mprotect write-protects: what faults after it was not forgotten by mkclean", async () => {
  const whole = await recordedText("6.12-write-protected-xfs");
  for (const [form, strip] of Object.entries(stripped)) {
    assertEquals(violated(await judgeLines(strip(whole), "6.12.107")), [], form);
  }
  assertEquals((await judgeLines(whole, "6.12.107"))?.verdict, "holds");
});

Deno.test("a clock that counts ticks orders no two CPUs within one", async () => {
  const events = [
    ...writeFault(1, 0),
    ...passOf(0, "fsync").filter(([, event]) => !event.startsWith("dax_writeback")),
    ...passOf(1, "fdatasync"),
  ];
  const countedBy = (count: (n: number) => number) =>
    trace(...events).map((line, n) => line.replace(/\d+\.\d{6}: /, `${count(n)}: `));
  assertEquals(violated(await judgeLines(countedBy((n) => 1000 + n))), ["DAX-WAIT-1"]);
  // The fault's end and the call's entry have one count: whichever was first, the text does not say.
  assertEquals(violated(await judgeLines(countedBy((n) => 1000 + (n < 4 ? 2 : n)))), []);
});
