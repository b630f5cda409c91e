import { readTrace } from "../vectors/kernel/ftrace_text.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { TraceRecord } from "../vectors/kernel/record.ts";
import { recordText } from "../vectors/kernel/record_text.ts";
import { readText, readWhole } from "./read_text.ts";
import { KERNEL_5_10, KERNEL_6_12, REPORT_6_12 } from "./trace_excerpts.ts";

const EXCERPTS = { KERNEL_5_10, KERNEL_6_12, REPORT_6_12 };

const eventLines = Object.values(EXCERPTS).flatMap((text) =>
  text.split("\n").filter((line) => line.includes("-") && !/^(?:#|cpus=|$)/.test(line))
);

/** One event line of 6.x by its text behind the time. */
function line(event: string): string {
  return `           procA-227     [000] .....    19.508052: ${event}\n`;
}

async function only(text: string): Promise<TraceRecord> {
  const { records } = await readWhole(text);
  const [record, ...more] = records;
  assert(record !== undefined && more.length === 0, JSON.stringify(records));
  return record;
}

/** Whether `record`, read from the beginning of the line of `full`, says nothing that `full` does not. */
function isShorter(record: TraceRecord, full: TraceRecord): boolean {
  if (record.kind === "malformed") return !record.harmless;
  if (record.kind === "lost" || full.kind === "lost" || full.kind === "malformed") return false;
  const same = record.task === full.task && record.pid === full.pid && record.cpu === full.cpu &&
    record.time === full.time;
  if (!same) return false;
  switch (record.kind) {
    case "tracepoint":
      if (full.kind === "probe") return record.name === full.name && record.body === "";
      return full.kind === "tracepoint" && record.name === full.name &&
        full.body.startsWith(record.body);
    case "marker":
      return full.kind === "marker" && full.text.startsWith(record.text);
    case "probe":
      return full.kind === "probe" && record.function === full.function &&
        record.returns === full.returns;
    case "syscall-enter":
      if (full.kind === "tracepoint") return Object.keys(record.args).length === 0;
      return full.kind === "syscall-enter" && record.syscall === full.syscall;
    case "syscall-exit":
      return full.kind === "syscall-exit" && record.syscall === full.syscall;
  }
}

Deno.test("a line cut at any column is malformed or a shorter record, and never an exception", async () => {
  for (const whole of eventLines) {
    const header = REPORT_6_12.includes(whole) ? "cpus=2" : "# tracer: nop";
    const [full] = (await readWhole(`${header}\n${whole}\n`)).records;
    assert(full !== undefined && full.kind !== "malformed", whole);
    for (let column = 1; column < whole.length; column++) {
      const cut = whole.slice(0, column);
      const { records } = await readWhole(`${header}\n${cut}\n`);
      const [record] = records;
      if (cut.trim() === "") continue;
      assert(records.length === 1 && record !== undefined, cut);
      assert(isShorter(record, full), cut);
    }
  }
});

Deno.test("a last line without newline is cut, and is not believed", async () => {
  const { records } = await readWhole(KERNEL_5_10.slice(0, -1));
  assertEquals(records.at(-1), {
    kind: "malformed",
    line: 25,
    text: KERNEL_5_10.split("\n").slice(-2, -1).join("").slice(0, 80),
    expected: "a newline at the end of the last line: it is cut",
    harmless: false,
  });
});

Deno.test("where the chunks of a stream end changes nothing", async () => {
  for (const [name, text] of Object.entries(EXCERPTS)) {
    const whole = await readText(text);
    assert("records" in whole, name);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 30 }), async (cuts) => {
        const cut = await readText(text, {}, cuts);
        assert("records" in cut);
        assertEquals(cut.records.map(recordText), whole.records.map(recordText));
        assertEquals(cut.records, whole.records);
        assertEquals(cut.trace.header, whole.trace.header);
      }),
      { numRuns: 30 },
    );
  }
});

Deno.test("no bytes make the reader throw, and no line is counted twice or forgotten", async () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(...eventLines, "# tracer: nop", "\n", "\r\n", "[LINE TOO BIG]", "-1 [0] 1: ")
      .map((text) => new TextEncoder().encode(text)),
  );
  await fc.assert(fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
    const bytes = new Uint8Array(pieces.flatMap((part) => [...part]));
    const read = await readText(bytes);
    if ("found" in read) return;
    const numbers = read.records.map((record) => record.line);
    assertEquals(numbers, numbers.toSorted((a, b) => a - b));
    assertEquals(new Set(numbers).size, numbers.length);
  }));
});

