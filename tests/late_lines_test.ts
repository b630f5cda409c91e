/**
 * Lines that `trace_pipe` gives late have their places in a recording, and are judged there in any text.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { createAutomaton } from "../model/check.ts";
import { judgeSource } from "../vectors/kernel/check_recording.ts";
import type { TraceResult } from "../vectors/kernel/check_trace.ts";
import { LinesInOrder } from "../vectors/kernel/lines_in_order.ts";
import { placeLateLines } from "../vectors/kernel/recording/place_late_lines.ts";
import { traceSource } from "../vectors/kernel/trace_source.ts";
import { pagespec } from "./command_line.ts";
import { recordedText } from "./recorded.ts";

const encoder = new TextEncoder();

/** A line of an event, at so many microseconds. */
function lineAt(cpu: number, time: number, task: string): string {
  const at = `${Math.floor(time / 1e6)}.${String(time % 1e6).padStart(6, "0")}`;
  return `${
    task.padStart(16)
  }-7       (      7) [00${cpu}] d..1.  ${at}: writeback_start: bdi 8:0\n`;
}

/** Events of two CPUs in the order of their times, which are microseconds apart, each with what goes with it. */
const events = fc.array(
  fc.record({
    cpu: fc.nat({ max: 1 }),
    after: fc.integer({ min: 1, max: 2000 }),
    task: fc.constantFrom("kworker/0:1", "a b-1 [003]", "\u00e9t\u00e9"),
    lost: fc.boolean(),
    stack: fc.boolean(),
  }),
  { minLength: 2, maxLength: 60 },
).map((all) => {
  let time = 1_000_000;
  return all.map(({ cpu, after, task, lost, stack }, nth) => {
    time += after;
    const before = lost && nth > 0 ? `CPU:${cpu} [LOST 3 EVENTS]\n` : "";
    const behind = stack ? " => vfs_fsync_range\n => do_syscall_64\n" : "";
    return { cpu, text: before + lineAt(cpu, time, task) + behind };
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

Deno.test("an event that another CPU's came before has the place of its time, with its stack and what was lost", async () => {
  await fc.assert(fc.asyncProperty(events, fc.nat(), fc.nat(), async (inOrder, which, by) => {
    const from = which % inOrder.length;
    const late = inOrder[from];
    if (late === undefined) return;
    const behind = inOrder.slice(from + 1);
    const own = behind.findIndex(({ cpu }) => cpu === late.cpu);
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

Deno.test("a stack that comes when its event was handed on is not lost", () => {
  const all = Array.from({ length: 131_071 }, (_, at) => lineAt(at % 2, 1_000_000 + at, "many"));
  const late = lineAt(0, 999_999, "late");
  let text = "";
  const lines = new LinesInOrder((bytes) => text += new TextDecoder().decode(bytes));
  for (let at = 0; at < all.length; at += 500) {
    lines.take(encoder.encode(all.slice(at, at + 500).join("")));
  }
  for (const each of [late, " => vfs_fsync_range\n"]) lines.take(encoder.encode(each));
  lines.end();
  assert(text === [late, ...all, " => vfs_fsync_range\n"].join(""));
});

/** Does something with a file that has these lines. */
async function withFile<T>(
  lines: readonly string[],
  work: (path: string) => Promise<T>,
): Promise<T> {
  const file = await Deno.makeTempFile({ prefix: "pagespec-late-" });
  try {
    await Deno.writeTextFile(file, `${lines.join("\n")}\n`);
    return await work(file);
  } finally {
    await Deno.remove(file);
  }
}

const automaton = createAutomaton();

/** What comes of a file, whatever it is called. */
async function judgedAt(path: string): Promise<TraceResult> {
  const source = await traceSource(path, false);
  const judged = await judgeSource(source, { path: "a text", kernel: "7.2.0", automaton });
  assert(!("found" in judged));
  return judged.result;
}

/** CPU and microseconds of an event's line. */
function placeOf(line: string): { readonly cpu: string; readonly time: number } | undefined {
  const [, cpu, seconds, micros] = / \[(\d+)\] \S+ +(\d+)\.(\d{6}): /.exec(line) ?? [];
  return cpu === undefined ? undefined : { cpu, time: Number(seconds) * 1e6 + Number(micros) };
}

/** Lines that may come late, with the last line of another CPU behind which each may stand. */
function possiblyLate(lines: readonly string[]): readonly (readonly [number, number])[] {
  return lines.flatMap((line, at) => {
    const own = placeOf(line);
    if (own === undefined) return [];
    const place = (to: number) => placeOf(lines[to] ?? "");
    const passes = (to: number): boolean => {
      const other = place(to);
      return other !== undefined && other.cpu !== own.cpu && other.time > own.time &&
        other.time <= own.time + 100_000;
    };
    let to = at;
    while (passes(to + 1)) to++;
    return (place(to)?.time ?? 0) >= own.time + 5 ? [[at, to]] as const : [];
  });
}

const recorded = await recordedText("7.2-fault-and-fsync-xfs");
const candidates = possiblyLate(recorded);

Deno.test("a text with a late line is judged as the text that has it in its place, and tells of it", async () => {
  assert(candidates.length > 40);
  const before = await withFile(recorded, judgedAt);
  assertEquals(before.verdict, "violated");
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...candidates), async ([from, to]) => {
      const given = recorded.toSpliced(to + 1, 0, recorded[from] ?? "").toSpliced(from, 1);
      const result = await withFile(given, judgedAt);
      const told = result.notes.find(({ kind }) => kind === "late_lines");
      assert(told?.kind === "late_lines");
      assertEquals([told.late.line, told.late.count], [to + 1, 1]);
      const notes = result.notes.filter((note) => note !== told);
      assertEquals({ ...result, notes }, before);
    }),
    { numRuns: 12 },
  );
});

Deno.test("--at and the observations of a text with a late line are those of the text that has it in its place", async () => {
  const [from, to] = candidates[Math.floor(candidates.length / 2)] ?? [0, 0];
  const given = recorded.toSpliced(to + 1, 0, recorded[from] ?? "").toSpliced(from, 1);
  for (const asked of [["--at", String(from + 1)], ["--format", "observations"]]) {
    const [before, after] = await Promise.all(
      [recorded, given].map((lines) =>
        withFile(lines, async (path) => {
          const { out } = await pagespec(["check", ...asked, path]);
          return out.replaceAll(path, "FILE");
        })
      ),
    );
    assert((before ?? "").length > 60);
    assertEquals(after, before);
  }
});

Deno.test("a late line of a pipe stays where it is, and nothing holds", async () => {
  const [from, to] =
    candidates.find(([at, end]) =>
      (placeOf(recorded[end] ?? "")?.time ?? 0) > (placeOf(recorded[at] ?? "")?.time ?? 0) + 1_000
    ) ?? [0, 0];
  assert(to > 0);
  const given = recorded.toSpliced(to + 1, 0, recorded[from] ?? "").toSpliced(from, 1);
  const text = `${given.join("\n")}\n`;
  const { out } = await pagespec(["check", "-"], text);
  assertMatch(out, new RegExp(`line ${to + 1} is earlier than one before it`));
  const holds = /^ +[A-Z]+-[A-Z0-9-]+ +holds/m;
  assert(!holds.test(out));
  assert(holds.test((await pagespec(["check", "-"], `${recorded.join("\n")}\n`)).out));
  const pipe = await Deno.makeTempFile({ prefix: "pagespec-late-" });
  try {
    await Deno.remove(pipe);
    const made = await new Deno.Command("mkfifo", { args: [pipe] }).output();
    assert(made.success);
    const [result] = await Promise.all([judgedAt(pipe), Deno.writeTextFile(pipe, text)]);
    assertEquals(result.notes.some(({ kind }) => kind === "late_lines"), false);
    assertEquals(result.late?.line, to + 1);
  } finally {
    await Deno.remove(pipe);
  }
});
