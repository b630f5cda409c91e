/**
 * Why a verdict is what it is, in words: what is missing, and what to record to get it.
 *
 * @module
 */
import { match } from "../../model/match.ts";
import type { EventLoss, Undecided, UntiedStores, Why } from "../../model/check/why.ts";
import type { LineClass } from "../../model/line_class.ts";
import type { TraceNote } from "./check_trace.ts";
import type { RecordingFacts } from "./recording/header_lines.ts";
import { tracepointsOf } from "./line_classes.ts";
import { numbersText, pageCacheWhyText } from "./page_cache/why_text.ts";

/** What no line shows, or none that is read. */
const classText: Readonly<Record<LineClass, string>> = {
  faults: "faults",
  holes: "loads of holes",
  passes: "writeback passes",
  visits: "what mkclean visits",
  unmaps: "calls that unmap",
  syncs: "sync calls",
  removals: "removals",
  stores: "stores",
  sizes: "the size of a file",
  flushes: "flushes",
  blocks: "allocation and removal of blocks",
  "direct-io": "direct I/O",
  reads: "buffered reads",
  writebacks: "writeback of folios",
  folios: "folios that enter or leave the page cache",
  values: "what a read returned",
  entries: "XArray entries",
  marks: "marks",
  "entry-lock": "the entry lock",
  locks: "locks",
  wakeups: "who sleeps on an entry",
  "page-tables": "page tables",
  contents: "what a block holds",
  crash: "what survives a crash",
};

/**
 * One sentence without its first capital and its full stop; empty where there is nothing to say.
 *
 * @param facts the header of the recording, if it has one: what it lists is not what is missing
 */
