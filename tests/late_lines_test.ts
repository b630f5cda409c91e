/**
 * Lines that `trace_pipe` gives late have their places in a recording.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { placeLateLines } from "../vectors/kernel/recording/late_lines.ts";

const encoder = new TextEncoder();

/** A line of an event, at so many microseconds. */
function lineAt(cpu: number, time: number, task: string): string {
  const at = `${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, "0")}`;
  return `${
    task.padStart(16)
  }-7       (      7) [00${cpu}] d..1.  ${at}: writeback_start: bdi 8:0\n`;
}

/** Lines of two CPUs in the order of their times, which are microseconds apart, and what stands among them. */
const lines = fc.array(
  fc.record({
    cpu: fc.nat({ max: 1 }),
    after: fc.integer({ min: 1, max: 2000 }),
    task: fc.constantFrom("kworker/0:1", "a b-1 [003]", "\u00e9t\u00e9"),
    lost: fc.boolean(),
  }),
  { minLength: 2, maxLength: 60 },
).map((all) => {
  let time = 1_000_000;
  return all.flatMap(({ cpu, after, task, lost }, nth) => {
    time += after;
    const line = { cpu, time, text: lineAt(cpu, time, task) };
    return lost && nth % 8 === 7 ? [{ ...line, text: "CPU:0 [LOST 3 EVENTS]\n" }, line] : [line];
  });
});

const header = "# tracer: nop\n#\n";

async function placed(text: Uint8Array): Promise<Uint8Array> {
  const file = await Deno.makeTempFile({ prefix: "pagespec-late-" });
  try {
    await Deno.writeFile(file, text);
    placeLateLines(file);
    return await Deno.readFile(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("a line that another CPU's lines came before has the place of its time", async () => {
  await fc.assert(fc.asyncProperty(lines, fc.nat(), fc.nat(), async (inOrder, which, by) => {
    const events = inOrder.filter(({ text }) => !text.startsWith("CPU:"));
    const late = events[which % events.length];
    if (late === undefined) return;
    const from = inOrder.indexOf(late);
    const behind = inOrder.slice(from + 1);
    const own = behind.findIndex(({ cpu, text }) => cpu === late.cpu || text.startsWith("CPU:"));
    const others = own === -1 ? behind.length : own;
    if (others === 0) return;
    const to = from + 1 + by % others;
    const given = inOrder.toSpliced(to + 1, 0, late).toSpliced(from, 1);
    const textOf = (all: typeof inOrder): Uint8Array =>
      encoder.encode(header + all.map(({ text }) => text).join(""));
    assertEquals(await placed(textOf(given)), textOf(inOrder));
  }));
});

Deno.test("a recording without late lines is left as it is, whatever bytes it has and however it ends", async () => {
  const texts = [
    "",
    header,
    header + lineAt(0, 5, "a") + lineAt(1, 5, "b") + lineAt(0, 5, "c"),
    header + lineAt(0, 9, "a").trimEnd(),
  ].map((text) => encoder.encode(text));
  for (
    const text of [...texts, Uint8Array.of(0xff, 0x0a, 0x80), new Uint8Array(3 << 20).fill(32)]
  ) {
    assertEquals(await placed(text), text);
  }
});

Deno.test("a line finds its place across what is read and written at a time, and keeps its bytes", async () => {
  const count = 150_000;
  const all = Array.from({ length: count }, (_, at) => lineAt(at % 2, 1_000_000 + 20 * at, "many"));
  const late = (at: number, by: number): void => {
    all.splice(at + by, 0, ...all.splice(at, 1));
  };
  const inOrder = encoder.encode(all.join(""));
  late(140_000, 5_000);
  late(65_000, 1_000);
  late(10, 40_000);
  assertEquals(await placed(encoder.encode(all.join(""))), inOrder);
});
