/**
 * Small traces that were judged wrongly once: each stands for a kind of false alarm, of silent pass, or
 * of needless doubt. Those that are too long to stand here lie beside the repository.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Verdict } from "../model/check/verdict.ts";
import { judgeLines, verdictOn, violated } from "./judge_text.ts";

const folder = new URL("../../shared/", import.meta.url);
const here = await Deno.stat(folder).then(() => true, () => false);
const because = here ? "" : " (../shared is not there)";

const at0 = "address 0x7f0000000000";
const flags = "WRITE|ALLOW_RETRY|KILLABLE|USER|INTERRUPTIBLE";
const pmd = "vm_start 0x7f0000000000 vm_end 0x7f0000200000 pgoff 0x0 max_pgoff 0x1000";

/** Task and CPU, time, event. */
type Event = readonly [task: string, time: number, event: string];

/** Lines of a trace that counts them, as tracefs does. */
function lines(...events: readonly Event[]) {
  return [
    `# entries-in-buffer/entries-written: ${events.length}/${events.length}   #P:2`,
    ...events.map(([task, time, event]) => `${task} ..... ${time.toFixed(6)}: ${event}`),
  ];
}

const a = "procA-100 [000]", b = "procB-200 [001]";
const stored = [
  a,
  10.0001,
  `dax_pmd_fault_done: dev 259:0 ino 0xc shared ${flags} ${at0} ${pmd} NOPAGE`,
] as const;
const punch = [
  [b, 10.001, "tracing_mark_write: op=punch off=4096 len=4096"],
  [b, 10.00101, "sys_fallocate(fd: 3, mode: 3, offset: 1000, len: 1000)"],
  [b, 10.00102, "ext4_punch_hole: dev 259,0 ino 13 offset 4096 len 4096 mode "],
  [b, 10.00103, "del: (dax_delete_mapping_entry+0x0/0x30) mapping=0xffff888004545678 index=1"],
  [b, 10.0011, "sys_fallocate -> 0x0"],
  [b, 10.0012, "tracing_mark_write: op=punch done"],
] as const;
const named = [a, 10.000001, "tracing_mark_write: dev=259:0 ino=0xc"] as const;

Deno.test("a marker without a file does not inherit one from another task", async () => {
  assertEquals(violated(await judgeLines(lines(named, stored, ...punch))), []);
  assertEquals(violated(await judgeLines(lines(stored, ...punch))), []);
});

Deno.test("the kernel's line inside a call names its file, whatever a marker says", async () => {
  const own = [b, 10.0005, "tracing_mark_write: dev=259:0 ino=0xc"] as const;
  assertEquals(violated(await judgeLines(lines(named, stored, own, ...punch))), []);
  // And the other way: what the marker calls another file is this one.
  const other = [b, 10.0005, "tracing_mark_write: dev=259:0 ino=0xd"] as const;
  const here = punch.map(([task, time, event]) =>
    [task, time, event.replace("ino 13", "ino 12")] as const
  );
  assertEquals(violated(await judgeLines(lines(stored, other, ...here))), ["DAX-TAG-4"]);
});

Deno.test("a foreign marker takes nothing from a real breach", async () => {
  const here = punch.map(([task, time, event]) =>
    [task, time, event.replace("ino 13", "ino 12")] as const
  );
  const foreign = [
    b.replace("200", "300"),
    10.0006,
    "tracing_mark_write: dev=7:0 ino=0x63",
  ] as const;
  assertEquals(violated(await judgeLines(lines(named, stored, ...here))), ["DAX-TAG-4"]);
  assertEquals(violated(await judgeLines(lines(named, stored, foreign, ...here))), ["DAX-TAG-4"]);
});

