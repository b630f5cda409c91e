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
export interface CaseGroup {
  readonly name: string;
  readonly ok: boolean;
  /** What was tested, by names that readers of fstests' reports know: `KERNEL`, `TESTCFG`. */
  readonly properties?: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly Case[];
}

/**
 * The suites as one JUnit document, with all that doc/xunit.xsd of fstests requires but its name space,
 * which its own readers do not expect. A suite that is alone is the root, as fstests writes it. What was
 * not timed took 0 seconds; the host is not asked for.
 *
 * @param made when the report is made, printed in UTC
 */
export function junitSuites(suites: readonly CaseGroup[], made: Date): string {
  const [only, ...others] = suites;
  const texts = only !== undefined && others.length === 0 ? [junitSuite(only, "", made)] : [
    "<testsuites>",
    ...suites.map((each, id) =>
      junitSuite(each, ` package="${inXml(each.name)}" id="${id}"`, made)
    ),
    "</testsuites>",
  ];
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...texts].join("\n");
}

function junitSuite(
  { name, properties = [], cases }: CaseGroup,
  place: string,
  made: Date,
): string {
  const count = (outcome: Case["outcome"]): number =>
    cases.filter((each) => each.outcome === outcome).length;
  const seconds = cases.reduce((sum, each) => sum + (each.seconds ?? 0), 0);
  return [
    `  <testsuite name="${inXml(name)}"${place} tests="${cases.length}" ` +
    `failures="${count("failed")}" errors="${count("errored")}" skipped="${count("skipped")}" ` +
    `time="${seconds.toFixed(3)}" timestamp="${made.toISOString().slice(0, 19)}" ` +
    'hostname="localhost">',
    "    <properties>",
    ...properties.map(([name, value]) =>
      `      <property name="${inXml(name)}" value="${inXml(value)}"/>`
    ),
    "    </properties>",
    ...cases.map((each) => junitCase(name, each)),
    "  </testsuite>",
  ].join("\n");
}

function junitCase(suite: string, { name, outcome, says, seconds = 0 }: Case): string {
  const open = `    <testcase name="${inXml(name)}" classname="${inXml(suite)}" time="${
    seconds.toFixed(3)
  }"`;
  const message = `message="${inXml(says)}"`;
  return match(outcome)
    .with("passed", () => `${open}/>`)
    .with("failed", () => `${open}><failure type="violated" ${message}/></testcase>`)
    .with("errored", () => `${open}><error type="undecided" ${message}/></testcase>`)
    .with("skipped", () => `${open}><skipped ${message}/></testcase>`)
    .exhaustive();
}

/** The suites as one KTAP stream. */
export function ktapSuites(suites: readonly CaseGroup[]): string {
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
