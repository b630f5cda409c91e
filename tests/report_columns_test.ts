import { assert, assertEquals } from "@std/assert";
import { readTrace } from "../vectors/kernel/ftrace_text.ts";
import { readWhole } from "./read_text.ts";

Deno.test("the differences that trace-cmd report --ts-diff prints are skipped", async () => {
  const { records: [record, ...more] } = await readWhole(
    "           procA-227   [000]    19.508052: (+12)     a: b\n",
  );
  assert(record?.kind === "tracepoint" && more.length === 0);
  assertEquals([record.name, record.body], ["a", "b"]);
});

/** Name and time of each record of a report. */
async function eventsOf(...lines: readonly string[]) {
  const { records, trace } = await readWhole(["cpus=2", ...lines, ""].join("\n"));
  return {
    clock: trace.header.clock,
    events: records.map((each) => each.kind === "tracepoint" ? [each.name, each.time] : each.kind),
  };
}

Deno.test("the first event of --ts-diff has blanks in place of a difference", async () => {
  const { events } = await eventsOf(
    "         python3-26283 [000] 20894.221831:          sys_exit_write:       [FAILED TO PARSE]",
    "         python3-26283 [000] 20894.221834: (+3)     page_fault_user:      address=0x7f16d20db0b0",
  );
  assertEquals(events, [["sys_exit_write", 20894221831000], ["page_fault_user", 20894221834000]]);
});

Deno.test("a count of 14 digits follows its CPU without a blank, and one of 5,000 is no order", async () => {
  const plain = await eventsOf(
    "         python3-26408 [001]20910484762378: page_fault_user:      address=0x7f5efeea40b0",
  );
  assertEquals(plain, { clock: "ticks", events: [["page_fault_user", 20910484762378]] });
  const latency = await eventsOf(
    " python3-26408   1d....20910484762378: page_fault_user:      address=0x7f5efeea40b0",
  );
  assertEquals(latency, plain);
  const counter = await eventsOf(
    " python3-26438   1d....           3: page_fault_user:      address=0x7f5efeea40b0",
  );
  assertEquals(counter, { clock: "count", events: [["page_fault_user", 3]] });
});

Deno.test("a count of 19 digits, as --raw-ts has it of the clock tai, is the double next to it", async () => {
  const { events } = await eventsOf(
    "         python3-26468 [000]1796049729609133056: page_fault_user:      address=0x7f51ffa6a0b0",
    "         python3-26468 [000]1796049729609133313: page_fault_user:      address=0x7f51ffa6a0b0",
  );
  assertEquals(events.map(([, time]) => time), [1796049729609133056, 1796049729609133312]);
});

Deno.test("report -l may begin with a loss", async () => {
  const { events } = await eventsOf(
    "CPU:0 [3302 EVENTS DROPPED]",
    "    deno-26938   0d.... 20942.342153: page_fault_user:      address=0x35c57a67d000",
  );
  assertEquals(events, ["lost", ["page_fault_user", 20942342153000]]);
});

Deno.test("frames of report -N begin with tabs", async () => {
  const { events } = await eventsOf(
    "         python3-26780 [000] 20921.115097: kernel_stack:         \t=> ftrace_syscall_exit",
    "\t=> syscall_exit_work",
    "\t\t=> do_syscall_64",
  );
  assertEquals(events.length, 1);
});

Deno.test("a report of several instances or files is refused: the same event may be in each", async () => {
  const top = "         python3-26885 [000] 20927.927342: sched_switch:         python3:26885";
  for (
    const text of [
      ["one:          python3-26874 [001] 20927.404700: sys_exit_write:       0x1"],
      [top, "two:          python3-26885 [000] 20927.927366: sys_exit_write:       0x1"],
      ["    v6.dat:          python3-26885 [000] 20927.927366: sys_exit_write:       0x1"],
      ["two:  python3-26885   0d.... 20927.927366: sys_exit_write:       0x1"],
      [
        "      python3-26885   0d..2. 20927.927342: sched_switch:         python3:26885",
        "two:  python3-26885   0..... 20927.927366: sys_exit_write:       0x1",
        "      python3-26885   0d..2. 20927.927373: sched_switch:         python3:26885",
      ],
    ]
  ) {
    const trace = await readTrace(new Blob([["cpus=2", ...text, ""].join("\n")]).stream(), {
      name: "a test",
    });
    assert(trace.kind === "unreadable", text[0]);
    assertEquals(trace.reason.expected, "trace.dat itself, with --instance NAME");
    assertEquals(trace.reason.at, { line: text.findIndex((line) => /^ *\S+:/.test(line)) + 2 });
  }
});
