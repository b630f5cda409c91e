/**
 * Suites of cases for continuous integration, as JUnit XML and KTAP
 * (Documentation/dev-tools/ktap.rst).
 *
 * @module
 */
import { match } from "../../../model/match.ts";

/** What came of a case. What nobody could judge fails in KTAP too: it must not pass for a pass. */
export interface Case {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "errored" | "skipped";
  /** One sentence for all but a pass. */
  readonly says: string;
  readonly seconds?: number;
}

/** Cases that belong together. */
export interface Suite {
  readonly name: string;
  readonly ok: boolean;
  readonly cases: readonly Case[];
}

/** The suites as one JUnit document. */
export function junitSuites(suites: readonly Suite[]): string {
  const texts = suites.map(({ name, cases }) => {
    const count = (outcome: Case["outcome"]): number =>
      cases.filter((each) => each.outcome === outcome).length;
    const head = `  <testsuite name="${escape(name)}" tests="${cases.length}" ` +
      `failures="${count("failed")}" errors="${count("errored")}" skipped="${count("skipped")}">`;
    return [head, ...cases.map((each) => junitCase(name, each)), "  </testsuite>"].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...texts, "</testsuites>"]
    .join("\n");
}

function junitCase(suite: string, { name, outcome, says, seconds }: Case): string {
  const time = seconds === undefined ? "" : ` time="${seconds.toFixed(3)}"`;
  const open = `    <testcase name="${escape(name)}" classname="${escape(suite)}"${time}`;
  const message = `message="${escape(says)}"`;
  return match(outcome)
    .with("passed", () => `${open}/>`)
    .with("failed", () => `${open}><failure ${message}/></testcase>`)
    .with("errored", () => `${open}><error ${message}/></testcase>`)
    .with("skipped", () => `${open}><skipped ${message}/></testcase>`)
    .exhaustive();
}

/** The suites as one KTAP stream. */
export function ktapSuites(suites: readonly Suite[]): string {
  const lines = ["KTAP version 1", `1..${suites.length}`];
  suites.forEach(({ name, ok, cases }, n) => {
    lines.push("  KTAP version 1", `  1..${cases.length}`);
    cases.forEach((each, m) => lines.push(`  ${ktapCase(each, m + 1)}`));
    lines.push(`${ok ? "ok" : "not ok"} ${n + 1} ${name}`);
  });
  return lines.join("\n");
}

function ktapCase({ name, outcome, says }: Case, number: number): string {
  return match(outcome)
    .with("passed", () => `ok ${number} ${name}`)
    .with("failed", () => `not ok ${number} ${name} # ${says}`)
    .with("errored", () => `not ok ${number} ${name} # undecided: ${says}`)
    .with("skipped", () => `ok ${number} ${name} # SKIP ${says}`)
    .exhaustive();
}

/** Text for an attribute of XML. Control characters have no place in XML at all. */
function escape(text: string): string {
  const named = new Map([["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ['"', "&quot;"]]);
  return text.replace(/[&<>"]/g, (character) => named.get(character) ?? character)
    // deno-lint-ignore no-control-regex -- these are the characters meant
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "?");
}