Deno.test("task, pid, CPU and time are read back as the kernel prints them, whatever the name", async () => {
  const comm = fc.string({
    unit: fc.constantFrom(..."ab-/:<>.[] ()0123456789é"),
    minLength: 1,
    maxLength: 15,
  }).filter((name) => new TextEncoder().encode(name).length <= 15 && !name.startsWith(" "));
  const clock = fc.record({
    seconds: fc.nat(9_000_000),
    fraction: fc.nat(999_999_999),
    digits: fc.constantFrom(6, 9),
  });
  await fc.assert(fc.asyncProperty(
    comm,
    fc.nat(4_194_304),
    fc.nat(8191),
    clock,
    fc.constantFrom("", ".... ", "d.h2. ", "dNs4.1. "),
    fc.constantFrom("", "(    227) ", "(-------) "),
    async (task, pid, cpu, { seconds, fraction, digits }, flags, tgid) => {
      const printed = String(fraction).padStart(9, "0").slice(0, digits);
      const padding = " ".repeat(Math.max(0, 16 - new TextEncoder().encode(task).length));
      const cpuColumn = `[${String(cpu).padStart(3, "0")}]`;
      const text = `${padding}${task}-${
        String(pid).padEnd(7)
      } ${tgid}${cpuColumn} ${flags} ${seconds}.${printed}: page_fault_user: address=0x1\n`;
      const record = await only(text);
      const time = seconds * 1e9 + Number(printed.padEnd(9, "0"));
      assert(record.kind === "tracepoint", JSON.stringify(record));
      assertEquals([record.task, record.pid, record.cpu, record.time], [task, pid, cpu, time]);
    },
  ));
});

Deno.test("clocks that count are read as counts, and one text keeps to one clock", async () => {
  const count = "           procA-227     [000] .....         1234: a: b\n";
  const { trace, records } = await readWhole(count + line("a: b"));
  assertEquals(trace.header.clock, "count");
  assertEquals(records.map(({ kind }) => kind), ["tracepoint", "malformed"]);
  assert(records[0]?.kind === "tracepoint");
  assertEquals(records[0].time, 1234);
});

Deno.test("the header is known before the first record", async () => {
  assertEquals((await readWhole(KERNEL_5_10)).trace.header, {
    format: "ftrace",
    latencyColumns: 4,
    entries: { inBuffer: 14, written: 14 },
    clock: "seconds",
    cpus: 2,
  });
  assertEquals((await readWhole(KERNEL_6_12)).trace.header.latencyColumns, 5);
  assertEquals((await readWhole(REPORT_6_12)).trace.header, {
    format: "trace-cmd report",
    latencyColumns: 0,
    entries: undefined,
    clock: "seconds",
  });
});

Deno.test("who printed a text shows in the shape of its events where comments were cut away", async () => {
  for (const [name, text] of Object.entries(EXCERPTS)) {
    for (const event of text.split("\n").filter((each) => eventLines.includes(each))) {
      const [, title = ""] = /\d: (\w+):/.exec(event) ?? [];
      if (title.length >= 20 || /\d: print:|FAILED/.test(event)) continue;
      const { trace } = await readWhole(`${event}\n`);
      const expected = name.startsWith("REPORT") ? "trace-cmd report" : "ftrace";
      assertEquals(trace.header.format, expected, event);
    }
  }
});

Deno.test("a trace without events is a trace", async () => {
  const { records, trace } = await readWhole(
    "# tracer: nop\n#\n# entries-in-buffer/entries-written: 0/0   #P:2\n#\n",
  );
  assertEquals(records, []);
  assertEquals(trace.header.entries, { inBuffer: 0, written: 0 });
});

Deno.test("carriage returns and a byte order mark are no part of a trace", async () => {
  const plain = await readWhole(KERNEL_6_12);
  const windows = await readWhole(`\ufeff${KERNEL_6_12.replaceAll("\n", "\r\n")}`);
  assertEquals(windows.records.map(recordText), plain.records.map(recordText));
  assertEquals(windows.records, plain.records);
});

Deno.test("every line that is an event is counted by the name of its event", async () => {
  const { trace } = await readWhole(REPORT_6_12);
  assertEquals(Object.fromEntries(trace.counts()), {
    sys_enter_fallocate: 1,
    sys_exit_fallocate: 1,
    ext4_sync_file_enter: 1,
    mm_filemap_add_to_page_cache: 1,
    print: 1,
    dax_pmd_fault_done: 1,
    kp_pfn_mkclean_range: 1,
    kr_pfn_mkclean_range: 1,
    sys_enter_pwrite64: 1,
  });
});

Deno.test("an event that trace-cmd failed to parse stays, with what it printed", async () => {
  const { records } = await readWhole(REPORT_6_12);
  const last = records.at(-1);
  assert(last?.kind === "tracepoint");
  assertEquals(last.name, "sys_enter_pwrite64");
  assert(last.body.startsWith("[FAILED TO PARSE] __syscall_nr=18"));
});

