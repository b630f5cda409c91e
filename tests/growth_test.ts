/**
 * What a line costs does not grow with what it has nothing to do with. Steps of the model are counted,
 * and not time: `deno task bench` measures that.
 *
 * @module
 */
import { assert, assertLess } from "@std/assert";
import { createAutomaton } from "../model/check.ts";
import { checkTrace } from "../vectors/kernel/check_trace.ts";
import { readRecording } from "../vectors/kernel/open_trace.ts";
import { growths } from "./bench/growing_traces.ts";

/** Steps of sets that the check of a trace takes, alone or several at once, by line. */
async function stepsOf(text: string, lines: number): Promise<number> {
  const trace = await readRecording(new Blob([text]).stream(), { name: "growing" });
  assert(trace.kind === "trace");
  let steps = 0;
  const automaton = createAutomaton();
  const counting = {
    ...automaton,
    step: (...args: Parameters<typeof automaton.step>) => {
      steps++;
      return automaton.step(...args);
    },
    leap: (...args: Parameters<typeof automaton.leap>) => {
      steps++;
      return automaton.leap(...args);
    },
  };
  await checkTrace(trace, { path: "growing", kernel: "6.12.107", automaton: counting });
  return steps / lines;
}

/** A mapping is judged by itself: more processes on one page are more to judge. */
const flat = growths.filter(({ name }) => name !== "faults, by processes");

for (const { name, trace, sizes: [few, many], rounds } of flat) {
  Deno.test(`a line costs as many steps in a large trace as in a small one: ${name}`, async () => {
    const [small, large] = [trace(few, rounds / 20), trace(many / 20, rounds / 20)];
    const before = await stepsOf(small.text(), small.length);
    assertLess(await stepsOf(large.text(), large.length), 1.5 * before);
  });
}
