/**
 * Worlds that sync calls pass by.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createAutomaton } from "../model/check.ts";
import type { CandidateSet, Course, Input } from "../model/check/candidate_set.ts";
import type { SeenProjection } from "../model/check/projection.ts";
import { passesBy } from "../model/check/indifferent.ts";
import { syncSlots } from "../model/check/small_world.ts";
import type { SmallWorld } from "../model/check/subject.ts";
import type { RecordingUnderCheck } from "../model/check/recording.ts";
import { watchTrace } from "../vectors/kernel/check_trace.ts";
import { readRecording } from "../vectors/kernel/open_trace.ts";
import { TraceText } from "./bench/growing_traces.ts";
import { everyProjection } from "./every_projection.ts";
import { judgeLines } from "./judge_text.ts";

const automaton = createAutomaton();
const projections = [...everyProjection()].map((each) => automaton.project(each));
/** What may come before and between sync calls. */
const others = projections.filter(({ projection: { kind } }) =>
  !["removal", "drift"].includes(kind) && !kind.startsWith("sync")
);
const ends = projections.filter(({ projection: { kind } }) => kind === "sync_end");
const watches = ["entry", "mapping"] as const;
const breaks = ["mappings", "entries"] as const;

/** The set after these inputs; one that does not fit is left out. */
function after(set: CandidateSet, inputs: readonly Input[]): CandidateSet {
  return inputs.reduce((known, input) => automaton.step(known, input).next ?? known, set);
}

/** A call of this slot from its beginning to its end, and what may have happened unseen meanwhile. */
function callOf(watch: SmallWorld["watch"], end: SeenProjection, calm: Course): Input[] {
  const { projection } = end;
  assert(projection.kind === "sync_end");
  const begin = automaton.project({ kind: "sync_begin", slot: projection.slot });
  return [automaton.judged(watch, begin), ...calm.inputs, automaton.judged(watch, end)];
}

const seen = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...others) },
  { weight: 1, arbitrary: fc.constantFrom(...ends) },
);

Deno.test("of a world that sync calls pass by none tells anything, even if a call has broken the layout", () => {
  let met = 0;
  fc.assert(fc.property(
    fc.constantFrom(...watches),
    fc.record({ removes: fc.boolean(), truncates: fc.boolean() }),
    fc.array(seen, { maxLength: 12 }),
    fc.record({ how: fc.constantFrom(...breaks), removes: fc.boolean(), truncates: fc.boolean() }),
    (watch, unseen, story, broken) => {
      const calm = automaton.drift(watch, "nothing", unseen.removes, unseen.truncates);
      let set = automaton.sets.unknown[watch];
      for (const each of story) {
        const inputs = each.projection.kind === "sync_end"
          ? callOf(watch, each, calm)
          : [automaton.judged(watch, each)];
        set = after(set, [...calm.inputs, ...inputs]);
      }
      if (!passesBy(automaton, watch, set, calm, true)) return;
      met++;
      const { inputs } = automaton.drift(watch, broken.how, broken.removes, broken.truncates);
      for (const end of ends) {
        const { projection } = end;
        if (projection.kind !== "sync_end" || !projection.counted) continue;
        const call = callOf(watch, end, calm);
        for (const before of [calm.inputs, inputs]) {
          const without = after(set, [...before, ...calm.inputs]);
          assertEquals(after(set, [...before, ...call, ...calm.inputs]), without, projection.kind);
        }
      }
    },
  ));
  assert(met > 0 && syncSlots > 1);
});

Deno.test("a call that is in flight begins in a world that calls pass by once something happens to it", async () => {
  const trace = new TraceText();
  trace.fault(100, 12, 0);
  trace.read(100, 12, 600);
  trace.fsync(100, 12, 0);
  trace.fault(100, 12, 0);
  trace.line(101, "sys_fsync(fd: 3)");
  trace.line(101, "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 ");
  trace.fault(100, 12, 0);
  const touchedFrom = trace.length + 1;
  trace.fault(100, 12, 600);
  const before: (readonly [settled: boolean | undefined, slots: number | undefined])[] = [];
  const note = (line: number, { dax: { files } }: RecordingUnderCheck): void => {
    const [file] = files.values();
    const entry = file?.pages.get(600)?.entry;
    before[line] = [entry?.settled, entry?.syncs];
  };
  const reading = await readRecording(new Blob([trace.text()]).stream(), { name: "made" });
  assert(reading.kind === "trace");
  await watchTrace(reading, { path: "made", kernel: "6.12.107" }, {
    record: (check, { line }) => note(line, check),
    observed: () => {},
    end: (check) => note(before.length, check),
  });
  const header = before.length - 1 - trace.length;
  assertEquals(before[header + touchedFrom], [true, 0]);
  assertEquals(before.at(-1), [false, 2]);
});

Deno.test("after lost events sync calls are judged in a world that calls had passed by, as in any other", async () => {
  const judged = async (before: number): Promise<number | undefined> => {
    const trace = new TraceText();
    trace.fault(100, 12, 0);
    trace.read(100, 12, 600);
    for (let call = 0; call < before; call++) {
      trace.fsync(100, 12, 0);
      trace.fault(100, 12, 0);
    }
    const heads = 4;
    const at = heads + trace.length;
    trace.fsync(101, 12, 600);
    trace.fault(100, 12, 0);
    const lines = trace.text().split("\n").toSpliced(at, 0, "CPU:0 [LOST 3 EVENTS]");
    const result = await judgeLines(lines, "6.12.107");
    return result?.invariants.find(({ id }) => id === "DAX-WAIT-1")?.judged;
  };
  // Calls before have kept their promises for page 0, and the one after them has for page 600.
  assertEquals([await judged(1), await judged(2), await judged(3)], [2, 3, 4]);
});
