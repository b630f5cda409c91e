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
import { judgeLines, verdictOn } from "./judge_text.ts";

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

Deno.test("where nothing fits a world that calls passed by, breaches before the last of them stay", async () => {
  // A pass leaves out page 4, which a fault shows; later page 1 is written back that a punch has removed.
  const file = "dev 259:0 ino 0xc";
  const events: readonly (readonly [pid: number, event: string])[] = [
    [101, "sys_fallocate(fd: 3, mode: 3, offset: 4000, len: 255000)"],
    [100, `dax_pte_fault_done: ${file} shared WRITE|USER address 0x7f0000001000 pgoff 0x1 NOPAGE`],
    [101, "ext4_punch_hole: dev 259,0 ino 12 offset 16384 len 2445312 mode "],
    [101, "sys_fallocate -> 0x0"],
    [102, "sys_fsync(fd: 3)"],
    [102, "ext4_sync_file_enter: dev 259,0 ino 12 parent 2 datasync 0 "],
    [102, "sys_fsync -> 0x0"],
    [102, "sys_msync(start: 7f0080001000, len: 2000, flags: 4)"],
    [102, `dax_writeback_range: ${file} pgoff 0x1-0x2`],
    [100, `dax_pte_fault: ${file} shared USER address 0x7f0000004000 pgoff 0x4 `],
    [100, `dax_load_hole: ${file} shared USER address 0x7f0000004000 pgoff 0x4 NOPAGE`],
    [100, `dax_pte_fault_done: ${file} shared USER address 0x7f0000004000 pgoff 0x4 NOPAGE`],
    [102, `dax_writeback_range_done: ${file} pgoff 0x1-0x2`],
    [102, "sys_msync -> 0x0"],
    [102, `dax_pte_fault: ${file} shared USER address 0x7f0080004000 pgoff 0x4 `],
    [100, `dax_pte_fault: ${file} shared WRITE|USER address 0x7f0000000000 pgoff 0x0 `],
    [102, `dax_load_hole: ${file} shared USER address 0x7f0080004000 pgoff 0x4 NOPAGE`],
    [102, `dax_pte_fault_done: ${file} shared USER address 0x7f0080004000 pgoff 0x4 NOPAGE`],
    [100, `dax_pte_fault_done: ${file} shared WRITE|USER address 0x7f0000000000 pgoff 0x0 NOPAGE`],
    [101, `dax_pte_fault: ${file} shared WRITE|USER address 0x7f0040004000 pgoff 0x4 `],
    [
      101,
      `dax_pte_fault_done: ${file} shared WRITE|USER address 0x7f0040004000 pgoff 0x4 MAJOR|NOPAGE`,
    ],
    [101, `dax_pte_fault: ${file} shared WRITE|USER address 0x7f0040258000 pgoff 0x258 `],
    [100, "sys_fallocate(fd: 3, mode: 3, offset: 0, len: 1000)"],
    [
      101,
      `dax_pte_fault_done: ${file} shared WRITE|USER address 0x7f0040258000 pgoff 0x258 MAJOR|NOPAGE`,
    ],
    [102, "sys_msync(start: 7f0080004000, len: 255000, flags: 4)"],
    [102, `dax_writeback_range: ${file} pgoff 0x4-0x258`],
    [101, "sys_fsync(fd: 3)"],
    [101, `dax_writeback_range: ${file} pgoff 0x0-0x7ffffffffffff`],
    [100, `dax_writeback_range: ${file} pgoff 0x0-0x0`],
    [102, `dax_writeback_range_done: ${file} pgoff 0x4-0x258`],
    [102, "sys_msync -> 0x0"],
    [100, `dax_pte_fault: ${file} shared WRITE|USER address 0x7f0000003000 pgoff 0x3 `],
    [101, `dax_writeback_one: ${file} pgoff 0x4 pglen 0x1`],
    [101, `dax_writeback_range_done: ${file} pgoff 0x0-0x7ffffffffffff`],
    [102, `dax_writeback_range: ${file} pgoff 0x0-0x7ffffffffffff`],
    [100, `dax_pte_fault_done: ${file} shared WRITE|USER address 0x7f0000003000 pgoff 0x3 NOPAGE`],
    [101, "sys_fsync -> 0x0"],
    [102, `dax_writeback_one: ${file} pgoff 0x1 pglen 0x1`],
  ];
  const trace = new TraceText();
  for (const [pid, event] of events) trace.line(pid, event);
  assertEquals(
    verdictOn(await judgeLines(trace.text().split("\n"), "6.1.192"), "DAX-WAIT-1"),
    "violated",
  );
});
