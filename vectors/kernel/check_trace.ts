/**
 * One recorded trace, from its records to verdicts.
 *
 * @module
 */
import {
  type Automaton,
  awaitsTask,
  type Check,
  checkObservation,
  createAutomaton,
  createCheck,
  finishCheck,
} from "../../model/check.ts";
import type { Observation } from "../../model/check/observation.ts";
import type { PageCacheObservation } from "../../model/check/page_cache/observation.ts";
import type { PageCacheCheck } from "../../model/check/page_cache/subject.ts";
import { type Doubt, type InvariantResult, summarise } from "../../model/check/verdict.ts";
import type { Loss, UntiedStores, Why } from "../../model/check/why.ts";
import type { Trace } from "./ftrace_text.ts";
import { shownClasses, tracepointsOf } from "./line_classes.ts";
import { createPageCacheJudge, mergeResults, type PageCacheNote } from "./page_cache/judge.ts";
import { between, selecting, type Selection } from "./selection.ts";
import type { RecordHead, TraceHeader, TraceRecord } from "./record.ts";
import { createTranslator, type Translator } from "./translate.ts";

/** A trace's verdict: `holds` only if something was judged and nothing is in doubt. */
export type TraceVerdict = "holds" | "violated" | "undecided";

/** What a reader must know to trust a verdict. */
export type Note =
  | Loss
  | UntiedStores
  /** Fault results that `trace-cmd report` does not print as they were. */
  | { readonly kind: "misprinted_results"; readonly count: number }
  /** The first line that is earlier than one before it of the same CPU. */
  | { readonly kind: "runs_backwards"; readonly line: number }
  | PageCacheNote;

/** What was found in one trace. */
export interface TraceResult {
  /** What the trace is called in reports. */
  readonly path: string;
  /** What the trace says of itself. */
  readonly header: TraceHeader;
  /** The kernel's version, if anybody told. */
  readonly kernel: string | undefined;
  /** Events that were read. */
  readonly events: number;
  /** Events that the recorder says it lost; undefined numbers count as one. */
  readonly lost: number;
  /** Lines that could not be read: line and what was expected. */
  readonly skipped: readonly { readonly line: number; readonly expected: string }[];
  /** The worst verdict of all that was exercised. */
  readonly verdict: TraceVerdict;
  /** A verdict for each invariant, in the order of the chapters. */
  readonly invariants: readonly InvariantResult[];
  /** What else a reader of the verdicts should know. */
  readonly notes: readonly Note[];
}

/** How to check. */
export interface CheckOptions {
  /** What to call the trace in reports. */
  readonly path: string;
  /** The version that was recorded, such as 6.12.107; undefined if nobody knows. */
  readonly kernel: string | undefined;
  /** Shared by checks that follow each other, so that a later one begins with what they have met. */
  readonly automaton?: Automaton;
  /** Whether files need stable pages, if the user says so; else the trace may tell. */
  readonly stableWrites?: boolean | undefined;
  /** The part of the trace that is judged; all of it if it is left out. */
  readonly selection?: Selection;
  /** Told now and then how far the check has come, in events. */
  readonly progress?: (events: number) => void;
}

/** Sees a check go by: for whoever wants more of it than its verdicts. */
export interface Onlooker {
  /** A record comes next: all before it has been checked. */
  readonly record: (check: Check, record: TraceRecord, pageCache: PageCacheCheck) => void;
  /** An observation has been checked. */
  readonly observed: (check: Check, observation: Observation) => void;
  /** An observation of the page cache has been checked. */
  readonly inPageCache?: (pageCache: PageCacheCheck, seen: PageCacheObservation) => void;
  /** The trace is over. */
  readonly end: (check: Check, pageCache: PageCacheCheck) => void;
}

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
  return await watchTrace(trace, options, undefined);
}

