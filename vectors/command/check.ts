/**
 * `pagespec check [FILE...]`: judges recorded traces; with no file the bundled ones, each against its
 * card.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { match } from "../../model/match.ts";
import { createAutomaton } from "../../model/check.ts";
import { checkTrace, type TraceResult } from "../kernel/check_trace.ts";
import { openTrace } from "../kernel/open_trace.ts";
import type { TraceUnreadable } from "../kernel/record.ts";
import { complain, printJson, printText, seesProgress, showProgress } from "./output.ts";
import { readCards, recordedFolder } from "../kernel/recorded_card.ts";
import { whyText } from "../kernel/why_text.ts";
import { jsonReport } from "./report/check_json.ts";
import { junitReport, ktapReport } from "./report/check_cases.ts";
import { differences, type RecordedResult, recordedTable } from "./report/recorded_table.ts";
import { textReport } from "./report/check_text.ts";

/** The formats of a report. */
const formats = ["text", "json", "junit", "ktap"] as const;
type Format = typeof formats[number];

/** One for all files of a run. */
const automaton = createAutomaton();

/** Diagrams an invariant, unless `--all` is given. */
const fewDiagrams = 2;

/** Runs the verb; returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: "string", default: "text" },
      kernel: { type: "string" },
      all: { type: "boolean", default: false },
    },
  });
  const format = formats.find((each) => each === values.format);
  if (format === undefined) {
    return refuse(`expected --format ${formats.join(", ")}, not "${values.format}"`);
  }
  const { kernel, all } = values;
  if (kernel !== undefined && !/^\d+\.\d+(\.\d+)?([-+~].*)?$/.test(kernel)) {
    return refuse(`expected --kernel as 6.12 or 6.12.107, not "${kernel}"`);
  }
  if (positionals.length === 0) {
    if (kernel !== undefined || all) return refuse("expected a FILE with --kernel or --all");
    return await checkRecorded(format);
  }
  if (positionals.filter((path) => path === "-").length > 1) {
    return refuse("expected standard input once: there is one - too many");
  }
  return await checkFiles(positionals, format, kernel, all ? Infinity : fewDiagrams);
}

async function checkFiles(
  paths: readonly string[],
  format: Format,
  kernel: string | undefined,
  diagrams: number,
): Promise<number> {
  const results: TraceResult[] = [];
  let refused = 0;
  for (const path of paths) {
    const result = await checkFile(path, kernel);
    if ("found" in result) {
      refused += refuse(unreadableLine(result)) === 0 ? 0 : 1;
      continue;
    }
    results.push(result);
    if (format === "text") printText(textReport(result, { diagrams }));
  }
  printResults(format, results);
  const undecided = results.filter(({ verdict }) => verdict === "undecided");
  for (const result of undecided) refuse(undecidedLine(result));
  if (results.some(({ verdict }) => verdict === "violated")) return 1;
  return refused + undecided.length > 0 ? 2 : 0;
}

async function checkRecorded(format: Format): Promise<number> {
  const cards = await readCards(recordedFolder);
  if (typeof cards === "string") return refuse(cards);
  const results: RecordedResult[] = [];
  for (const card of cards) {
    const result = await checkFile(`${recordedFolder}/${card.trace}`, card.kernel);
    if ("found" in result) return refuse(unreadableLine(result));
    results.push({ card, result: { ...result, path: card.trace } });
  }
  const wrong = results.flatMap(differences);
  if (format === "text") {
    printText(recordedTable(results) + "\n");
    for (const { card, result } of results) {
      if (!card.show) continue;
      const violated = result.invariants.filter(({ verdict }) => verdict === "violated");
      printText(textReport({ ...result, invariants: violated, notes: [] }, { diagrams: 1 }));
      printText(`  ${card.learn}\n`);
    }
  }
  printResults(format, results.map(({ result }) => result));
  for (const line of wrong) complain(`pagespec check: ${line}`);
  return wrong.length === 0 ? 0 : 1;
}

async function checkFile(
  path: string,
  kernel: string | undefined,
): Promise<TraceResult | TraceUnreadable> {
  const trace = await openTrace(path);
  if (trace.kind === "unreadable") return trace.reason;
  return await withProgress(
    path,
    (progress) => checkTrace(trace, { path, kernel, automaton, progress }),
  );
}

/** Shows on a terminal how far a long check has come, and wipes it when done. */
async function withProgress<T>(
  path: string,
  work: (progress: (events: number) => void) => Promise<T>,
): Promise<T> {
  if (!seesProgress()) return await work(() => {});
  let shown = 0;
  const result = await work((events) => {
    if (events - shown < 50_000) return;
    shown = events;
    showProgress(`${path}: ${events} events`);
  });
  if (shown > 0) showProgress("");
  return result;
}

function printResults(format: Format, results: readonly TraceResult[]): void {
  match(format)
    .with("text", () => {})
    .with("json", () => printJson(jsonReport(results)))
    .with("junit", () => printText(junitReport(results)))
    .with("ktap", () => printText(ktapReport(results)))
    .exhaustive();
}

function unreadableLine({ file, at, found, expected }: TraceUnreadable): string {
  const place = at === undefined ? "" : "line" in at ? `, line ${at.line}` : `, byte ${at.byte}`;
  return `${file}${place}: ${found}; expected ${expected}`;
}

function undecidedLine({ path, invariants }: TraceResult): string {
  const first = invariants.find(({ verdict }) => verdict === "undecided");
  return first === undefined
    ? `${path}: nothing in this trace exercises an invariant`
    : `${path}: ${first.id} is undecided: ${whyText(first.why)}`;
}

function refuse(line: string): number {
  complain(`pagespec check: ${line}`);
  return 2;
}