Deno.test("the raw fields of `trace-cmd report -R` are refused where they stand", async () => {
  const raw =
    "           procA-227   [000]    19.5: sys_enter_fsync:       __syscall_nr=74 fd=0x3\n";
  const trace = await readTrace(new Blob([`cpus=2\n${raw}`]).stream(), { name: "a test" });
  assert(trace.kind === "unreadable");
  assertEquals(trace.reason.at, { line: 2 });
  assertEquals(trace.reason.expected, "the report without -R, or better trace.dat");
});

Deno.test("a marker is a marker in every print", async () => {
  const report = (event: string) => `cpus=2\n           procA-227   [000]    19.508052: ${event}\n`;
  for (
    const text of [
      line("tracing_mark_write: op=store off=0"),
      line("tracing_mark_write+0x14/0x60: op=store off=0"),
      line("0xffffffff8124d1f0: op=store off=0"),
      report("print:                tracing_mark_write: op=store off=0"),
      report("print:                0xffffffff8124d1f0: op=store off=0"),
      report("print:                ffffffff8124d1f0s: op=store off=0"),
    ]
  ) {
    const record = await only(text);
    assert(record.kind === "marker", text);
    assertEquals(record.text, "op=store off=0");
  }
});

Deno.test("what kernel code prints with trace_printk is no marker of a program", async () => {
  for (
    const [event, name] of [
      ["dax_writeback_one_debug.constprop.0: here", "dax_writeback_one_debug.constprop.0"],
      ["bprint: my_function: here", "bprint"],
      ["print: my_function: here", "print"],
    ] as const
  ) {
    const record = await only(line(event));
    assert(record.kind === "tracepoint");
    assertEquals(record.name, name);
  }
});

Deno.test("function entries and stack traces are events with trace-cmd's names, frames are none", async () => {
  const { records, trace } = await readWhole(
    `${line("fsync_bdev <-blkdev_fsync")}${line("<stack trace>")} => vfs_fsync\n => do_fsync\n${
      line("<user stack trace>")
    } => <00007f1a2b3c4d5e>\n`,
  );
  assertEquals(records.map((record) => record.kind === "tracepoint" && record.name), [
    "function",
    "kernel_stack",
    "user_stack",
  ]);
  assertEquals([...trace.counts().values()], [1, 1, 1]);
});

Deno.test("an event that the kernel had no room to print hides an event", async () => {
  for (const text of ["[LINE TOO BIG]\n", line("tracing_mark_write[LINE TOO BIG]")]) {
    const { records } = await readWhole(line("a: b") + text);
    assert(records[1]?.kind === "malformed" && !records[1].harmless);
  }
});

Deno.test("an event of an unknown type, or without text, hides an event", async () => {
  for (
    const event of [
      "Unknown type 1234",
      "",
      "sys_fsync",
      "sys_fsync -> 0x",
      "dax_pte_fau",
      "kp: (dax_flu",
    ]
  ) {
    const { records } = await readWhole(line("a: b") + line(event));
    assert(records[1]?.kind === "malformed" && !records[1].harmless, event);
  }
});

Deno.test("blank lines and comments hide nothing, other text may", async () => {
  const { records } = await readWhole(`${line("a: b")}\n# a comment\n$ cat trace\n`);
  assertEquals(
    records.slice(1).map((record) => record.kind === "malformed" && record.harmless),
    [true, true, false],
  );
});

Deno.test("a second trace in the text hides what lies between the two", async () => {
  const { records } = await readWhole(KERNEL_6_12 + KERNEL_6_12);
  const [first] = records.filter((record) => record.kind === "malformed" && !record.harmless);
  assertEquals(first?.line, KERNEL_6_12.split("\n").length);
});

Deno.test("columns that no printer prints are no columns", async () => {
  const good = line("a: b");
  const bad = [
    ["procA-227     ", "procA-227"],
    ["-227", "-22712345678"],
    ["[000]", "(1234567890123) [000]"],
    ["[000]", "[000000]"],
    ["[000] ", "[000]"],
    [".....", "..."],
    [".....", "........."],
    ["19.508052", "19."],
    ["19.508052", "19.5080520001"],
    ["19.508052", "123456789012345678901"],
    ["19.508052:", "19.508052"],
    ["a: b", "(+12 a: b"],
    ["procA", "a name of more than sixteen bytes"],
  ] as const;
  for (const [part, instead] of bad) {
    const changed = good.replace(part, instead);
    assert(changed !== good);
    const { records } = await readWhole(good + changed);
    assertEquals(records[1]?.kind, "malformed", changed);
  }
});