export function whyText(why: Why | undefined, facts?: RecordingFacts): string {
  return match(why)
    .with(undefined, () => "")
    .with(
      { kind: "not_shown" },
      ({ needs }) =>
        `no line that is read shows ${needs.map((each) => classText[each]).join(" or ")}`,
    )
    .with(
      { kind: "only_breach_shown" },
      () => "a recording shows only its breach, and there is none",
    )
    .with(
      { kind: "implied" },
      ({ by }) => `implied by the breach of ${by}; a recording holds no crash`,
    )
    .with(
      { kind: "no_store_followed" },
      ({ occasions }) =>
        `${occasions === 1 ? "one occasion was" : `${occasions} occasions were`} left open, ` +
        "but no store followed",
    )
    .with(
      { kind: "looks_broken" },
      ({ line, but }) => `it looks broken at line ${line}, but ${whyText(but, facts)}`,
    )
    .with({ kind: "event_missing" }, () => "around there some event is missing")
    .with(
      { kind: "left_out" },
      () =>
        "a pass around there has left out an entry that was DIRTY: a dax_writeback_one may be missing",
    )
    .with(
      { kind: "uncounted" },
      () =>
        "this text does not count its events, and the writeback of the entry may be missing: tracefs' " +
        "own text counts them, and trace.dat tells what was lost",
    )
    .with(
      { kind: "thinned_out" },
      () => "lines were taken out of the trace, and it may rest on one of them",
    )
    .with(
      { kind: "coarse_clock" },
      () => "its clock counts so slowly that the order of two CPUs' events is not known: use mono",
    )
    .with(
      { kind: "out_of_order" },
      ({ line }) =>
        `line ${line} is earlier than one before it, as where lines stand twice, two recordings or the ` +
        "buffers of two CPUs are one text, or trace_pipe gave a line late: check each by itself, and " +
        "of trace_pipe a file, in which lines are put in their places that are up to 100 ms late",
    )
    .with(
      { kind: "cleaning_unrecorded" },
      ({ line }) =>
        `the pass that ended at line ${line} should have cleaned an entry that was DIRTY, but no ` +
        "dax_writeback_one up to there tells of any: record it, if it is not",
    )
    .with(
      { kind: "endless_faults" },
      ({ count }) =>
        `${count} faults have no end: dax_pte_fault_done, dax_pmd_fault_done or both are not recorded`,
    )
    .with({ kind: "untied_stores" }, untiedText)
    .with(
      { kind: "passes_unrecorded" },
      () => `the trace has none of ${tracepointsOf("passes").join(", ")}: are they recorded?`,
    )
    .with(
      { kind: "misfit" },
      ({ at: { line, text } }) =>
        `line ${line} (${text}) does not fit what came before it: an event is missing, or a call that ` +
        "is not recorded (mprotect, madvise) came between",
    )
    .with(
      { kind: "fits_marking_kernels" },
      ({ at: { line, text } }) =>
        `line ${line} (${text}) fits what came before it in no released kernel, but 6.0 and 6.1, where ` +
        "read faults mark entries: name the kernel with --kernel; if it is neither, an event is missing",
    )
    .with(
      { kind: "departs" },
      ({ at: { line, text } }) =>
        `line ${line} (${text}) fits what came before it in no released kernel: an event is missing, ` +
        "or this kernel has a bug of its own",
    )
    .with(
      { kind: "unseen_removal" },
      ({ line }) =>
        `before line ${line} an entry was removed, and no recorded call did that: record the calls that ` +
        "truncate, ext4:ext4_truncate_enter or xfs:xfs_itruncate_extents_start, and " +
        "xfs:xfs_reflink_remap_range",
    )
    .with(
      { kind: "nameless_removal" },
      ({ line }) =>
        `no event names the file of the call that returned at line ${line}: record ` +
        "ext4:ext4_punch_hole and its like, or xfs:xfs_free_file_space and its like",
    )
    .with(
      { kind: "nameless_syncs" },
      ({ count }) =>
        `${count} sync calls returned 0 while entries were DIRTY, and no event names their files: ` +
        "record ext4:ext4_sync_file_enter or xfs:xfs_file_fsync",
    )
    .with(
      { kind: "untold_syncs" },
      ({ count }) =>
        `of ${count} sync calls that came while entries were DIRTY no line tells what they returned, ` +
        "or of which pages they were: record the entries and exits of fsync, fdatasync and msync, " +
        "and fs_dax:dax_writeback_range",
    )
    .with(
      { kind: "crowded_syncs" },
      ({ count }) => `${count} sync calls were too many at once to be judged`,
    )
    .with(
      { kind: "open" },
      ({ at: { line, text }, more, unknown }) =>
        openText(line, text, more > 0 ? ` (and ${more} more)` : "", unknown),
    )
    .with(
      { kind: "rests_on_absence" },
      { kind: "unjudged_calls" },
      { kind: "unmarked_stores" },
      { kind: "stable_not_needed" },
      { kind: "stable_not_shown" },
      (each) => pageCacheWhyText(each, facts),
    )
    .otherwise(lossText);
}

function untiedText({ line, count }: UntiedStores): string {
  return count === 1
    ? `the marked store at line ${line} is not judged: no fault of its task tells its mapping`
    : `${count} marked stores, the first at line ${line}, are not judged: no fault of their tasks ` +
      "tells their mappings";
}

/** What else may have removed an entry, and what would tell. */
const truncated =
  "the file may have been truncated by path or by open(2) before. A fault on the page later on " +
  "tells, so load it at the end; or record ext4:ext4_truncate_enter or " +
  "xfs:xfs_itruncate_extents_start";

function openText(line: number, text: string, others: string, unknown: Undecided): string {
  return match(unknown)
    .with(
      "protection",
      () =>
        `whether the pass that ended at line ${line}${others} protected every mapping is not shown: ` +
        "no probe on pfn_mkclean_range or follow_invalidate_pte decides it, and no fault or marked " +
        "store follows",
    )
    .with(
      "kernel",
      () =>
        `whether the call at line ${line}${others} deleted the PMD entry is not shown: name the ` +
        "kernel with --kernel, or fsync before the trace ends",
    )
    .with(
      "newer_kernel",
      () =>
        `whether the call at line ${line}${others} deleted the PMD entry is not shown: kernels up to ` +
        "7.2 do, and this one is newer; fsync before the trace ends",
    )
    .with(
      "remover",
      () =>
        `what removed the entry before line ${line}${others} is not shown: the trace has no fallocate ` +
        "and no ftruncate, so that these may not be recorded",
    )
    .with(
      "presence_at_removal",
      () =>
        `whether the entry was still there when the call at line ${line}${others} removed it is not ` +
        `shown: ${truncated}`,
    )
    .with(
      "presence_at_sync",
      () =>
        `whether the entry was still there when the call that returned at line ${line}${others} passed ` +
        `over it is not shown: ${truncated}`,
    )
    .with(
      "breach",
      () =>
        `line ${line} (${text})${others} fits what came before it with and without a breach, and ` +
        "nothing later tells which",
    )
    .exhaustive();
}

