/**
 * Other texts of the same events read as tracefs' text does.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { foreignFormat } from "../vectors/kernel/foreign_format.ts";
import { readTrace } from "../vectors/kernel/ftrace_text.ts";
import type { TaskRecord, TraceRecord } from "../vectors/kernel/record.ts";
import { recordedFolder } from "../vectors/kernel/recorded_card.ts";
import { recordsOf } from "./read_text.ts";

/** Reads lines that come in chunks of so many bytes. */
async function read(lines: readonly string[], chunk = Infinity) {
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += chunk) {
        controller.enqueue(bytes.slice(at, at + chunk));
      }
      controller.close();
    },
  });
  const trace = await readTrace(stream, { name: "a" });
  assert(trace.kind === "trace", JSON.stringify(trace));
  return { header: trace.header, records: await recordsOf(trace) };
}

const original = (await Deno.readTextFile(`${recordedFolder}/6.12-mkclean-ext4.trace.txt`))
  .trimEnd()
  .split("\n");
const events = original.filter((line) => !line.startsWith("#"));
const whole = (await read(events)).records.filter(isEvent);

function isEvent(record: TraceRecord): record is TaskRecord {
  return record.kind !== "lost" && record.kind !== "malformed";
}

/** What every dialect keeps: no line numbers, no thread group, no flags. */
function told(record: TaskRecord): object {
  const { line: _line, tgid: _tgid, task: _task, ...rest } = { tgid: 0, ...record };
  if (rest.kind === "syscall-enter") return { ...rest, bareHexadecimal: false };
  // Mailers drop the space after which an event has no result.
  return record.kind === "tracepoint" ? { ...rest, body: record.body.trimEnd() } : rest;
}

/** An event's line in parts. */
function partsOf(line: string) {
  const [, task = "", pid = "", cpu = "", time = "", event = ""] =
    /^ *(\S.*?)-(\d+) +(?:\([^)]*\) +)?\[(\d+)\] \S+ +(\d+\.\d+): (.*)$/.exec(line) ?? [];
  return { task, pid, cpu, time, event };
}

Deno.test("a trace that was quoted in mail, at any depth and wrapped at any width, is the same trace", async () => {
  const some = events.slice(0, 60);
  const kept = whole.slice(0, 60).map(told);
  const property = fc.asyncProperty(
    fc.constantFrom("> ", ">> ", "> > ", ">"),
    fc.integer({ min: 60, max: 200 }),
    fc.integer({ min: 50, max: 5000 }),
    async (mark, width, chunk) => {
      const quoted = some.flatMap((line) => wrapped(line, width)).map((line) => mark + line);
      assertEquals((await read(quoted, chunk)).records.filter(isEvent).map(told), kept);
    },
  );
  await fc.assert(property, { numRuns: 60, seed: 20261129 });
});

/** As mailers wrap: at a space, after the columns; the space stays or goes. */
function wrapped(line: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    if (space < 60 && lines.length === 0 || space <= 0) break;
    lines.push(rest.slice(0, space));
    rest = rest.slice(space + 1);
  }
  return [...lines, rest];
}

Deno.test("a sentence below a quoted trace is no part of its last event", async () => {
  const { records } = await read([
    ...events.slice(0, 3).map((line) => `> ${line}`),
    ">",
    "> What is this?",
  ]);
  assertEquals(records.filter(isEvent).map(told), whole.slice(0, 3).map(told));
});

Deno.test("perf script's text of an event, with a call chain or without, is the event", async () => {
  const lines = events.slice(0, 150).flatMap((line) => {
    const { task, pid, cpu, time, event } = partsOf(line);
    if (!/^\w+: /.test(event) || event.startsWith("tracing_mark")) return [];
    const chain = ["\tffffffff9aca933a __add_to_page_cache_locked+0x2aa ([kernel.kallsyms])", ""];
    return [`${task.padStart(16)} ${pid.padStart(7)} [${cpu}] ${time}: fs_dax:${event}`, ...chain];
  });
  const { header, records } = await read(lines);
  assert(lines.length > 20);
  const kept = whole.slice(0, 150).filter(({ kind }) => kind === "tracepoint" || kind === "probe");
  assertEquals(header.format, "perf script");
  assertEquals(records.map((record) => isEvent(record) ? told(record) : record), kept.map(told));
});