/** {@linkcode checkTrace}, with somebody who sees it go by; without one it costs nothing. */
export async function watchTrace(
  whole: Trace,
  options: CheckOptions,
  onlooker: Onlooker | undefined,
): Promise<TraceResult> {
  const { selection } = options;
  const isCut = selection?.since !== undefined || selection?.until !== undefined;
  const trace = isCut ? between(whole, selection) : whole;
  const skipped: { line: number; expected: string }[] = [];
  let skippedCount = 0;
  let events = 0;
  let lost = 0;
  let time = 0;
  const kernel = options.kernel ?? trace.header.kernel;
  const take = onlooker === undefined
    ? (seen: Observation) => checkObservation(check, seen)
    : (seen: Observation) => {
      checkObservation(check, seen);
      onlooker.observed(check, seen);
    };
  const translator = createTranslator(
    trace.header,
    { version: kernel },
    selection === undefined ? take : selecting(selection, take),
  );
  const seconds = trace.header.clock === "seconds";
  const check = createCheck(options.automaton ?? createAutomaton(), translator.completeness(), {
    clockError: seconds ? clockError : 1,
  });
  const pageCache = createPageCacheJudge(
    {
      clockError: seconds ? clockError : 1,
      stableWrites: options.stableWrites,
    },
    trace.header,
    selection,
    onlooker?.inPageCache,
  );
  let cpu = 0;
  let ties = 0;
  const latest = new Map<number, number>();
  let backwards: number | undefined;
  for await (const batch of trace.batches) {
    for (const record of batch) {
      onlooker?.record(check, record, pageCache.check);
      if (record.kind === "lost") lost += record.count ?? 1;
      else if (record.kind === "malformed") {
        if (!record.harmless) skippedCount++;
        if (skipped.length < namedLines) {
          skipped.push({ line: record.line, expected: record.expected });
        }
      } else {
        if (record.time === time && record.cpu !== cpu && !seconds) ties++;
        time = record.time;
        cpu = record.cpu;
        const before = latest.get(cpu) ?? time;
        if (time < before) backwards ??= record.line;
        latest.set(cpu, Math.max(time, before));
        if (awaitsTask(check, record.pid)) notice(check, record);
      }
      translator.translate(record);
      pageCache.take(record);
      check.completeness = translator.completeness();
    }
    events += batch.length;
    options.progress?.(events);
  }
  finishCheck(check, time);
  onlooker?.end(check, pageCache.check);
  const counts = trace.counts();
  const counted = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const found = counted + skippedCount;
  const losses = lossesOf(trace.header, check, found);
  const untrusted: Why | undefined = isThinnedOut(trace.header, found)
    ? { kind: "thinned_out" }
    : ties > oftenTied * counted
    ? { kind: "coarse_clock" }
    : undefined;
  const isComplete = isWhole(trace.header, found);
  const hasDax = [...counts.keys()].some((name) => name.startsWith("dax_"));
  const judged = pageCache.end({ loss: losses[0], untrusted, whole: isComplete }, hasDax);
  const dax = summarise(check, {
    shown: shownClasses,
    losses,
    untrusted,
    whole: isComplete,
    doubts: doubtsOf(counts, translator, check),
  });
  const invariants = mergeResults(dax, judged.results, hasDax);
  return {
    path: options.path,
    header: trace.header,
    kernel,
    events: counted,
    lost,
    skipped,
    verdict: overall(invariants),
    invariants,
    notes: [...notesOf(trace.header, translator, losses, backwards), ...judged.notes],
  };
}

function notice(check: Check, { line, time, cpu, task, pid }: RecordHead): void {
  const where = { line, time, cpu, task, pid, text: "is still running", role: "alive" } as const;
  checkObservation(check, { kind: "alive", where });
}

/** What the verdicts on some invariants come to. */
export function overall(invariants: readonly InvariantResult[]): TraceVerdict {
  if (invariants.some(({ verdict }) => verdict === "violated")) return "violated";
  if (invariants.some(({ verdict }) => verdict === "undecided")) return "undecided";
  return invariants.some(({ verdict }) => verdict === "holds") ? "holds" : "undecided";
}

