import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { TraceRecord } from "../vectors/kernel/record.ts";
import { recordText } from "../vectors/kernel/record_text.ts";
import { readWhole } from "./read_text.ts";

/** Names that end alike, and what a line has around them. */
const tasks = fc.constantFrom(
  "bar",
  "my bar",
  "r",
  "fsx-12",
  "kworker/u8:3-ev",
  "é",
  "a name of 16 chr",
);
const pids = fc.constantFrom(1, 12, 123, 32767, 1234567, 4194304);
const groups = fc.constantFrom("", "(    12) ", "(-------) ", "(4194304) ");

/** Events that begin alike, among them what is none. */
const events = fc.oneof(
  fc.constantFrom(
    "dax_writeback_one: dev 259:0 ino 0xc pgoff 0x0 pglen 0x1",
    "dax_writeback_range: dev 259:0 ino 0xc pgoff 0x0-0x1",
    "dax_writeback_range_done: dev 259:0 ino 0xc pgoff 0x0-0x1",
    "dax_writeback_: x",
    "dax_writ: x",
    "dax: x",
    "print: fn: said",
    "mkclean: (pfn_mkclean_range+0x0/0x90) addr=0x7f00",
    "tracing_mark_write: step=1 op=store off=4096 va=0x7f0000001000",
    "tracing_mark_write: op=store done",
    "tracing_mark_write: val=0x7 mixed=1 ret=-5 size=1e3 len= op= donee done= off=9007199254740992",
    "sys_fsync -> 0x0",
    "sys_fsync -> 0xfffffffffffffffb",
    "sys_fsync -> ",
    "sys_fsync(",
    "sys_fsync: x",
    "sys_enter_fsync: fd: 0x3",
    "sys_exit_fsync: 0x0",
    "what is it",
  ),
  fc.tuple(
    fc.constantFrom("fsync", "fsync2", "pwrite64", "brk", "a"),
    fc.array(fc.constantFrom("fd", "f", "fdd", "pos", "char * buf"), { maxLength: 4 }),
    fc.nat(),
  ).map(([name, args, value]) =>
    `sys_${name}(${args.map((each) => `${each}: ${value.toString(16)}`).join(", ")})`
  ),
);

const lines = fc.tuple(tasks, pids, groups, fc.nat(9), events).map(
  ([task, pid, group, cpu, event]) =>
    `${task.padStart(16)}-${
      String(pid).padEnd(7)
    } ${group}[00${cpu}] d..1.    19.50805${cpu}: ${event}`,
);

/** Everything that a record says, but for its place in the text. */
function told(record: TraceRecord) {
  const { line: _, ...rest } = { ...record };
  return { ...rest, text: recordText(record) };
}

Deno.test("what a line says does not depend on the lines before it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(lines, { minLength: 2, maxLength: 30 }), async (all) => {
      const { records } = await readWhole(`# tracer: nop\n${all.join("\n")}\n`);
      const alone = [];
      for (const line of all) alone.push(...(await readWhole(`# tracer: nop\n${line}\n`)).records);
      assertEquals(records.map(told), alone.map(told));
    }),
    { numRuns: 40 },
  );
});

Deno.test("a number in a marker is decimal or has 0x, and is exact; of a key the last counts", async () => {
  const says = async (text: string) => {
    const line = `procA-227     [000] .....    19.508052: tracing_mark_write: ${text}`;
    const { records: [record] } = await readWhole(
      `# tracer: nop\n${line.padStart(line.length + 11)}\n`,
    );
    return record?.kind === "marker" ? record.says : undefined;
  };
  const nothing = {
    operation: undefined,
    done: false,
    file: undefined,
    offset: undefined,
    address: undefined,
    size: undefined,
    length: undefined,
    value: undefined,
    result: undefined,
    mixed: false,
  };
  assertEquals(await says("done=1 xop=store offf=1 donee val=1.5 size= len=-1 mixed=0"), nothing);
  assertEquals(await says("op=store  off=4096 off=8192 va=0x7f12 done"), {
    ...nothing,
    operation: "store",
    done: true,
    offset: 8192,
    address: 0x7f12,
  });
  assertEquals(await says("dev=259:0 ino=0xc op=read val=7 ret=-5 len=9007199254740991 mixed=1"), {
    ...nothing,
    operation: "read",
    file: { dev: "259:0", ino: 12 },
    value: 7,
    result: -5,
    length: Number.MAX_SAFE_INTEGER,
    mixed: true,
  });
  assertEquals(await says("va=0x20000000000000 off=9007199254740992"), nothing);
});
