/**
 * `pagespec check [FILE...]`: judges recorded traces; with no file the bundled ones, each against its
 * card.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { match } from "../../model/match.ts";
import { createAutomaton } from "../../model/check.ts";
import type { TraceResult } from "../kernel/check_trace.ts";
import { judgeSource } from "../kernel/check_recording.ts";
import { observationsWriter } from "../kernel/observations/write_observations.ts";
import { traceSource } from "../kernel/trace_source.ts";
import type { TraceHeader, TraceUnreadable } from "../kernel/record.ts";
import { command } from "./called.ts";
import {
  complain,
  printBytes,
  printDocument,
  printJson,
  printJsonLine,
  printJsonLines,
  printsOnTerminal,
  printText,
} from "./output.ts";
import { checkDocument, type CheckedTrace } from "./picture/check_document.ts";
import { htmlPage } from "./picture/html_page.ts";
import { perfettoTrace } from "./picture/perfetto_trace.ts";
import { type ViewerTrace, viewerTrace } from "./picture/viewer_trace.ts";
import { pageScript } from "../page/page_script.ts";
import type { CheckDocument } from "../page/document.ts";
import { readCards, recordedFolder } from "../kernel/recorded_card.ts";
import {
  checkFile,
  type CheckRequest,
  type JudgedTrace,
  judgeFiles,
  threadsFor,
} from "./check_file.ts";
import { askedOf, checkOptions, type Format } from "./check_options.ts";
import { beliefAt } from "./report/belief.ts";
import { jsonReport } from "./report/check_json.ts";
import { kcidbReport } from "./report/check_kcidb.ts";
import { junitReport, ktapReport, unreadableLine } from "./report/check_cases.ts";
import { differences, type RecordedResult, recordedTable } from "./report/recorded_table.ts";
import { textReport } from "./report/check_text.ts";
import { hanging } from "./report/hanging.ts";
import { undecidedLine } from "./report/undecided_line.ts";
import { visible } from "./report/visible.ts";

/** One for all files of a run. */
const automaton = createAutomaton();

/** Diagrams an invariant, unless `--all` is given. */
const fewDiagrams = 2;

/** Pictures an invariant and trace, unless `--all` is given; of the bundled recordings fewer say it. */
const fewPictures = 200;
const fewRecorded = 3;

/** Runs the verb; returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: checkOptions,
  });
  const asked = askedOf(values);
  if (typeof asked === "string") return refuse(asked);
  const { format, part } = asked;
  if (format === "perfetto" && printsOnTerminal()) {
    return refuse("expected standard output in a file: --format perfetto is no text");
  }
  const { kernel, all, instance } = values;
  const stableWrites = values["stable-writes"];
  const threads = asked.jobs ?? await threadsFor(positionals);
  if (format === "observations" && positionals.length !== 1) {
    return refuse("expected one FILE: a file of observations is of one trace");
  }
  if (positionals.length === 0) {
    const { format: _, ...others } = values;
    if (Object.values(others).flat().some((value) => value !== undefined && value !== false)) {
      return refuse("expected a FILE: of options the bundled recordings take --format alone");
    }
    return await checkRecorded(format);
  }
  if (positionals.filter((path) => path === "-").length > 1) {
    return refuse("expected standard input once: there is one - too many");
  }
  const recorded = { kernel, stableWrites, instance, ...part };
  if (values.at !== undefined) return await showBelief(positionals, values.at, recorded);
  return await checkFiles(positionals, format, recorded, all, threads);
}

/** `--at LINE`: what was believed before and after a line of each trace. */
async function showBelief(
  paths: readonly string[],
  at: string,
  { only: _, instance, ...options }: CheckRequest,
): Promise<number> {
  let status = 0;
  for (const path of paths) {
    const source = await traceSource(path, false, instance);
    const belief = beliefAt(Number(at));
    const judged = await judgeSource(
      source,
      { path, ...options, automaton },
      () => belief.onlooker,
    );
    if ("found" in judged) {
      status = refuse(unreadableLine(judged));
      continue;
    }
    const text = belief.text();
    if (text === undefined) status = refuse(`${path}: line ${at} holds no event of this trace`);
    else printText(`${visible(path)}:${at}: ${text}`);
  }
  return status;
}

async function checkFiles(
  paths: readonly string[],
  format: Format,
  recorded: CheckRequest,
  all: boolean,
  threads: number,
): Promise<number> {
  const checks: CheckedTrace[] = [];
  const seen = new Map<TraceResult, ReadonlyMap<string, number>>();
  const unreadable: TraceUnreadable[] = [];
  const take = (checked: JudgedTrace | TraceUnreadable): void => {
    if ("found" in checked) {
      refuse(unreadableLine(checked));
      unreadable.push(checked);
    } else seen.set(checked.result, checked.counts);
    if (format === "ndjson") {
      const [some, none] = "found" in checked ? [[], [checked]] : [[checked.result], []];
      printJsonLine(jsonReport(some, none));
    }
    if (format === "text" && !("found" in checked)) {
      printText(textReport(checked.result, { diagrams: all ? Infinity : fewDiagrams }));
    }
  };
  if (format === "observations") {
    const writer = (header: TraceHeader) => observationsWriter(header, printJsonLines);
    for (const path of paths) take(await checkFile(path, recorded, false, automaton, writer));
  } else if (format === "html" || format === "chrome" || format === "perfetto") {
    for (const path of paths) {
      const checked = await checkFile(path, recorded, true, automaton);
      take(checked);
      if (!("found" in checked)) checks.push(checked);
    }
  } else await takeAll(judgeFiles(paths, recorded, threads, automaton), format === "ndjson", take);
  const results = [...seen.keys()];
  if (format === "html") {
    const most = all ? Infinity : fewPictures;
    const refused = await printPage(await checkDocument(checks, unreadable, { most }));
    if (refused !== undefined) return refuse(refused);
  } else if (format === "chrome" || format === "perfetto") {
    printViewerTrace(format, await viewerTrace(checks));
  } else printResults(format, results, unreadable);
  const undecided = results.filter(({ verdict }) => verdict === "undecided");
  for (const result of undecided) {
    const [reported] = jsonReport([result]).traces;
    const line = reported && undecidedLine(reported);
    refuse(line ?? idleLine(result, seen.get(result) ?? new Map()));
  }
  if (results.some(({ verdict }) => verdict === "violated")) return 1;
  return unreadable.length + undecided.length > 0 ? 2 : 0;
}

