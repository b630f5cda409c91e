/**
 * The report of a run: as text, and as cases for continuous integration.
 *
 * @module
 */
import { match } from "../../../model/match.ts";
import { counted } from "../../format/counted.ts";
import { command } from "../called.ts";
import { type Case, type CaseGroup, junitSuites, ktapSuites } from "./cases.ts";
import type { Painted, ReportLine } from "./line.ts";
import {
  type Conformance,
  countsText,
  imageLines,
  type JudgedObservation,
  statusOf,
  unseenLines,
  type VectorResult,
  type VectorVerdict,
} from "../../conform/result.ts";

/** Vectors of one reason that are named, unless all are asked for. */
const fewHandles = 3;

/** The report for people: what went wrong in full, the rest in numbers; everything with `all`. */
export function textReport(
  conformance: Conformance,
  { all }: { readonly all: boolean },
): readonly ReportLine[] {
  const { results, complaints } = conformance;
  const shown = results.filter((each) =>
    (all || each.verdict !== "passed") && each.verdict !== "skipped" && !isSilent(each)
  );
  return [
    ...headerLines(conformance),
    "",
    ...shown.flatMap((each) => vectorLines(each)),
    ...reasonLines("errored", results.filter(isSilent), all ? Infinity : fewHandles),
    ...reasonLines(
      "skipped",
      results.filter(({ verdict }) => verdict === "skipped"),
      all ? Infinity : 0,
    ),
    ...imageLines(results),
    ...unseenLines(results),
    ...complaints,
    footerLine(conformance),
  ];
}

/** Who was tested, which suite and how, and the driver's command: a line each. */
export function headerLines(
  { suite, command, implementation, schedules, trials, seed }: Conformance,
): readonly string[] {
  const who = implementation === undefined
    ? "no driver introduced itself"
    : [implementation.name, implementation.version, implementation.details].filter(Boolean).join(
      " ",
    );
  const how = schedules.map((each) =>
    each === "forced" ? "forced schedules" : `${trials} sampled runs a vector, seed ${seed}`
  );
  const asked = how.length === 0 ? "" : `, ${how.join(" and ")}`;
  return [who, `suite ${suite}${asked}`, `driver: ${command.join(" ")}`];
}

/** How many vectors came to what: the last line of every report. */
export function footerLine({ results, notRun }: Conformance): string {
  return countsText(results, notRun);
}

function vectorLines(
  { handle, verdict, why, invariants, observed, images }: VectorResult,
): readonly ReportLine[] {
  const broken = invariants.length === 0 ? "" : `, breaks ${invariants.join(" or ")}`;
  const head = [painted(verdict), ` ${handle}${broken}`];
  const says = why === undefined || observed.length > 0 ? [] : [`  ${why}`];
  const listed = verdict === "unexpected" && observed.length > 0 ? [`  ${why}`] : [];
  const more = verdict === "failed" || verdict === "unexpected"
    ? [`  More: ${command(`explain ${handle}`)}`]
    : [];
  const cut = images === undefined ? [] : [`  ${images.tried} images of ${images.possible}`];
  return [head, ...says, ...listed, ...observed.map(histogramLine), ...cut, ...more];
}

function histogramLine(each: JudgedObservation): ReportLine {
  const count = String(each.count).padStart(8);
  if (each.kind === "allowed") return `${count}  ${each.text}`;
  const text = `${count}  ${each.text}  forbidden: ${each.invariants.join(" or ")}`;
  return [{ colour: "red", text }];
}

function painted(verdict: VectorVerdict): Painted {
  const colour = match(verdict)
    .returnType<Painted["colour"]>()
    .with("passed", () => "green")
    .with("failed", "unexpected", () => "red")
    .with("known", "errored", "skipped", () => "yellow")
    .exhaustive();
  return { colour, text: verdict };
}

/** True if nothing came of a vector, and there is only a reason to print. */
function isSilent({ verdict, observed }: VectorResult): boolean {
  return verdict === "errored" && observed.length === 0;
}

/** Vectors by the reason that they share, the first of them by name. */
function reasonLines(
  verdict: "errored" | "skipped",
  results: readonly VectorResult[],
  named: number,
): readonly ReportLine[] {
  const reasons = Map.groupBy(results, ({ why }) => why ?? "");
  return [...reasons].flatMap(([why, vectors]) => [
    [painted(verdict), ` ${vectors.length}: ${why}`],
    ...vectors.slice(0, named).map(({ handle }) => `  ${handle}`),
  ]);
}

/** The run as a JUnit document. */
export function junitReport(conformance: Conformance, made: Date): string {
  return junitSuites(suitesOf(conformance), made);
}

/** The run as a KTAP stream. */
export function ktapReport(conformance: Conformance): string {
  return ktapSuites(suitesOf(conformance));
}

/** One suite; what cannot be said of a vector is a case of its own, so that no report is empty. */
function suitesOf(conformance: Conformance): readonly CaseGroup[] {
  const { results, complaints, notRun } = conformance;
  const more = [...complaints, ...notRun > 0 ? [`${counted(notRun, "vector")} not run`] : []];
  if (results.every(({ verdict }) => verdict === "skipped")) more.push("nothing was run");
  const cases = results.map(caseOf).concat(
    more.map((says) => ({ name: "run", outcome: "errored", says })),
  );
  return [{ name: "conform", ok: statusOf(conformance) === 0, cases }];
}

function caseOf({ handle, verdict, why, invariants, milliseconds }: VectorResult): Case {
  const broken = invariants.length === 0 ? "" : ` (breaks ${invariants.join(" or ")})`;
  const outcome = match(verdict)
    .returnType<Case["outcome"]>()
    .with("passed", () => "passed")
    .with("failed", "unexpected", () => "failed")
    .with("known", "skipped", () => "skipped")
    .with("errored", () => "errored")
    .exhaustive();
  const says = verdict === "known"
    ? `known failure: ${why ?? ""}${broken}`
    : `${why ?? ""}${broken}`;
  return { name: handle, outcome, says, seconds: milliseconds / 1000 };
}
