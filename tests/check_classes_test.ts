/**
 * What a recording lacks: whole classes of lines, or the shape that this reader knows.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { whyText } from "../vectors/kernel/why_text.ts";
import { xfsRemap, xfsTruncate } from "../vectors/kernel/rows/xfs.ts";
import { readTrace } from "../vectors/kernel/ftrace_text.ts";
import { checkTrace } from "../vectors/kernel/check_trace.ts";
import { knownCause } from "../vectors/command/report/known_cause.ts";
import { judgeLines, recounted, verdictOn, violated } from "./judge_text.ts";
import { recordedText } from "./recorded.ts";

const without = (lines: readonly string[], event: RegExp): readonly string[] =>
  lines.filter((line) => !event.test(line));
const reasonFor = (result: Awaited<ReturnType<typeof judgeLines>>, id: string): string =>
  whyText(result?.invariants.find((each) => each.id === id)?.why);

Deno.test("nothing about cleaning is violated where dax_writeback_one is not recorded", async () => {
  for (
    const [name, kernel] of [["5.10-punch-faults-ext4", "5.10.262"], [
      "7.2-two-syncs-xfs",
      "7.2.12",
    ]]
  ) {
    const whole = await recordedText(name ?? "");
    const result = await judgeLines(without(whole, / dax_writeback_one: /), kernel);
    assertEquals(violated(result), [], name);
    assertStringIncludes(reasonFor(result, "DAX-CLEAN-2"), "dax_writeback_one", name);
  }
});

Deno.test("nothing about cleaning is violated where the ends of faults are not recorded", async () => {
  const whole = await recordedText("7.2-two-syncs-xfs");
  assertEquals(violated(await judgeLines(without(whole, / dax_p.._fault_done: /), "7.2.12")), []);
});

Deno.test("a clone that no event names leaves undecided whose entries went", async () => {
  const whole = await recordedText("7.2-clone-xfs");
  const nameless = without(whole, / xfs_reflink_remap_range: /);
  assertEquals(violated(await judgeLines(whole, "7.2.12")), ["DAX-TAG-4"]);
  assertEquals(verdictOn(await judgeLines(nameless, "7.2.12"), "DAX-TAG-4"), "undecided");
  assertEquals(violated(await judgeLines(whole, "6.12.107")), []);
});

Deno.test("a file that dies elsewhere takes nothing from what is seen of this one", async () => {
  const whole = await recordedText("7.2-clone-xfs");
  const at = whole.findIndex((line) => / xfs_file_fsync: .*ino 0x1003/.test(line));
  assert(at > 0);
  const time = / (\d+\.\d+): /.exec(whole[at] ?? "")?.[1];
  const event = `xfs_itruncate_extents_start: dev 259:0 ino 0x99 disize 0x0 new_size 0x0`;
  const death = `     kworker/0:0-9       (      9) [000] .....    ${time}: ${event}`;
  const more = recounted(whole.toSpliced(at, 0, death));
  assertEquals(violated(await judgeLines(more, "7.2.12")), ["DAX-TAG-4"]);
});

Deno.test("where a truncate of the file system was seen, none has come unseen", async () => {
  const whole = await recordedText("6.16-rt-punch-elsewhere-ext4");
  const end = whole.findIndex((line) => / op=fsync done/.test(line)) + 1;
  const cut = recounted(whole.slice(0, end));
  assertEquals(verdictOn(await judgeLines(cut, "6.16.3"), "DAX-TAG-4"), "undecided");
  const dev = / dev (259:\d) ino /.exec(whole.find((line) => / dax_/.test(line)) ?? "")?.[1] ?? "";
  const event = `ext4_truncate_enter: dev ${dev.replace(":", ",")} ino 99 blocks 8`;
  const [head] = /^.*?\[\d+\] \S+ +\d+\.\d+: /.exec(cut.at(-1) ?? "") ?? [""];
  const first = cut.findIndex((line) => !line.startsWith("#"));
  const early = head.replace(/\d+\.\d+: /, "0.000001: ") + event;
  const seen = recounted(cut.toSpliced(first, 0, early));
  assertEquals(violated(await judgeLines(seen, "6.16.3")), ["DAX-TAG-4"]);
});

Deno.test("events of a clone and of a truncate are read in the words of old kernels and of new", () => {
  const file = { dev: "259:0", ino: 0x1003 };
  const remap = { file, to: { dev: "259:0", ino: 0x1004 } };
  for (
    const body of [
      "dev 259:0 bytecount 0x800000 ino 0x1003 isize 0x8 disize 0x8 pos 0x0 -> ino 0x1004 isize 0x0 disize 0x0 pos 0x0",
      "dev 259:0 count 8388608 ino 0x1003 isize 0x8 disize 0x8 offset 0x0 -> ino 0x1004 isize 0x0 disize 0x0 offset 0x0",
    ]
  ) assertEquals(xfsRemap(body), remap);
  for (const size of ["size", "disize"]) {
    const body = `dev 259:0 ino 0x1003 ${size} 0xc8000 new_size 0xc8000`;
    assertEquals(xfsTruncate(body), { file, newSize: 0xc8000 });
  }
  assertEquals(xfsRemap("dev 259:0 ino 0x1003"), undefined);
});

Deno.test("formats that are not read are named, with what to do", async () => {
  const texts:
    readonly (readonly [text: string | Uint8Array<ArrayBuffer>, found: string, todo: string])[] = [
      [
        "# tracer: nop\n#\n# nop latency trace v1.1.5 on 7.2.12\n",
        "latency format",
        "nolatency-format",
      ],
      [new Uint8Array([0xff, 0xfe, 0x23, 0x00, 0x20, 0x00]), "UTF-16", "iconv"],
    ];
  for (const [text, found, todo] of texts) {
    const trace = await readTrace(new Blob([text]).stream(), { name: "a test" });
    assert(trace.kind === "unreadable", found);
    assertStringIncludes(trace.reason.found, found);
    assertStringIncludes(trace.reason.expected, todo);
  }
});

Deno.test("user memory that trace-cmd spills over lines hides no event", async () => {
  const text = [
    "cpus=2",
    "              wl-860   [001]    28.361334: sys_enter_write:      [FAILED TO PARSE] __syscall_nr=1 fd=3 __buf_val=op=store ",
    "=\u0088c\u0003",
    "              wl-860   [001]    28.361340: print:                tracing_mark_write: op=store done",
    "",
  ].join("\n");
  const trace = await readTrace(new Blob([text]).stream(), { name: "a test" });
  assert(trace.kind === "trace");
  const { notes, skipped } = await checkTrace(trace, { path: "a test", kernel: undefined });
  assertEquals([notes.filter(({ kind }) => kind === "unread_line"), skipped.length], [[], 1]);
});

Deno.test("a breach's cause is named for the kernels that have it, and for no others", () => {
  const header = {
    format: "ftrace",
    latencyColumns: 5,
    entries: undefined,
    clock: "seconds",
  } as const;
  const causeOf = (id: string, kernel: string | undefined) =>
    knownCause(id, { kernel, header }) ?? "";
  assertStringIncludes(causeOf("DAX-CLEAN-2", "5.10.262"), "06083a0921fd");
  assertEquals(causeOf("DAX-CLEAN-2", "6.1.192"), "");
  assertEquals(causeOf("DAX-CLEAN-2", undefined), "");
  assertStringIncludes(causeOf("DAX-TAG-4", "6.15"), "bde708f1a65d");
  assertStringIncludes(causeOf("DAX-TAG-4", "6.14.9"), "__dax_invalidate_entry");
  assertStringIncludes(causeOf("DAX-WAIT-1", undefined), "TOWRITE");
  assertStringIncludes(
    knownCause("DAX-CLEAN-2", { kernel: undefined, header: { ...header, latencyColumns: 4 } }) ??
      "",
    "06083a0921fd",
  );
});

Deno.test("a kernel that bare numbers prove to be older than 6.18 may be one that drops all entries", async () => {
  const whole = await recordedText("6.16-rt-punch-elsewhere-ext4");
  assertEquals(violated(await judgeLines(whole)), ["DAX-TAG-4"]);
});
