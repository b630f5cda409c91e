/**
 * One recorded trace, from its records to verdicts.
 *
 * @module
 */
import {
  awaitsTask,
  type Check,
  checkObservation,
  createAutomaton,
  createCheck,
  finishCheck,
} from "../../model/check.ts";
import { signOfLife } from "../../model/check/observation.ts";
import { type InvariantResult, summarise, uncleanedReason } from "../../model/check/verdict.ts";
import type { Trace } from "./ftrace_text.ts";
import type { RecordHead, TraceHeader } from "./record.ts";
import { createTranslator, type Translator } from "./translate.ts";

/** A trace's verdict: `holds` only if something was judged and nothing is in doubt. */
export type TraceVerdict = "holds" | "violated" | "undecided";

/** What was found in one trace. */
export interface TraceResult {
  readonly path: string;
  readonly header: TraceHeader;
  readonly kernel: string | undefined;
  readonly events: number;
  /** Events that the recorder says it lost; undefined numbers count as one. */
  readonly lost: number;
  /** Lines that could not be read: line and what was expected. */
  readonly skipped: readonly { readonly line: number; readonly expected: string }[];
  readonly verdict: TraceVerdict;
  readonly invariants: readonly InvariantResult[];
  /** Sentences that a reader must know to trust the verdict. */
  readonly notes: readonly string[];
}

/** How to check. */
export interface CheckOptions {
  readonly path: string;
  readonly kernel: string | undefined;
  /** Told now and then how far the check has come, in events. */
  readonly progress?: (events: number) => void;
}

const automaton = createAutomaton();
/**
 * By how much the clocks of two CPUs may differ, in nanoseconds: what the kernel's clocks promise is
 * less than a timer tick, what they keep is a few microseconds. A clock that counts (`counter`,
 * `x86-tsc`) is one for all CPUs.
 */
const clockError = 5_000;
/**
 * Of the counting clocks `uptime` alone counts so slowly that two CPUs' events often have one count. A
 * share of them that is larger than this tells.
 */
const oftenTied = 0.01;
/** Malformed lines that are named one by one. */
const namedLines = 20;

/** Checks a trace to its end. Memory grows with the pages that it maps, not with its length. */
export async function checkTrace(trace: Trace, options: CheckOptions): Promise<TraceResult> {
  const skipped: { line: number; expected: string }[] = [];
  let skippedCount = 0;
  let events = 0;
  let lost = 0;
  let markers = false;
  let probes = false;
  let time = 0;
  const kernel = options.kernel ?? trace.header.kernel;
  const translator = createTranslator(
    trace.header,
    { version: kernel },
    (observation) => checkObservation(check, observation),
  );
  const seconds = trace.header.clock === "seconds";
  const check = createCheck(automaton, translator.completeness(), {
    clockError: seconds ? clockError : 1,
  });
  let cpu = 0;
  let ties = 0;
  for await (const batch of trace.batches) {
    for (const record of batch) {
      if (record.kind === "lost") lost += record.count ?? 1;
      else if (record.kind === "malformed") {
        if (!record.harmless) skippedCount++;
        if (skipped.length < namedLines) {
          skipped.push({ line: record.line, expected: record.expected });
        }
      } else {
        markers ||= record.kind === "marker";
        probes ||= record.kind === "probe";
        if (record.time === time && record.cpu !== cpu && !seconds) ties++;
        time = record.time;
        cpu = record.cpu;
        if (awaitsTask(check, record.pid)) notice(check, record);
      }
      translator.translate(record);
      check.completeness = translator.completeness();
    }
    events += batch.length;
    options.progress?.(events);
  }
  finishCheck(check, time);
  const counted = [...trace.counts().values()].reduce((sum, count) => sum + count, 0);
  const incomplete = incompleteness(trace.header, check, counted + skippedCount);
  const invariants = summarise(check, {
    incomplete,
    untrusted: cutOut(trace.header, counted + skippedCount, markers && probes)
      ? "lines were taken out of the trace here and there, and it may rest on one of them"
      : ties > oftenTied * counted
      ? "its clock counts so slowly that the order of two CPUs' events is not known: use mono"
      : undefined,
    whole: isWhole(trace.header, counted + skippedCount),
    unproven: unprovenBy(trace, translator, check),
    about: doubtsAbout(translator, check),
  });
  return {
    path: options.path,
    header: trace.header,
    kernel,
    events: counted,
    lost,
    skipped,
    verdict: overall(invariants),
    invariants,
    notes: notesOf(trace.header, translator, incomplete),
  };
}

function notice(check: Check, { line, time, cpu, task, pid }: RecordHead): void {
  const where = { line, time, cpu, task, pid, text: signOfLife };
  checkObservation(check, { kind: "alive", where });
}