Deno.test("what perf script says of lost events is a loss, and other records of perf are none", async () => {
  const event =
    "worker-2 13244 [000] 23955.038307: exceptions:page_fault_user: address=0x7f0f109e43b8";
  const { header, records } = await read([
    "         swapper     0 [000]     0.000000: PERF_RECORD_MMAP -1/0: [0xffffffff81000000(0x1000)]",
    event,
    "worker-2 13244 [001] 23955.038307: PERF_RECORD_LOST lost 464",
    ":13278 13278 [000] 23955.084270: PERF_RECORD_LOST_SAMPLES lost 3",
    "worker-2 13244 [001] 23955.084271: PERF_RECORD_THROTTLE time 1 id 2 stream_id 3",
    event.replace("[000] ", "[000] U "),
  ]);
  assertEquals(header.format, "perf script");
  const lost = { kind: "lost", cpu: 1, line: 3, count: 464 } as const;
  assertEquals(records.filter(({ kind }) => kind === "lost"), [
    lost,
    { ...lost, line: 4, cpu: 0, count: 3 },
    { ...lost, line: 5, count: undefined },
  ]);
  assertEquals(records.length, 5);
});

Deno.test("trace-cmd report -l is the report with its columns in another order", async () => {
  const lines = events.slice(0, 60).map((line) => {
    const { task, pid, cpu, time, event } = partsOf(line);
    return `${task.padStart(8)}-${pid.padEnd(7)} ${cpu.slice(-1)}...1.    ${time}: ${event}`;
  });
  const { header, records } = await read(["cpus=2", ...lines]);
  assertEquals(header.format, "trace-cmd report");
  assertEquals(
    records.map((each) => isEvent(each) ? told(each) : each),
    whole.slice(0, 60).map(told),
  );
});

Deno.test("a ring buffer in a kernel log is the trace, among whatever else the log has", async () => {
  const dumped = events.slice(0, 60).map((line) => {
    const { task, pid, cpu, time, event } = partsOf(line);
    const microseconds = String(Math.round(Number(time) * 1e6));
    return `[   99.123456] ${task.slice(0, 8).padStart(8)}-${pid.padEnd(7)} ${
      cpu.slice(-1)
    }...1. ${microseconds}us : ${event}`;
  });
  const { records } = await read([
    "[   99.000001] BUG: kernel NULL pointer dereference, address: 0000000000000008",
    "[   99.000002] Dumping ftrace buffer:",
    "[   99.000003] ---------------------------------",
    ...dumped,
    "[   99.223456] ---------------------------------",
    "[   99.223457] Kernel Offset: disabled",
  ]);
  assertEquals(
    records.map((each) => isEvent(each) ? told(each) : each),
    whole.slice(0, 60).map(told),
  );
});

Deno.test("what is no list of trace events is named, with what to record instead", async () => {
  const named: Readonly<Record<string, readonly string[]>> = {
    function_graph: ["# tracer: function_graph", "#", " 1)               |  iomap_dio_rw() {"],
    blkparse: ["  8,0    1        1     0.000000000  4162  A  WS 2048 + 8 <- (8,1) 0"],
    "report -R": [
      "cpus=2",
      "           procA-227   [001]    19.596237: sys_enter_fsync:       __syscall_nr=74 fd=0x00000003",
    ],
    strace: ["1234  10:00:00.000101 fsync(3)          = -1 EIO (Input/output error)"],
    bpftrace: ["Attaching 3 probes...", "12:00:01 1234 fsync  ino=12 ret=0"],
  };
  for (const [name, lines] of Object.entries(named)) {
    const bytes = new TextEncoder().encode(lines.join("\n") + "\n");
    const trace = await readTrace(new Response(bytes).body ?? new ReadableStream(), { name: "a" });
    assert(trace.kind === "unreadable", name);
    assertStringIncludes(trace.reason.found, name);
  }
});

Deno.test("what a marker or a printk says is free, and makes no trace a report with raw fields", () => {
  const raw = "dax_pte_fault: dev=0x10300000 ino=0xc off=1 va=0x7f";
  const free = [
    "tracing_mark_write: off=1 va=0x7f",
    "0xffffffff8124d1f0: off=1 va=0x7f",
    "my_function: off=1 va=0x7f",
    `tracing_mark_write: x-1 [000] 1.0: ${raw}`,
    "tracing_mark_write: 1.0: sys_enter_fsync: __syscall_nr=74 fd=0x3",
  ];
  const line = (event: string) => `           procA-227     [000] .....    19.508052: ${event}`;
  for (const event of free) assertEquals(foreignFormat([line(event)]), undefined, event);
  for (const event of ["dax_pte_fault: dev=1 ino=0xc", "print: ip=tracing_mark_write buf=x"]) {
    assertEquals(foreignFormat([...free.map(line), line(event)])?.at, { line: free.length + 1 });
  }
});
