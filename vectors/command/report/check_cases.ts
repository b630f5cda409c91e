/**
 * Reports of `check` for continuous integration.
 *
 * A trace is a suite, an invariant a case. A breach is a failure; what is undecided is an error in
 * JUnit and fails in KTAP, because it must not pass for a pass; what is unexercised is skipped.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import type { InvariantResult } from "../../../model/check/verdict.ts";
import type { TraceResult } from "../../kernel/check_trace.ts";
import type { TraceHeader, TraceUnreadable } from "../../kernel/record.ts";
import { decidedByRecording } from "../../kernel/decided_by_recording.ts";
import { whyText } from "../../kernel/why_text.ts";
import { type Case, type CaseGroup, junitSuites, ktapSuites } from "./cases.ts";
import { planOf } from "./undecided_line.ts";

/** The results as one JUnit document. */
export function junitReport(
  results: readonly TraceResult[],
  unreadable: readonly TraceUnreadable[],
  made: Date,
): string {
  return junitSuites([...results.map(suiteOf), ...unreadable.map(unreadableSuite)], made);
}

/** The results as one KTAP stream. */
export function ktapReport(
  results: readonly TraceResult[],
  unreadable: readonly TraceUnreadable[] = [],
): string {
  return ktapSuites([...results.map(suiteOf), ...unreadable.map(unreadableSuite)]);
}

/** A file of which nothing can be said: it must not be absent from a report. */
function unreadableSuite(reason: TraceUnreadable): CaseGroup {
  const says = unreadableLine(reason);
  return { name: reason.file, ok: false, cases: [{ name: "read", outcome: "errored", says }] };
}

/** Why a file cannot be read, as one line. */
export function unreadableLine({ file, at, found, expected }: TraceUnreadable): string {
  const place = at === undefined ? "" : "line" in at ? `, line ${at.line}` : `, byte ${at.byte}`;
  return `${file}${place}: ${found}; expected ${expected}`;
}

function suiteOf({ path, kernel, header, events, verdict, invariants }: TraceResult): CaseGroup {
  const properties = [
    ["TESTCFG", path],
    ...kernel === undefined ? [] : [["KERNEL", kernel] as const],
    ["FORMAT", header.format],
    ["EVENTS", String(events)],
  ] as const;
  return {
    name: path,
    ok: verdict === "holds",
    properties,
    cases: invariants.map((each) => caseOf(each, header)),
  };
}

function caseOf(
  { id, verdict, breaches, more, why }: InvariantResult,
  { facts }: TraceHeader,
): Case {
  return match(verdict)
    .returnType<Case>()
    .with("holds", () => ({ name: id, outcome: "passed", says: "" }))
    .with("violated", () => {
      const lines = breaches.map(({ violation }) => violation.at.line);
      return { name: id, outcome: "failed", says: linesText(lines, more) };
    })
    .with("undecided", () => {
      const plan = why !== undefined && decidedByRecording(why) ? planOf([id]) : [];
      return { name: id, outcome: "errored", says: [whyText(why, facts), ...plan].join("; ") };
    })
    .with(
      "unexercised",
      () => ({ name: id, outcome: "skipped", says: whyText(why, facts) || "not exercised" }),
    )
    .exhaustive();
}

function linesText(lines: readonly number[], more: number): string {
  const shown = lines.slice(0, 10);
  const others = lines.length - shown.length + more;
  return `violated at line ${shown.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}
