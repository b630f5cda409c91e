import { assertEquals } from "@std/assert";
import { whyText } from "../vectors/kernel/why_text.ts";
import { readWhole } from "./read_text.ts";

const event = (cpu: number) => `           procA-227     [00${cpu}] .....    19.508052: a: b\n`;
const header = (inBuffer: number, written: number) =>
  `# tracer: nop\n#\n# entries-in-buffer/entries-written: ${inBuffer}/${written}   #P:2\n#\n`;

Deno.test("a loss is reported in all the words that the kernel and trace-cmd have for it", async () => {
  const words: [string, number | undefined, number | undefined][] = [
    ["CPU:0 [LOST 57 EVENTS]", 0, 57],
    ["CPU:12 [LOST EVENTS]", 12, undefined],
    ["CPU:1 [3 EVENTS DROPPED]", 1, 3],
    ["CPU:1 [EVENTS DROPPED]", 1, undefined],
    ["[LOST 5 EVENTS]", undefined, 5],
  ];
  for (const [text, cpu, count] of words) {
    const { records } = await readWhole(`${event(0)}${text}\n${event(0)}`);
    assertEquals(records[1], { kind: "lost", line: 2, cpu, count }, text);
  }
});

Deno.test("a CPU whose buffer was overwritten may have lost events up to its first", async () => {
  const banner = "##### CPU 1 buffer started ####\n";
  const { records } = await readWhole(header(4, 10) + event(0) + banner + event(1) + event(0));
  assertEquals(records.filter(({ kind }) => kind === "lost"), [
    { kind: "lost", line: 5, cpu: undefined, count: 6 },
    { kind: "lost", line: 6, cpu: 1, count: undefined },
  ]);
});

Deno.test("a CPU whose banner is not printed may have lost events up to its first too", async () => {
  const { records } = await readWhole(header(3, 10) + event(0) + event(1) + event(1));
  assertEquals(records.filter(({ kind }) => kind === "lost"), [
    { kind: "lost", line: 5, cpu: undefined, count: 7 },
    { kind: "lost", line: 6, cpu: 1, count: undefined },
  ]);
});

Deno.test("what was overwritten is told once, though a loss comes before the first event", async () => {
  const { records } = await readWhole(
    `${header(3, 10)}CPU:0 [LOST 2 EVENTS]\n${event(0)}${event(1)}${event(0)}`,
  );
  assertEquals(records.filter(({ kind }) => kind === "lost"), [
    { kind: "lost", line: 5, cpu: 0, count: 2 },
    { kind: "lost", line: 6, cpu: undefined, count: 7 },
    { kind: "lost", line: 7, cpu: 1, count: undefined },
  ]);
});

Deno.test("a buffer that was not overwritten lost nothing before a CPU's first event", async () => {
  const banner = "##### CPU 1 buffer started ####\n";
  const { records } = await readWhole(header(2, 2) + event(0) + banner + event(1));
  assertEquals(
    records.map((record) => record.kind === "malformed" ? record.harmless : record.kind),
    ["tracepoint", true, "tracepoint"],
  );
});

Deno.test("a banner in a text that does not say what was overwritten is a loss", async () => {
  const banner = "##### CPU 1 buffer started ####\n";
  const { records } = await readWhole(event(0) + banner + event(1));
  assertEquals(records[1], { kind: "lost", line: 2, cpu: 1, count: undefined });
});

Deno.test("a loss that was counted before is told without a number, and never as 0 events", () => {
  assertEquals(
    [undefined, 0, 3].map((count) => whyText({ kind: "lost", line: 9, cpu: 1, count })),
    ["events", "events", "3 events"].map((what) => `${what} were lost on CPU 1 before line 9`),
  );
});
