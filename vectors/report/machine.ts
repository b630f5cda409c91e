/**
 * Reports for continuous integration: JUnit XML and KTAP (Documentation/dev-tools/ktap.rst).
 *
 * A trace is a suite, an invariant a case. A breach is a failure; what is undecided is an error in
 * JUnit and fails in KTAP, because it must not pass for a pass; what is unexercised is skipped.
 *
 * @module
 */
import { match } from "ts-pattern";
import type { InvariantResult } from "../../model/check/verdict.ts";
import type { TraceResult } from "../check_trace.ts";

/** The results as one JUnit document. */
export function junitReport(results: readonly TraceResult[]): string {
  const suites = results.map(({ path, invariants }) => {
    const count = (verdict: InvariantResult["verdict"]): number =>
      invariants.filter((each) => each.verdict === verdict).length;
    const head = `  <testsuite name="${escape(path)}" tests="${invariants.length}" ` +
      `failures="${count("violated")}" errors="${count("undecided")}" ` +
      `skipped="${count("unexercised")}">`;
    return [head, ...invariants.map((each) => junitCase(path, each)), "  </testsuite>"].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>"]
    .join("\n");
}

function junitCase(path: string, { id, verdict, breaches, why }: InvariantResult): string {
  const open = `    <testcase name="${id}" classname="${escape(path)}"`;
  return match(verdict)
    .with("holds", () => `${open}/>`)
    .with("violated", () => {
      const lines = breaches.map(({ violation }) => violation.at.line);
      return `${open}><failure message="${escape(linesText(lines))}"/></testcase>`;
    })
    .with("undecided", () => `${open}><error message="${escape(why ?? "")}"/></testcase>`)
    .with("unexercised", () => `${open}><skipped message="${escape(why ?? "")}"/></testcase>`)
    .exhaustive();
}

/** The results as one KTAP stream. */
export function ktapReport(results: readonly TraceResult[]): string {
  const lines = ["KTAP version 1", `1..${results.length}`];
  results.forEach((result, n) => {
    lines.push("  KTAP version 1", `  1..${result.invariants.length}`);
    result.invariants.forEach((each, m) => lines.push(`  ${ktapCase(each, m + 1)}`));
    lines.push(`${result.verdict === "holds" ? "ok" : "not ok"} ${n + 1} ${result.path}`);
  });
  return lines.join("\n");
}

function ktapCase({ id, verdict, breaches, why }: InvariantResult, number: number): string {
  return match(verdict)
    .with("holds", () => `ok ${number} ${id}`)
    .with("violated", () => {
      const lines = breaches.map(({ violation }) => violation.at.line);
      return `not ok ${number} ${id} # ${linesText(lines)}`;
    })
    .with("undecided", () => `not ok ${number} ${id} # undecided: ${why ?? ""}`)
    .with("unexercised", () => `ok ${number} ${id} # SKIP ${why ?? "not exercised"}`)
    .exhaustive();
}

function linesText(lines: readonly number[]): string {
  const shown = lines.slice(0, 10).join(", ");
  return `violated at line ${shown}${lines.length > 10 ? ` and ${lines.length - 10} more` : ""}`;
}

function escape(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (character) =>
      character === "&"
        ? "&amp;"
        : character === "<"
        ? "&lt;"
        : character === ">"
        ? "&gt;"
        : "&quot;",
  );
}
