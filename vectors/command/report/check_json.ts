/**
 * The report as one JSON document, `schema/check.schema.json`.
 *
 * @module
 */
import type { BreachFound, Verdict } from "../../../model/check/verdict.ts";
import type { Invariant } from "../../../model/invariant.ts";
import { invariants } from "../../../model/invariants/catalogue.ts";
import type { TraceResult, TraceVerdict } from "../../kernel/check_trace.ts";
import type { TraceUnreadable } from "../../kernel/record.ts";
import type { RecordingFacts } from "../../kernel/recording/header_lines.ts";
import { decidedByRecording } from "../../kernel/decided_by_recording.ts";
import type { UnjudgedOccasions } from "../../../model/check/page_cache/why.ts";
import { missingText } from "../../kernel/page_cache/why_text.ts";
import { noteText, whyText } from "../../kernel/why_text.ts";
import { breachSays, stepsThatMatter } from "./breach_diagram.ts";

/** Version of the document's shape: a new one where a reader of the old would go wrong. */
const reportVersion = 1;

const byId: ReadonlyMap<string, Invariant> = new Map(invariants.map((each) => [each.id, each]));

/** An invariant of a trace in the document. */
interface ReportedInvariant {
  readonly id: string;
  readonly verdict: Verdict;
  readonly judged: number;
  readonly open: number;
  readonly breaches: readonly ReturnType<typeof breachJson>[];
  readonly more?: number;
  readonly why?: string;
  /** Occasions that were not judged, by reason, the most frequent one first. */
  readonly unjudged?: readonly ReturnType<typeof unjudgedJson>[];
  /** True if it is undecided, and the lines that `plan` switches on would decide it. */
  readonly recording_decides?: true;
}

/** A trace in the document. */
export interface ReportedTrace {
  readonly path: string;
  readonly kernel: string | null;
  /** The function that the kernel was made to leave out, where `record` wrote it down. */
  readonly skips?: string;
  /** Device, mount point, file system and options, where `record` wrote them down. */
  readonly mount?: string;
  readonly events: number;
  readonly lost: number;
  readonly verdict: TraceVerdict;
  readonly invariants: readonly ReportedInvariant[];
}

/** The document. */
export interface CheckReport {
  readonly version: number;
  readonly traces: readonly ReportedTrace[];
  /** Files of which nothing can be said. */
  readonly unreadable?: readonly ReturnType<typeof unreadableJson>[];
}

/** The document for some traces, as a value ready for `JSON.stringify`. */
export function jsonReport(
  results: readonly TraceResult[],
  unreadable: readonly TraceUnreadable[] = [],
): CheckReport {
  const traces = results.map(traceJson);
  if (unreadable.length === 0) return { version: reportVersion, traces };
  return { version: reportVersion, traces, unreadable: unreadable.map(unreadableJson) };
}

/** A file of which nothing can be said, and why. */
function unreadableJson({ file, at, found, expected }: TraceUnreadable) {
  return { path: file, ...at, found, expected };
}

function traceJson(result: TraceResult) {
  const { facts } = result.header;
  const { skips, mount } = facts ?? {};
  return {
    path: result.path,
    format: result.header.format,
    kernel: result.kernel ?? null,
    ...(skips === undefined ? {} : { skips }),
    ...(mount === undefined ? {} : { mount }),
    events: result.events,
    lost: result.lost,
    skipped: result.skipped,
    verdict: result.verdict,
    notes: result.notes.map(noteText),
    invariants: result.invariants.map((
      { id, verdict, judged, open, breaches, more, why, unjudged },
    ) => ({
      id,
      verdict,
      judged,
      open,
      breaches: breaches.map((breach) => breachJson(breach, byId.get(id))),
      ...(more === 0 ? {} : { more }),
      ...(why === undefined ? {} : { why: whyText(why, facts) }),
      ...(unjudged.length === 0
        ? {}
        : { unjudged: unjudged.map((each) => unjudgedJson(each, facts)) }),
      ...(verdict === "undecided" && why !== undefined && decidedByRecording(why)
        ? { recording_decides: true as const }
        : {}),
    })),
  };
}

function unjudgedJson(
  { missing, line, count }: UnjudgedOccasions,
  facts: RecordingFacts | undefined,
) {
  return { missing, line, count, why: missingText(missing, facts) };
}

function breachJson(
  breach: BreachFound,
  invariant: Invariant | undefined,
) {
  const { at } = breach.violation;
  return {
    line: at.line,
    time: at.time,
    cpu: at.cpu,
    task: at.task,
    pid: at.pid,
    dev: breach.file.dev,
    ino: breach.file.ino,
    index: breach.pgoffs[0] ?? 0,
    indices: breach.pgoffs,
    because: stepsThatMatter(breach).map(({ line, text }) => ({ line, text })),
    says: invariant === undefined ? "" : breachSays(invariant),
  };
}
