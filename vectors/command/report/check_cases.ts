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
import { whyText } from "../../kernel/why_text.ts";
import { type Case, junitSuites, ktapSuites, type Suite } from "./cases.ts";

/** The results as one JUnit document. */
export function junitReport(results: readonly TraceResult[]): string {
  return junitSuites(results.map(suiteOf));
}

/** The results as one KTAP stream. */
export function ktapReport(results: readonly TraceResult[]): string {
  return ktapSuites(results.map(suiteOf));
}

function suiteOf({ path, verdict, invariants }: TraceResult): Suite {
  return { name: path, ok: verdict === "holds", cases: invariants.map(caseOf) };
}

function caseOf({ id, verdict, breaches, more, why }: InvariantResult): Case {
  return match(verdict)
    .returnType<Case>()
    .with("holds", () => ({ name: id, outcome: "passed", says: "" }))
    .with("violated", () => {
      const lines = breaches.map(({ violation }) => violation.at.line);
      return { name: id, outcome: "failed", says: linesText(lines, more) };
    })
    .with("undecided", () => ({ name: id, outcome: "errored", says: whyText(why) }))
    .with(
      "unexercised",
      () => ({ name: id, outcome: "skipped", says: whyText(why) || "not exercised" }),
    )
    .exhaustive();
}

function linesText(lines: readonly number[], more: number): string {
  const shown = lines.slice(0, 10);
  const others = lines.length - shown.length + more;
  return `violated at line ${shown.join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}
