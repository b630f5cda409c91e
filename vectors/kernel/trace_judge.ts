/**
 * What a trace comes to: its observations in, whoever read them, and verdicts out.
 *
 * @module
 */
import { type Check, type CheckerAutomaton, createAutomaton } from "../../model/check.ts";
import type { Completeness } from "../../model/check/completeness.ts";
import type { Where } from "../../model/check/observation.ts";
import {
  type AnyObservation,
  createRecordingCheck,
  finish,
  observe,
  type RecordingUnderCheck,
} from "../../model/check/recording.ts";
import { showsPageCache, summarise } from "../../model/check/summary.ts";
import type { Doubt, InvariantResult } from "../../model/check/verdict.ts";
import type { EventLoss, UntiedStores, Why } from "../../model/check/why.ts";
import { lackingProbes } from "./recording/essential_probes.ts";
import { shownClasses } from "./line_classes.ts";
import {
  blockSizeOf,
  type PageCacheNote,
  pageCacheNotes,
  stableWritesOf,
  syncsShownBy,
  writeCacheOf,
} from "./page_cache/notes.ts";
import { isThinnedOut, isWhole, lossesOf } from "./event_counts.ts";
import { selecting, type Selection } from "./selection.ts";
import { judgedSoFar, type SoFar } from "./so_far.ts";
import type { LateLines } from "./clock_order.ts";
import type { RecordHead, TraceHeader, TraceRecord } from "./record.ts";
import type { TranslationNotes } from "./translate/translation.ts";

/** A trace's verdict: `holds` only if something was judged and nothing is in doubt. */
export type TraceVerdict = "holds" | "violated" | "undecided";

/** What a reader must know to trust a verdict. */
export type TraceNote =
  | EventLoss
  | UntiedStores
  /** Fault results that `trace-cmd report` does not print as they were. */
  | { readonly kind: "misprinted_results"; readonly count: number }
  /** A text of perf script, which may have been told not to name what was lost. */
  | { readonly kind: "losses_untold" }
  /** The first line that is earlier than one before it. */
  | { readonly kind: "runs_backwards"; readonly line: number }
  /** Lines of the text stand behind later ones of other CPUs; they were judged where their times are. */
  | { readonly kind: "late_lines"; readonly late: LateLines }
  /**
   * Kprobes have missed hits, of what interrupts do; how many is undefined where the trace does not tell.
   * What a line of theirs would have shown may have happened.
   */
  | { readonly kind: "probes_missed"; readonly count: number | undefined }
  /** Probes that the others need could not be defined. */
  | { readonly kind: "probes_lack"; readonly functions: readonly string[] }
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
  /**
   * Lines that stand behind later ones of other CPUs, where each CPU's are in order and none is late by more
   * than 100 ms: `trace_pipe` has given them late, and they were judged where they stand.
   */
  readonly late: LateLines | undefined;
  /** What else a reader of the verdicts should know. */
  readonly notes: readonly TraceNote[];
}

/** How to check. */
export interface CheckOptions {
  /** What to call the trace in reports. */
  readonly path: string;
  /** The version that was recorded, such as 6.12.107; undefined if nobody knows. */
  readonly kernel: string | undefined;
  /** Shared by checks that follow each other, so that a later one begins with what they have met. */
  readonly automaton?: CheckerAutomaton;
  /** Whether files need stable pages, if the user says so; else the trace may tell. */
  readonly stableWrites?: boolean | undefined;
  /** The part of the trace that is judged; all of it if it is left out. */
  readonly selection?: Selection;
  /** Called now and then with how far the check has come, in events. */
  readonly progress?: (events: number, soFar: () => readonly SoFar[]) => void;
}

/** The place of an observation that was read as one: what it was read from is not at hand. */
export interface ObservedAt extends Where {
  readonly kind: "observed";
}

/** Sees a check go by: for whoever wants more of it than its verdicts. */
export interface Onlooker {
  /** A record comes next: all before it has been checked. */
  readonly record: (check: RecordingUnderCheck, record: TraceRecord | ObservedAt) => void;
  /** An observation has been checked. */
  readonly observed: (check: RecordingUnderCheck, seen: AnyObservation) => void;
  /** The trace is over: nothing more is checked. */
  readonly end: (check: RecordingUnderCheck, end: TraceEnd) => void;
}

/** What the end of a trace tells of the whole: of its lines, and of what the reader made of them. */
export interface TraceEnd {
  /** Time of the last event. */
  readonly time: number;
  /** Events that were read. */
  readonly events: number;
  /** Events that the recorder says it lost. */
  readonly lost: number;
  /** Lines that may have been events, and could not be read. */
  readonly unread: number;
  /** Lines that could not be read; the first of them. */
  readonly skipped: TraceResult["skipped"];
  /** The first line that is earlier than one before it of the same CPU; or of another, by a millisecond. */
  readonly backwards: number | undefined;
  /** True if the clock does not tell the order of two CPUs' events. */
  readonly coarseClock: boolean;
  /** True if some event is of DAX. */
  readonly dax: boolean;
  /** True if the cleaning of entries was recorded: `dax_writeback_one`. */
  readonly cleanings: boolean;
  /** True if writeback passes over DAX files were recorded. */
  readonly passes: boolean;
  /** True if all tasks on all CPUs seem to have been recorded. */
  readonly everybody: boolean;
  /** What the translation leaves in doubt. */
  readonly notes: Readonly<TranslationNotes>;
}

