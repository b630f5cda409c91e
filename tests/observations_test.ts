/**
 * Observations as JSON lines (`spec/observations.md`): what a trace comes to is written, and read again.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createAutomaton } from "../model/check.ts";
import type { CheckOptions, TraceResult } from "../vectors/kernel/check_trace.ts";
import { jsonReport } from "../vectors/command/report/check_json.ts";
import { watchRecording } from "../vectors/kernel/check_recording.ts";
import { observationsWriter } from "../vectors/kernel/observations/write_observations.ts";
import { openRecording, readRecording } from "../vectors/kernel/open_trace.ts";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";
import type { TraceUnreadable } from "../vectors/kernel/record.ts";

const automaton = createAutomaton();
const cards = await readCards(recordedFolder);
assert(typeof cards !== "string");

/** The result of a trace, and its observations as a text. */
async function written(path: string, asked: Partial<CheckOptions> = {}) {
  const trace = await openRecording(path);
  assert(trace.kind === "trace");
  const lines: unknown[] = [];
  const options = { path, kernel: undefined, automaton, ...asked };
  const writer = observationsWriter(trace.header, (some) => lines.push(...some));
  const result = await watchRecording(trace, options, writer);
  assert(!("found" in result));
  return { result, text: lines.map((line) => `${JSON.stringify(line)}\n`).join("") };
}

/** What comes of a text of observations. */
async function judged(
  text: string,
  path: string,
  asked: Partial<CheckOptions> = {},
): Promise<TraceResult | TraceUnreadable> {
  const reading = await readRecording(new Blob([text]).stream(), { name: path });
  if (reading.kind === "unreadable") return reading.reason;
  return await watchRecording(reading, { path, kernel: undefined, automaton, ...asked });
}

/** The report, but for what it says of the format, and of how that prints results. */
function reported(result: TraceResult): unknown {
  const notes = result.notes.filter(({ kind }) => kind !== "misprinted_results");
  return { ...jsonReport([{ ...result, notes }]).traces[0], format: undefined };
}

/** Bytes of a recording beyond which it is like a smaller one, and takes long. */
const large = 60_000;

for (const { trace, kernel } of cards) {
  if ((await Deno.stat(`${recordedFolder}/${trace}`)).size > large) continue;
  Deno.test(`observations of ${trace} get its verdicts, breaches, lines and times`, async () => {
    const { result, text } = await written(`${recordedFolder}/${trace}`, { kernel });
    const again = await judged(text, result.path, { kernel });
    assert(!("found" in again), JSON.stringify(again));
    assertEquals(reported(again), reported(result));
  });
}

const examples = new URL("../vectors/examples/", import.meta.url);
const example = (await Deno.readTextFile(new URL("observations.ndjson", examples))).trimEnd();
const lines = example.split("\n");

Deno.test("the example of the chapter breaks DAX-WAIT-1 at its fsync", async () => {
  const result = await judged(`${example}\n`, "an example");
  assert(!("found" in result), JSON.stringify(result));
  const broken = result.invariants.filter(({ verdict }) => verdict === "violated");
  assertEquals(broken.map(({ id, breaches }) => [id, breaches[0]?.violation.at.line]), [
    ["DAX-WAIT-1", 12],
  ]);
});

Deno.test("a line that is wrong is named, with what is wrong, and nothing is judged", async () => {
  const fault = lines[2] ?? "";
  const end = lines.at(-1) ?? "";
  for (
    const [at, line, found] of [
      [1, `{"kind":"recording","version":2,"clock":"seconds"}`, "version must be 1"],
      [1, `{"kind":"recording","version":1}`, "must have required property 'clock'"],
      [3, fault.replace('"pid":42', '"pid":"42"'), "where.pid must be integer"],
      [3, fault.replace('"pte"', '"pud"'), "order must be one of pte, pmd"],
      [3, fault.replace('"write"', '"wrote"'), "fault, in which"],
      [3, fault.slice(0, 80), "no JSON"],
      [3, `{"kind":"faulty"}`, 'no kind of line: "faulty"'],
      [3, "42", "no kind of line"],
      [3, lines[0] ?? "", "another recording begins"],
      [4, `${end}\n${fault}`, "a line after the end"],
    ] as const
  ) {
    const text = lines.with(at - 1, line).join("\n");
    const result = await judged(`${text}\n`, "a file");
    assert("found" in result, line);
    assertStringIncludes(result.found, found);
    const wanted = found === "a line after the end" ? at + 1 : at;
    assertEquals(result.at, { line: wanted }, line);
  }
});

Deno.test("observations without their end are cut, wherever that is", async () => {
  for (const length of [1, 3, lines.length - 1]) {
    const result = await judged(`${lines.slice(0, length).join("\n")}\n`, "a file");
    assert("found" in result);
    assertStringIncludes(result.found, "no line `end`");
  }
});

Deno.test("without a word on what a recording contains, what is absent proves nothing", async () => {
  const result = await judged(`${lines.toSpliced(1, 1).join("\n")}\n`, "a file");
  assert(!("found" in result));
  assert(result.invariants.every(({ verdict }) => verdict !== "holds"));
});