function overall(invariants: readonly InvariantResult[]): TraceVerdict {
  if (invariants.some(({ verdict }) => verdict === "violated")) return "violated";
  if (invariants.some(({ verdict }) => verdict === "undecided")) return "undecided";
  return invariants.some(({ verdict }) => verdict === "holds") ? "holds" : "undecided";
}

function incompleteness(
  { entries }: TraceHeader,
  { findings: { gaps, gapCount } }: Check,
  counted: number,
): readonly string[] {
  const reasons = gaps.map(({ reason }) => reason);
  if (gapCount > gaps.length) reasons.push(`... and ${gapCount - gaps.length} more gaps`);
  if (entries !== undefined && entries.written > entries.inBuffer) {
    const overwritten = entries.written - entries.inBuffer;
    reasons.push(`${overwritten} events were overwritten before the trace was read`);
  }
  if (entries !== undefined && entries.inBuffer !== counted) {
    reasons.push(
      `the header counts ${entries.inBuffer} events, the text has ${counted}: ` +
        "lines were taken out",
    );
  }
  return reasons;
}

/**
 * True if lines are missing that are no whole class of lines. A text without markers or without
 * probes may have been stripped of just these, which takes nothing from what the rest shows; where
 * both are there, something else was cut, and what is absent proves nothing.
 */
function cutOut({ entries }: TraceHeader, counted: number, hasAllClasses: boolean): boolean {
  return entries !== undefined && entries.inBuffer !== counted && hasAllClasses;
}

/** True if the header counts as many events as the text has, and as were written. */
function isWhole({ entries }: TraceHeader, counted: number): boolean {
  return entries !== undefined && entries.inBuffer === counted && entries.written === counted;
}

/** Invariants that hang on when entries were marked and cleaned. */
const aboutCleaning = ["DAX-TAG-4", "DAX-CLEAN-2", "DAX-WAIT-1", "DUR-1"] as const;

function endlessReason(faults: number): string {
  return `${faults} faults have no end: dax_pte_fault_done, dax_pmd_fault_done or both are not recorded`;
}

/** What cannot be told to be broken, because events of a class may not have been recorded at all. */
function unprovenBy(
  trace: Trace,
  { notes }: Translator,
  { findings }: Check,
): ReadonlyMap<string, string> {
  const counts = trace.counts();
  const { uncleaned } = findings;
  if (uncleaned !== undefined && !counts.has("dax_writeback_one")) {
    const why = uncleanedReason(uncleaned);
    return new Map(aboutCleaning.map((id) => [id, why]));
  }
  if (notes.endlessFaults > 0) {
    const why = endlessReason(notes.endlessFaults);
    return new Map(aboutCleaning.map((id) => [id, why]));
  }
  const passes = ["dax_writeback_range", "dax_writeback_range_done", "dax_writeback_one"];
  if (passes.some((name) => counts.has(name))) return new Map();
  return new Map([[
    "DAX-WAIT-1",
    `the trace has none of ${passes.join(", ")}: are they recorded?`,
  ]]);
}

/** What cannot be said to hold of one invariant. */
function doubtsAbout({ notes }: Translator, check: Check): ReadonlyMap<string, string> {
  const doubts = new Map<string, string>();
  if (check.files.size === 0) return doubts;
  const { namelessRemoval, endlessFaults } = notes;
  const { nameless, crowded } = check.findings;
  if (endlessFaults > 0) {
    for (const id of aboutCleaning) doubts.set(id, endlessReason(endlessFaults));
  }
  if (namelessRemoval !== undefined) {
    doubts.set(
      "DAX-TAG-4",
      `no event names the file of the call that returned at line ${namelessRemoval.line}: ` +
        "record ext4:ext4_punch_hole and its like, or xfs:xfs_free_file_space and its like",
    );
  }
  if (nameless > 0) {
    const why = `${nameless} sync calls returned 0 while entries were DIRTY, and no event names ` +
      "their files: record ext4:ext4_sync_file_enter or xfs:xfs_file_fsync";
    for (const id of ["DAX-WAIT-1", "DUR-1"]) doubts.set(id, why);
  }
  if (crowded > 0) {
    const why = `${crowded} sync calls were too many at once to be judged`;
    for (const id of ["DAX-WAIT-1", "DUR-1"]) doubts.set(id, why);
  }
  return doubts;
}

function notesOf(
  header: TraceHeader,
  { notes }: Translator,
  incomplete: readonly string[],
): readonly string[] {
  const said: string[] = [...incomplete];
  if (header.format === "trace-cmd report") {
    said.push(
      "trace-cmd report misprints DAX fault results: it prints none as OOM and the others as " +
        `numbers; ${notes.unknownResults} results are unknown, and the kernel's own text has them`,
    );
  }
  if (notes.untiedStores > 0) {
    said.push(`${notes.untiedStores} marked stores could not be tied to one mapping`);
  }
  return said;
}
