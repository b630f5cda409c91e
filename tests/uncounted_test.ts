/**
 * Breaches that rest on a line that did not come: where the text does not count its events, or has not those
 * of all tasks, the line may have been left out.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { judgeLines, verdictOn, violated } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

let time = 0;

/** A line of the task, ten microseconds after the one before. */
function line(pid: number, body: string): string {
  time += 10;
  const seconds = `${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, "0")}`;
  return `            prog-${pid}     [000] .....    ${seconds}: ${body}`;
}

const file = "dev 259:0 ino 0xc";
const base = 0x7f0000000000;

/** A fault of the page in the mapping that all tasks share. */
function fault(pid: number, page: number, write: boolean): readonly string[] {
  const address = `0x${(base + page * 4096).toString(16)}`;
  const flags = write ? "shared WRITE|USER" : "shared USER";
  const told = `${file} ${flags} address ${address} pgoff 0x${page.toString(16)}`;
  return [
    line(pid, `page_fault_user: address=${address} ip=0x402554 error_code=0x${write ? 6 : 4}`),
    line(pid, `dax_pte_fault: ${told} `),
    line(pid, `dax_pte_fault_done: ${told} ${write ? "MAJOR|" : ""}NOPAGE`),
  ];
}

const enter = (pid: number): readonly string[] => [
  line(pid, "sys_fsync(fd: 3)"),
  line(pid, "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 "),
];
const range = (pid: number): string => line(pid, `dax_writeback_range: ${file} pgoff 0x0-0xfffff`);
const cleans = (pid: number, page: number): string =>
  line(pid, `dax_writeback_one: ${file} pgoff 0x${page.toString(16)} pglen 0x1`);
const done = (pid: number): string =>
  line(pid, `dax_writeback_range_done: ${file} pgoff 0x1000-0xfffff`);
const returns = (pid: number): string => line(pid, "sys_fsync -> 0x0");

/** An fsync alone, whose pass cleans these pages. */
function fsync(pid: number, ...pages: readonly number[]): readonly string[] {
  return [
    ...enter(pid),
    range(pid),
    ...pages.map((page) => cleans(pid, page)),
    done(pid),
    returns(pid),
  ];
}

/** Lines of a trace after a head that counts them. */
function counted(lines: readonly string[]): readonly string[] {
  return [
    "# tracer: nop",
    "#",
    `# entries-in-buffer/entries-written: ${lines.length}/${lines.length}   #P:2`,
    "#",
    ...lines,
  ];
}

/** Faults of both tasks and an fsync, after which all is clean and every class of lines was seen. */
function begun(): readonly string[] {
  time = 1_000_000;
  return [
    // Removals and truncates are recorded: none has come unseen.
    line(30, "sys_fallocate(fd: 3, mode: 0, offset: 0, len: 1000)"),
    line(30, "sys_fallocate -> 0x0"),
    line(30, "ext4_truncate_enter: dev 259,0 ino 99 blocks 8"),
    ...fault(10, 1, true),
    ...fault(20, 2, true),
    ...fsync(10, 1, 2),
    ...fault(10, 5, true),
  ];
}

Deno.test("a sync call that leaves an entry alone while another works is a breach if events are counted", async () => {
  const lines = [
    ...begun(),
    ...enter(10),
    range(10),
    ...fsync(20),
    done(10),
    returns(10),
    ...fault(20, 5, false),
  ];
  assertEquals(violated(await judgeLines(counted(lines), "6.12.107")), ["DAX-WAIT-1"]);
  assertEquals(violated(await judgeLines(lines, "6.12.107")), []);
});

Deno.test("whether events are counted or not, it is one if the entry is found DIRTY later", async () => {
  const lines = [
    ...begun(),
    ...enter(10),
    range(10),
    ...fsync(20),
    cleans(10, 5),
    done(10),
    returns(10),
    ...fault(10, 6, true),
  ];
  for (const text of [lines, counted(lines)]) {
    assertEquals(violated(await judgeLines(text, "6.12.107")), ["DAX-WAIT-1"]);
  }
});

Deno.test("an entry that no recorded fault has marked may have been marked after the sync call", async () => {
  const lines = [
    ...begun(),
    ...fault(20, 7, false),
    ...fsync(20, 5),
    ...fsync(20),
    ...fsync(20, 7),
  ];
  assertEquals(violated(await judgeLines(counted(lines), "6.12.107")), []);
});

Deno.test("an entry that is cleaned outside any pass shows that the pass's beginning is missing", async () => {
  const lines = [...begun(), ...enter(10), cleans(10, 5), cleans(10, 6), done(10), returns(10)];
  const result = await judgeLines(lines, "6.12.107");
  const losses = result?.notes.filter(({ kind }) => kind === "half");
  assertEquals(losses?.length, 1);
  assertEquals(losses?.[0], {
    kind: "half",
    line: lines.findIndex((each) => each.includes("pgoff 0x5 pglen")) + 1,
    of: "dax_writeback_one",
    lacks: "beginning",
    begun: undefined,
  });
});

Deno.test("that no flush has made up for one that failed is known only where events are counted", async () => {
  const whole = await recordedText("6.12-failed-flush-ext4");
  const bare = whole.filter((each) => !each.startsWith("# entries-in-buffer"));
  assert(bare.length < whole.length);
  assertEquals(violated(await judgeLines(whole, "6.12.107")), ["DUR-1"]);
  assertEquals(verdictOn(await judgeLines(bare, "6.12.107"), "DUR-1"), "undecided");
});