Deno.test("a descriptor that another task was seen with is not this one's", async () => {
  const puncher = "puncher-20262 [001]";
  const result = await judgeLines(lines(
    [a, 54.736077, "tracing_mark_write: scenario=s3 dev=259:0 ino=0xc base=0x0"],
    [puncher, 54.754617, "sys_fallocate(fd: 3, mode: 3, offset: e000, len: 1000)"],
    [puncher, 54.755239, "dax_writeback_range: dev 259:0 ino 0x101004 pgoff 0xe-0xe"],
    [a, 54.755253, stored[2]],
    [puncher, 54.755405, "tracing_mark_write: thr=P op=punch off=4096 len=4096 n=78"],
    [puncher, 54.755413, "sys_fallocate(fd: 3, mode: 3, offset: 1000, len: 1000)"],
    [puncher, 54.761211, "del: (dax_delete_mapping_entry+0x4/0x30) mapping=0xff12 index=14"],
  ));
  assertEquals(violated(result), []);
});

Deno.test("that a pass cleans zeros is no breach where a write fault may be missing", async () => {
  const result = await judgeLines(lines(
    [
      "reader-210 [000]",
      27.706921,
      `dax_load_hole: dev 259:1 ino 0x1003 shared USER ${at0} pgoff 0x0 NOPAGE`,
    ],
    ["wl-209 [001]", 27.862415, "dax_writeback_one: dev 259:1 ino 0x1003 pgoff 0x0 pglen 0x1"],
  ));
  assertEquals(verdictOn(result, "DAX-TAG-3"), "undecided");
  const why = result?.invariants.find(({ id }) => id === "DAX-TAG-3")?.why;
  assertEquals(why?.kind, "fits_marking_kernels");
});

Deno.test("a lookup comes after its own fault's first line, however little is known of the task", async () => {
  const fault = (write: boolean) =>
    `dev 259:0 ino 0xc shared ${write ? "WRITE|" : ""}USER ${at0} ${pmd}`;
  const hole =
    `dax_pmd_load_hole: dev 259:0 ino 0xc shared ${at0} zero_page ffffea00 radix_entry 0x1e`;
  const events = [
    ["writer-10 [001]", 10.00001, `dax_pmd_fault: ${fault(true)} `],
    ["writer-10 [001]", 10.00002, `dax_pmd_fault_done: ${fault(true)} NOPAGE`],
    ["reader-20 [002]", 99.00001, `dax_pmd_fault: ${fault(false)} `],
    ["reader-20 [002]", 99.00002, hole.replace("ffffea00", "ffffea0002c20000")],
    ["reader-20 [002]", 99.00003, `dax_pmd_fault_done: ${fault(false)} NOPAGE`],
  ] as const;
  const result = await judgeLines(lines(...events));
  assertEquals([result?.verdict, violated(result)], ["undecided", []]);
  const before = ["reader-20 [002]", 9, "sys_getpid()"] as const;
  const more = await judgeLines(lines(before, ...events));
  assertEquals([more?.verdict, violated(more)], ["undecided", []]);
});

Deno.test("a pass of which no line shows the end is a half", async () => {
  const one = "pp-194 [000]";
  const result = await judgeLines(lines(
    [one, 16.428, "tracing_mark_write: dev=259:0 ino=0xc"],
    [one, 16.4326, stored[2]],
    [one, 16.4328, "tracing_mark_write: op=punch off=409600 len=16384"],
    [one, 16.432845, "sys_fallocate(fd: 4, mode: 3, offset: 64000, len: 4000)"],
    [one, 16.433937, "dax_writeback_range: dev 259:0 ino 0xc pgoff 0x64-0x67"],
    [one, 16.44556, "sys_fallocate -> 0x0"],
    [one, 16.445669, "tracing_mark_write: op=punch done"],
    [one, 16.445718, "sys_fsync(fd: 4)"],
    [one, 16.447679, "sys_fsync -> 0x0"],
  ));
  assertEquals(verdictOn(result, "DAX-TAG-4"), "undecided");
});