function lossText(loss: EventLoss): string {
  return match(loss)
    .with(
      { kind: "lost" },
      ({ line, cpu, count }) =>
        // A page that tells of a loss is of events that the stats have counted already: 0 more.
        `${count === undefined || count === 0 ? "events" : `${count} events`} were lost` +
        `${cpu === undefined ? "" : ` on CPU ${cpu}`} before line ${line}`,
    )
    .with(
      { kind: "unread_line" },
      ({ line, expected }) => `line ${line} cannot be read (expected ${expected})`,
    )
    .with(
      { kind: "unread_fields" },
      ({ line, event }) => `line ${line}: the fields of ${event} cannot be read`,
    )
    .with(
      { kind: "half" },
      ({ line, of, lacks, begun }) =>
        `${of}${
          begun === undefined ? "" : ` at line ${begun}`
        } has no ${lacks} before line ${line}: ` +
        "an event is missing",
    )
    .with(
      { kind: "overwritten" },
      ({ count }) => `${count} events were overwritten before the trace was read`,
    )
    .with(
      { kind: "taken_out" },
      ({ promised, found }) =>
        `the kernel counted ${promised} events, and here are ${found}: some were taken out`,
    )
    .with({ kind: "more_gaps" }, ({ count }) => `... and ${count} more gaps`)
    .exhaustive();
}

/** A note in words: one sentence without its first capital and its full stop. */
export function noteText(note: TraceNote): string {
  return match(note)
    .with({ kind: "page_cache" }, ({ numbers }) => numbersText(numbers))
    .with(
      { kind: "no_barriers" },
      () =>
        "mounted with nobarrier, which says that the device loses nothing that it has acknowledged: " +
        "no flush is asked for",
    )
    .with(
      { kind: "silent_syncs" },
      ({ fileSystem }) =>
        `no line that is read tells of a sync call on ${fileSystem}: what fsync promises there is ` +
        "not judged (DUR-1, DUR-2, META-2)",
    )
    .with({ kind: "idle" }, ({ ids, why }) => `${ids.join(", ")}: ${whyText(why)}`)
    .with(
      { kind: "misprinted_results" },
      ({ count }) =>
        "trace-cmd report misprints DAX fault results: it prints none as OOM and the others as " +
        (count === 0
          ? "numbers"
          : `numbers; ${count} results are unknown, and the kernel's own text has them`),
    )
    .with(
      { kind: "losses_untold" },
      () => "perf script names what perf has lost only if it is asked to: --show-lost-events",
    )
    .with(
      { kind: "runs_backwards" },
      ({ line }) =>
        `line ${line} is earlier than one before it: the lines are not in the order in which they ` +
        "happened, so what seems to be missing may stand elsewhere",
    )
    .with(
      { kind: "late_lines" },
      ({ late: { line, count, most } }) =>
        `${
          count === 1 ? `line ${line} stands` : `${count} lines stand, line ${line} first,`
        } behind later ones of other CPUs, by up to ${
          (most / 1e6).toPrecision(2)
        } ms, as trace_pipe gives them: each is judged where its time is, and lines are numbered so`,
    )
    .with(
      { kind: "probes_lack" },
      ({ functions }) =>
        `no probe on ${
          functions.join(", ")
        } could be defined, which the other probes need; what is ` +
        "broken only if a line is surely absent is left undecided",
    )
    .with(
      { kind: "probes_missed" },
      ({ count }) =>
        (count === undefined
          ? "kprobes may have missed what interrupts do, and the trace does not tell: kprobe_profile does"
          : `kprobes have missed ${count} hits, of what interrupts do`) +
        "; what is broken only if a line is surely absent is left undecided",
    )
    .with({ kind: "untied_stores" }, untiedText)
    .otherwise(lossText);
}