/** Takes what comes of files: as it comes, or in the order in which the files were named. */
async function takeAll(
  outcomes: ReturnType<typeof judgeFiles>,
  asItComes: boolean,
  take: (judged: JudgedTrace | TraceUnreadable) => void,
): Promise<void> {
  const waiting = new Map<number, JudgedTrace | TraceUnreadable>();
  let next = 0;
  for await (const { place, judged } of outcomes) {
    if (asItComes) take(judged);
    else waiting.set(place, judged);
    for (let first = waiting.get(next); first !== undefined; first = waiting.get(next)) {
      waiting.delete(next++);
      take(first);
    }
  }
}

async function checkRecorded(format: Format): Promise<number> {
  const cards = await readCards(recordedFolder);
  if (typeof cards === "string") return refuse(cards);
  const results: RecordedResult[] = [];
  const checks: CheckedTrace[] = [];
  const shown = new Set<CheckedTrace>();
  for (const card of cards) {
    const path = `${recordedFolder}/${card.trace}`;
    const checked = await checkFile(path, { kernel: card.kernel }, true, automaton);
    if ("found" in checked) return refuse(unreadableLine(checked));
    const result = { ...checked.result, path: card.trace };
    results.push({ card, result });
    const check = { ...checked, result, learn: card.learn };
    checks.push(check);
    if (card.show) shown.add(check);
  }
  const wrong = results.flatMap(differences);
  if (format === "text") {
    printText(recordedTable(results) + "\n");
    for (const { card, result } of results) {
      if (!card.show) continue;
      const violated = result.invariants.filter(({ verdict }) => verdict === "violated");
      printText(textReport({ ...result, invariants: violated, notes: [] }, { diagrams: 1 }));
      printText(`${hanging("  ", card.learn, 2)}\n`);
    }
    printText(recordedSummary(wrong.length));
  }
  if (format === "html") {
    // What teaches most comes first.
    checks.sort((one, other) => Number(shown.has(other)) - Number(shown.has(one)));
    const refused = await printPage(await checkDocument(checks, [], { most: fewRecorded }));
    if (refused !== undefined) return refuse(refused);
  } else if (format === "chrome" || format === "perfetto") {
    printViewerTrace(format, await viewerTrace(checks));
  } else printResults(format, results.map(({ result }) => result));
  for (const line of wrong) complain(`pagespec check: ${line}`);
  return wrong.length === 0 ? 0 : 1;
}

/** What the exit status rests on: these kernels are known, and most of them to be broken. */
function recordedSummary(wrong: number): string {
  return wrong === 0
    ? "every verdict is the one of its card, so the exit status is 0, violations included"
    : `${wrong} verdicts are not those of their cards, so the exit status is 1`;
}

function printViewerTrace(format: "chrome" | "perfetto", trace: ViewerTrace): void {
  match(format)
    .with("chrome", () => printJson(trace))
    .with("perfetto", () => printBytes(perfettoTrace(trace.traceEvents)))
    .exhaustive();
}

/** Prints the page; returns why it cannot be made, if it cannot. */
async function printPage(document: CheckDocument): Promise<string | undefined> {
  const script = await pageScript("check_page");
  if (typeof script !== "string") return script.refused;
  const [only, ...others] = document.traces;
  const title = only !== undefined && others.length === 0
    ? `${only.name}: ${only.verdict}`
    : `${document.traces.length} traces`;
  printDocument(htmlPage({ title, script, document }));
  return undefined;
}

function printResults(
  format: Exclude<Format, "html" | "chrome" | "perfetto">,
  results: readonly TraceResult[],
  unreadable: readonly TraceUnreadable[] = [],
): void {
  match(format)
    .with("text", "ndjson", "observations", () => {})
    .with("json", () => printJson(jsonReport(results, unreadable)))
    .with("kcidb", () => printJson(kcidbReport(jsonReport(results, unreadable))))
    .with("junit", () => printText(junitReport(results, unreadable, new Date())))
    .with("ktap", () => printText(ktapReport(results, unreadable)))
    .exhaustive();
}

/** For a trace in which nothing is judged. */
function idleLine({ path, header }: TraceResult, counts: ReadonlyMap<string, number>): string {
  const plan = `\`${command("plan")}\` prints what to record`;
  const [, folder] = header.facts?.mount?.split(" ") ?? [];
  const where = folder === undefined
    ? ""
    : `of files, only those of the file system at ${folder} were recorded; `;
  return `${path}: nothing in this trace exercises an invariant: it has ${
    sightings(counts)
  }; ${where}${plan}`;
}

/** Names of events that are listed. */
const fewNames = 4;

/** What is in a trace, the most frequent first: `120 sched_switch, 3 sys_enter_fsync`. */
function sightings(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return "no events";
  const shown = sorted.slice(0, fewNames).map(([name, count]) => `${count} ${name}`).join(", ");
  const more = sorted.length - fewNames;
  return more > 0 ? `${shown} and ${more} other kinds` : shown;
}

function refuse(line: string): number {
  complain(`pagespec check: ${line}`);
  return 2;
}