Deno.test("a fault whose flags are garbled is not read as another fault", async () => {
  const garbled = stored[2].replace("WRITE", "WRIT[");
  const result = await judgeLines(lines(
    [a, 18.35, "tracing_mark_write: op=store off=0 val=1"],
    [a, 18.356, garbled],
    [a, 18.357, "tracing_mark_write: op=store done"],
    [a, 18.36, "sys_fsync(fd: 4)"],
    [a, 18.362, "sys_fsync -> 0x0"],
  ));
  assertEquals([result?.verdict, violated(result)], ["undecided", []]);
});

Deno.test("a sync call shows in its file system's events where system calls are not recorded", async () => {
  const fault = `dev 259:0 ino 0xc shared ${flags} ${at0} pgoff 0x0`;
  const events = (pass: readonly Event[]) =>
    lines(
      [a, 100.000001, `dax_pte_fault: ${fault} `],
      [a, 100.000002, `dax_pte_fault_done: ${fault} NOPAGE`],
      [a, 100.000003, "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 "],
      ...pass,
      [a, 100.00001, "ext4_sync_file_exit: dev 259,0 ino 12 ret 0"],
      [a, 100.1, "tracing_mark_write: the end"],
    );
  // Of which pages it was only a pass tells: msync and O_SYNC come to the same events.
  assertEquals(verdictOn(await judgeLines(events([])), "DAX-WAIT-1"), "undecided");
  const pass = [
    [a, 100.000004, "dax_writeback_range: dev 259:0 ino 0xc pgoff 0x0-0x7ffffffffffff"],
    [a, 100.000005, "dax_writeback_one: dev 259:0 ino 0xc pgoff 0x0 pglen 0x1"],
    [a, 100.000006, "dax_writeback_range_done: dev 259:0 ino 0xc pgoff 0x1-0x7ffffffffffff"],
  ] as const;
  assertEquals(verdictOn(await judgeLines(events(pass)), "DAX-WAIT-1"), "holds");
});

/** The right verdict on one invariant of a trace beside the repository. */
const rows: readonly (readonly [path: string, id: string, right: Verdict, says: string])[] = [
  [
    "misjudged/near-store",
    "DAX-CLEAN-2",
    "undecided",
    "within the clocks' error of the cleaning, a store may be before it or after",
  ],
  [
    "misjudged/far-store",
    "DAX-CLEAN-2",
    "violated",
    "well after the cleaning, a store without a fault is a breach",
  ],
  [
    "misjudged/begun-mid-run-holds",
    "DAX-CLEAN-2",
    "undecided",
    "stores of a task that never faults are not judged, and that is said",
  ],
  [
    "misjudged/nomarkers-1probe-lost-header-tells",
    "DAX-CLEAN-2",
    "undecided",
    "a header that counts one line more proves a loss, with markers and without",
  ],
  [
    "misjudged/half-first-mkclean",
    "DAX-CLEAN-2",
    "undecided",
    "a function that returns and was not entered is a half, though it be the first",
  ],
  [
    "misjudged/pass-without-done",
    "DAX-TAG-4",
    "undecided",
    "a pass without an end anywhere is a half",
  ],
  ["misjudged/marker-other-task", "DAX-TAG-4", "unexercised", "a marker's file is its own task's"],
  ["misjudged/merge-tag4-min", "DAX-TAG-4", "unexercised", "two recordings that were merged"],
  ["misjudged/esc-task", "DAX-CLEAN-2", "violated", "a task's name changes nothing"],
];

for (const [path, id, right, says] of rows) {
  Deno.test({
    name: `${says}: ${path}${because}`,
    ignore: !here,
    fn: async () => {
      const text = await Deno.readTextFile(new URL(`${path}.trace.txt`, folder));
      const result = await judgeLines(text.trimEnd().split("\n"));
      assertEquals(verdictOn(result, id), right);
      assertEquals(violated(result), right === "violated" ? [id] : []);
    },
  });
}