function lossesOf(
  { entries }: TraceHeader,
  { findings: { gaps, gapCount } }: Check,
  found: number,
): readonly Loss[] {
  const losses: Loss[] = [...gaps];
  if (gapCount > gaps.length) losses.push({ kind: "more_gaps", count: gapCount - gaps.length });
  if (entries === undefined) return losses;
  const { inBuffer, written } = entries;
  if (written > inBuffer) losses.push({ kind: "overwritten", count: written - inBuffer });
  if (inBuffer !== found) losses.push({ kind: "taken_out", promised: inBuffer, found });
  return losses;
}

/** True if lines were taken out: what is absent then proves nothing, and most breaches rest on an absence. */
function isThinnedOut({ entries }: TraceHeader, found: number): boolean {
  return entries !== undefined && entries.inBuffer !== found;
}

/** True if the header counts as many events as the text has, and as were written. */
function isWhole({ entries }: TraceHeader, found: number): boolean {
  return entries !== undefined && entries.inBuffer === found && entries.written === found;
}

/** What the translation leaves in doubt of some invariants. */
function doubtsOf(
  counts: ReadonlyMap<string, number>,
  { notes }: Translator,
  { findings, files }: Check,
): readonly Doubt[] {
  const doubts: Doubt[] = [];
  const { uncleaned, nameless, crowded, untold, namelessRemoval } = findings;
  const { endlessFaults: count, untiedStore, untiedStores } = notes;
  const passes = tracepointsOf("passes");
  if (uncleaned !== undefined && !counts.has("dax_writeback_one")) {
    const why = { kind: "cleaning_unrecorded", line: uncleaned.first.line } as const;
    doubts.push({ concerns: { needs: "passes" }, against: "breach", why });
  } else if (count === 0 && !passes.some((name) => counts.has(name))) {
    const why = { kind: "passes_unrecorded" } as const;
    doubts.push({ concerns: { on: "sync_end" }, against: "breach", why });
  }
  if (count > 0) {
    const why = { kind: "endless_faults", count } as const;
    doubts.push({ concerns: { needs: "faults" }, against: "both", why });
  }
  if (namelessRemoval !== undefined) {
    const why = { kind: "nameless_removal", line: namelessRemoval.first.line } as const;
    doubts.push({ concerns: { on: "remove_entry" }, against: "kept", why });
  }
  if (nameless > 0) {
    const why = { kind: "nameless_syncs", count: nameless } as const;
    doubts.push({ concerns: { on: "sync_end" }, against: "kept", why });
  }
  if (untiedStore !== undefined && files.size > 0) {
    // Whether they faulted, or what they stored was flushed, nobody knows.
    const why = { kind: "untied_stores", line: untiedStore, count: untiedStores } as const;
    for (const concerns of [{ needs: "stores" }, { on: "crash" }] as const) {
      doubts.push({ concerns, against: "kept", why });
    }
  }
  if (untold > 0) {
    const why = { kind: "untold_syncs", count: untold } as const;
    doubts.push({ concerns: { on: "sync_end" }, against: "kept", why });
  }
  if (crowded > 0) {
    const why = { kind: "crowded_syncs", count: crowded } as const;
    doubts.push({ concerns: { on: "sync_end" }, against: "kept", why });
  }
  return doubts;
}

function notesOf(
  header: TraceHeader,
  { notes: { unknownResults, untiedStore: line, untiedStores: count } }: Translator,
  losses: readonly Loss[],
  backwards: number | undefined,
): readonly Note[] {
  const notes: Note[] = [...losses];
  if (backwards !== undefined) notes.push({ kind: "runs_backwards", line: backwards });
  if (header.format === "trace-cmd report") {
    notes.push({ kind: "misprinted_results", count: unknownResults });
  }
  if (line !== undefined) notes.push({ kind: "untied_stores", line, count });
  return notes;
}