/** A judge of one trace. */
export interface TraceJudge {
  readonly check: RecordingUnderCheck;
  /** Takes what a line shows. */
  readonly observe: (seen: AnyObservation) => void;
  /** A task that the check waits for has done something: it has not exited. */
  readonly notice: (head: RecordHead) => void;
  /** What was judged so far. */
  readonly soFar: () => readonly SoFar[];
  /** The trace is over. */
  readonly end: (end: TraceEnd, late?: LateLines) => TraceResult;
}

/**
 * By how much the clocks of two CPUs may differ, in nanoseconds: what the kernel's clocks promise is
 * less than a timer tick, what they keep is a few microseconds. A clock that counts (`counter`,
 * `uptime`) is one for all CPUs; of ticks, which are nanoseconds or less, it is as many.
 */
const clockError = 5_000;

/** A judge that has seen nothing but what the trace says of itself. */
export function createTraceJudge(
  header: TraceHeader,
  completeness: Completeness,
  options: CheckOptions,
  onlooker: Onlooker | undefined,
): TraceJudge {
  const { selection } = options;
  const kernel = options.kernel ?? header.kernel;
  const settings = {
    clockError: header.clock === "count" ? 1 : clockError,
    stableWrites: options.stableWrites ?? stableWritesOf(header),
  };
  const automaton = options.automaton ?? createAutomaton();
  const check = createRecordingCheck(automaton, completeness, settings);
  for (const known of [writeCacheOf(header), blockSizeOf(header), ...syncsShownBy(header)]) {
    if (known !== undefined) observe(check, known);
  }
  const take = onlooker === undefined
    ? (seen: AnyObservation) => observe(check, seen)
    : (seen: AnyObservation) => {
      observe(check, seen);
      onlooker.observed(check, seen);
    };
  return {
    check,
    observe: selection === undefined ? take : selecting(selection, take),
    notice({ line, time, cpu, task, pid }) {
      const where = {
        line,
        time,
        cpu,
        task,
        pid,
        text: "is still running",
        role: "alive",
      } as const;
      take({ kind: "alive", where });
    },
    soFar: () => judgedSoFar(check),
    end(end, late) {
      finish(check, end.time);
      onlooker?.end(check, end);
      const found = end.events + end.unread;
      const losses = lossesOf(header, check.dax, found);
      const disordered = end.backwards === undefined
        ? undefined
        : { kind: "out_of_order", line: end.backwards } as const;
      const untrusted: Why | undefined = isThinnedOut(header, found)
        ? { kind: "thinned_out" }
        : end.coarseClock
        ? { kind: "coarse_clock" }
        : disordered;
      const reading = {
        shown: shownClasses,
        losses,
        disordered,
        untrusted,
        whole: isWhole(header, found) && unprobed(header, end).length === 0,
        counted: check.dax.completeness.counted,
        everybody: end.everybody,
        dax: end.dax,
        doubts: doubtsOf(end, check.dax),
      };
      const invariants = summarise(check, reading);
      const ofPageCache = showsPageCache(check.pageCache, reading)
        ? pageCacheNotes(header, check.pageCache, invariants)
        : [];
      return {
        path: options.path,
        header,
        kernel,
        events: end.events,
        lost: end.lost,
        skipped: end.skipped,
        verdict: overall(invariants),
        invariants,
        late,
        notes: [...notesOf(header, end, losses), ...ofPageCache],
      };
    },
  };
}

/** What the verdicts on some invariants come to. */
export function overall(invariants: readonly InvariantResult[]): TraceVerdict {
  if (invariants.some(({ verdict }) => verdict === "violated")) return "violated";
  if (invariants.some(({ verdict }) => verdict === "undecided")) return "undecided";
  return invariants.some(({ verdict }) => verdict === "holds") ? "holds" : "undecided";
}

/** What the probes of a recording do not show, though others of them lead one to expect it. */
function unprobed(
  { facts }: TraceHeader,
  { notes: { joinedReturns } }: TraceEnd,
): readonly TraceNote[] {
  const notes: TraceNote[] = [];
  const functions = lackingProbes(facts?.probes ?? []);
  if (functions.length > 0) notes.push({ kind: "probes_lack", functions });
  const count = facts?.missed;
  const missed = count === undefined ? joinedReturns > 0 : count > 0;
  if (missed) notes.push({ kind: "probes_missed", count });
  return notes;
}

/** What the translation leaves in doubt of some invariants. */
function doubtsOf(
  { notes, cleanings, passes }: TraceEnd,
  { findings, files }: Check,
): readonly Doubt[] {
  const doubts: Doubt[] = [];
  const { uncleaned, nameless, crowded, untold, namelessRemoval } = findings;
  const { endlessFaults: count, untiedStore, untiedStores } = notes;
  if (uncleaned !== undefined && !cleanings) {
    const why = { kind: "cleaning_unrecorded", line: uncleaned.first.line } as const;
    doubts.push({ concerns: { needs: "passes" }, against: "breach", why });
  } else if (count === 0 && !passes) {
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
  end: TraceEnd,
  losses: readonly EventLoss[],
): readonly TraceNote[] {
  const { notes: { unknownResults, untiedStore: line, untiedStores: count }, backwards } = end;
  const notes: TraceNote[] = [...losses, ...unprobed(header, end)];
  if (backwards !== undefined) notes.push({ kind: "runs_backwards", line: backwards });
  if (header.format === "trace-cmd report") {
    notes.push({ kind: "misprinted_results", count: unknownResults });
  }
  if (header.format === "perf script" && end.lost === 0) notes.push({ kind: "losses_untold" });
  if (line !== undefined) notes.push({ kind: "untied_stores", line, count });
  return notes;
}
