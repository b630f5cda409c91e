/**
 * Suites of cases for continuous integration, as JUnit XML and KTAP
 * (Documentation/dev-tools/ktap.rst).
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import { escaped, visible } from "./visible.ts";

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
    const head = `  <testsuite name="${inXml(name)}" tests="${cases.length}" ` +
      `failures="${count("failed")}" errors="${count("errored")}" skipped="${count("skipped")}">`;
    return [head, ...cases.map((each) => junitCase(name, each)), "  </testsuite>"].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...texts, "</testsuites>"]
    .join("\n");
}

function junitCase(suite: string, { name, outcome, says, seconds }: Case): string {
  const time = seconds === undefined ? "" : ` time="${seconds.toFixed(3)}"`;
  const open = `    <testcase name="${inXml(name)}" classname="${inXml(suite)}"${time}`;
  const message = `message="${inXml(says)}"`;
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
    lines.push(`${ok ? "ok" : "not ok"} ${n + 1} ${inKtap(name)}`);
  });
  return lines.join("\n");
}

function ktapCase(each: Case, number: number): string {
  const [name, text] = [inKtap(each.name), inKtap(each.says)];
  const says = text === "" ? "no reason is given" : text;
  return match(each.outcome)
    .with("passed", () => `ok ${number} ${name}`)
    .with("failed", () => `not ok ${number} ${name} # ${says}`)
    .with("errored", () => `not ok ${number} ${name} # undecided: ${says}`)
    .with("skipped", () => `ok ${number} ${name} # SKIP ${says}`)
    .exhaustive();
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);

/** Text for an attribute of XML, which has no place for most of what cannot be seen. */
function inXml(text: string): string {
  return visible(text).replace(/[&<>"]/g, (character) => entities.get(character) ?? character);
}

/** Text for a line of KTAP, in which `#` begins a directive or a diagnostic, and skips a case. */
function inKtap(text: string): string {
  return visible(text).replaceAll("#", escaped).trim();
}
