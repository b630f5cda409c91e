/**
 * What a line costs does not grow with what it has nothing to do with. Steps of the model are counted,
 * and not time: `deno task bench` measures that.
 *
 * @module
 */
import { assert, assertLess } from "@std/assert";
import { createAutomaton } from "../model/check.ts";
import { fileKey } from "../model/check/observation.ts";
import { checkTrace, watchTrace } from "../vectors/kernel/check_trace.ts";
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

/** Of what many processes map, worlds are counted and not steps: below. */
const flat = growths.filter(({ name }) => name !== "faults, by processes");

for (const { name, trace, sizes: [few, many], rounds } of flat) {
  Deno.test(`a line costs as many steps in a large trace as in a small one: ${name}`, async () => {
    const [small, large] = [trace(few, rounds / 20), trace(many / 20, rounds / 20)];
    const before = await stepsOf(small.text(), small.length);
    assertLess(await stepsOf(large.text(), large.length), 1.5 * before);
  });
}

Deno.test("mappings of a page that know the same are stepped as one: a fault beside 64 of them costs little more than beside 8", async () => {
  const worldsAt = async (processes: number): Promise<number> => {
    const { trace } = growths.find(({ name }) => name === "faults, by processes") ?? {};
    const reading = await readRecording(
      new Blob([trace?.(processes, 3000).text() ?? ""]).stream(),
      { name: "growing" },
    );
    assert(reading.kind === "trace");
    let [faults, worlds] = [0, 0];
    await watchTrace(reading, { path: "growing", kernel: "6.12.107" }, {
      record: () => {},
      observed({ dax }, seen) {
        if (seen.kind !== "fault") return;
        const page = dax.files.get(fileKey(seen.file))?.pages.get(seen.pgoff);
        faults++;
        worlds += page?.worlds.length ?? 0;
      },
      end: () => {},
    });
    return worlds / faults;
  };
  assertLess(await worldsAt(64), 2.5 * await worldsAt(8));
});
