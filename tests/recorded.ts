/**
 * The bundled recordings, judged: shared by the tests that look at them.
 *
 * @module
 */
import { assert } from "@std/assert";
import { createAutomaton } from "../model/check.ts";
import { checkTrace } from "../vectors/kernel/check_trace.ts";
import { openTrace } from "../vectors/kernel/open_trace.ts";
import { readCards, recordedFolder } from "../vectors/kernel/recorded_card.ts";
import type { RecordedResult } from "../vectors/command/report/recorded_table.ts";

const cards = await readCards(recordedFolder);

/** One for all, as `check` has one for all files of a run. */
const automaton = createAutomaton();

/** What was judged, for all test files of an isolate. */
const judged = new Map<string, Promise<RecordedResult>>();

/** Judges one bundled recording with the kernel that its card names. */
export function judgeRecorded(name: string): Promise<RecordedResult> {
  return judged.getOrInsertComputed(name, judge);
}

async function judge(name: string): Promise<RecordedResult> {
  assert(typeof cards !== "string", String(cards));
  const card = cards.find((each) => each.name === name);
  assert(card !== undefined, `no card ${name}`);
  const trace = await openTrace(`${recordedFolder}/${card.trace}`);
  assert(trace.kind === "trace");
  const result = await checkTrace(trace, { path: card.trace, kernel: card.kernel, automaton });
  return { card, result };
}

/** The lines of a bundled recording, unpacked. */
export async function recordedText(name: string): Promise<readonly string[]> {
  const plain = `${recordedFolder}/${name}.trace.txt`;
  const packed = await Deno.readFile(`${plain}.gz`).catch(() => undefined);
  const text = packed === undefined
    ? await Deno.readTextFile(plain)
    : await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")))
      .text();
  return text.trimEnd().split("\n");
}
