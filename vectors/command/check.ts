/**
 * `pagespec check [FILE...]`: judges recorded traces; with no file the bundled ones, each against its
 * card.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { match } from "../../model/match.ts";
import { createAutomaton } from "../../model/check.ts";
import {
  type CheckOptions,
  checkTrace,
  overall,
  type TraceResult,
  watchTrace,
} from "../kernel/check_trace.ts";
import { traceSource } from "../kernel/trace_source.ts";
import type { TraceUnreadable } from "../kernel/record.ts";
import { command } from "./called.ts";
import {
  complain,
  printDocument,
  printJson,
  printText,
  seesProgress,
  showProgress,
} from "./output.ts";
import { checkDocument, type CheckedTrace } from "./picture/check_document.ts";
import { htmlPage } from "./picture/html_page.ts";
import { viewerTrace } from "./picture/viewer_trace.ts";
import { pageScript } from "../page/page_script.ts";
import type { CheckDocument } from "../page/document.ts";
import { readCards, recordedFolder } from "../kernel/recorded_card.ts";
import { whyText } from "../kernel/why_text.ts";
import { partOf } from "./check_part.ts";
import { beliefAt } from "./report/belief.ts";
import { jsonReport } from "./report/check_json.ts";
import { junitReport, ktapReport, unreadableLine } from "./report/check_cases.ts";
import { differences, type RecordedResult, recordedTable } from "./report/recorded_table.ts";
import { textReport } from "./report/check_text.ts";
import { visible } from "./report/visible.ts";

/** The formats of a report. */
const formats = ["text", "json", "junit", "ktap", "html", "chrome"] as const;
type Format = typeof formats[number];

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
    options: {
      format: { type: "string", default: "text" },
      kernel: { type: "string" },
      "stable-writes": { type: "boolean" },
      all: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      inode: { type: "string" },
      device: { type: "string" },
      since: { type: "string" },
      until: { type: "string" },
      at: { type: "string" },
    },
  });
  const format = formats.find((each) => each === values.format);
  if (format === undefined) {
    return refuse(`expected --format ${formats.join(", ")}, not "${values.format}"`);
  }
  const { kernel, all } = values;
  const stableWrites = values["stable-writes"];
  if (kernel !== undefined && !/^\d+\.\d+(\.\d+)?([-+~].*)?$/.test(kernel)) {
    return refuse(`expected --kernel as 6.12 or 6.12.107, not "${kernel}"`);
  }
  const part = partOf(values);
  if (typeof part === "string") return refuse(part);
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
  const recorded = { kernel, stableWrites, ...part };
  if (values.at !== undefined) return await showBelief(positionals, values.at, recorded);
  return await checkFiles(positionals, format, recorded, all);
}

/** What the user says of the machine that was recorded, and what is asked of the trace. */
type Recorded = Pick<CheckOptions, "kernel" | "stableWrites" | "selection"> & {
  /** Ids of the invariants that are reported; all if there is none. */
  readonly only?: readonly string[];
};

/** `--at LINE`: what was believed before and after a line of each trace. */
async function showBelief(
  paths: readonly string[],
  at: string,
  { only: _, ...options }: Recorded,
): Promise<number> {
  if (!/^[1-9]\d*$/.test(at)) return refuse(`expected --at as the number of a line, not "${at}"`);
  let status = 0;
  for (const path of paths) {
    const trace = await (await traceSource(path, false)).open();
    if (trace.kind === "unreadable") {
      status = refuse(unreadableLine(trace.reason));
      continue;
    }
    const belief = beliefAt(Number(at));
    await watchTrace(trace, { path, ...options, automaton }, belief.onlooker);
    printText(`${visible(path)}:${at}: ${belief.text()}`);
  }
  return status;
}

async function checkFiles(
  paths: readonly string[],
  format: Format,
  recorded: Recorded,
  all: boolean,
): Promise<number> {
  const checks: CheckedTrace[] = [];
  const seen = new Map<TraceResult, ReadonlyMap<string, number>>();
  const unreadable: TraceUnreadable[] = [];
  for (const path of paths) {
    const checked = await checkFile(path, recorded, format === "html" || format === "chrome");
    if ("found" in checked) {
      refuse(unreadableLine(checked));
      unreadable.push(checked);
      continue;
    }
    const { result, counts } = checked;
    seen.set(result, counts);
    checks.push(checked);
    if (format === "text") {
      printText(textReport(result, { diagrams: all ? Infinity : fewDiagrams }));
    }
  }
  const results = checks.map(({ result }) => result);
  if (format === "html") {
    const most = all ? Infinity : fewPictures;
    const refused = await printPage(await checkDocument(checks, unreadable, { most }));
    if (refused !== undefined) return refuse(refused);
  } else if (format === "chrome") printJson(await viewerTrace(checks));
  else printResults(format, results, unreadable);
  const undecided = results.filter(({ verdict }) => verdict === "undecided");
  for (const result of undecided) refuse(undecidedLine(result, seen.get(result) ?? new Map()));
  if (results.some(({ verdict }) => verdict === "violated")) return 1;
  return unreadable.length + undecided.length > 0 ? 2 : 0;
}

async function checkRecorded(format: Format): Promise<number> {
  const cards = await readCards(recordedFolder);
  if (typeof cards === "string") return refuse(cards);
  const results: RecordedResult[] = [];
  const checks: CheckedTrace[] = [];
  const shown = new Set<CheckedTrace>();
  for (const card of cards) {
    const checked = await checkFile(
      `${recordedFolder}/${card.trace}`,
      { kernel: card.kernel },
      true,
    );
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
      printText(`  ${card.learn}\n`);
    }
    printText(recordedSummary(wrong.length));
  }
  if (format === "html") {
    // What teaches most comes first.
    checks.sort((one, other) => Number(shown.has(other)) - Number(shown.has(one)));
    const refused = await printPage(await checkDocument(checks, [], { most: fewRecorded }));
    if (refused !== undefined) return refuse(refused);
  } else if (format === "chrome") printJson(await viewerTrace(checks));
  else printResults(format, results.map(({ result }) => result));
  for (const line of wrong) complain(`pagespec check: ${line}`);
  return wrong.length === 0 ? 0 : 1;
}

/** What was found in a trace, and how many events of each name are in it. */
interface Checked extends CheckedTrace {
  readonly counts: ReadonlyMap<string, number>;
}

/** What the exit status rests on: these kernels are known, and most of them to be broken. */
function recordedSummary(wrong: number): string {
  return wrong === 0
    ? "every verdict is the one of its card, so the exit status is 0, violations included"
    : `${wrong} verdicts are not those of their cards, so the exit status is 1`;
}

async function checkFile(
  path: string,
  recorded: Recorded,
  again: boolean,
): Promise<Checked | TraceUnreadable> {
  const source = await traceSource(path, again);
  const trace = await source.open();
  if (trace.kind === "unreadable") return trace.reason;
  const { only = [], ...about } = recorded;
  const options = { path, ...about, automaton };
  const result = await withProgress(
    path,
    (progress) => checkTrace(trace, { ...options, progress }),
  );
  return { result: onlyThese(result, only), counts: trace.counts(), source, options };
}

/** The result with these invariants alone; with all, if there is none. */
function onlyThese(result: TraceResult, ids: readonly string[]): TraceResult {
  if (ids.length === 0) return result;
  const invariants = result.invariants.filter(({ id }) => ids.includes(id));
  return { ...result, invariants, verdict: overall(invariants) };
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
  format: Exclude<Format, "html" | "chrome">,
  results: readonly TraceResult[],
  unreadable: readonly TraceUnreadable[] = [],
): void {
  match(format)
    .with("text", () => {})
    .with("json", () => printJson(jsonReport(results, unreadable)))
    .with("junit", () => printText(junitReport(results, unreadable)))
    .with("ktap", () => printText(ktapReport(results, unreadable)))
    .exhaustive();
}

function undecidedLine(
  { path, invariants }: TraceResult,
  counts: ReadonlyMap<string, number>,
): string {
  const first = invariants.find(({ verdict }) => verdict === "undecided");
  if (first !== undefined) {
    const plan = `\`${command(`plan ${first.id}`)}\` prints what to record`;
    return `${path}: ${first.id} is undecided: ${whyText(first.why)}; ${plan}`;
  }
  const plan = `\`${command("plan")}\` prints what to record`;
  return `${path}: nothing in this trace exercises an invariant: it has ${
    sightings(counts)
  }; ${plan}`;
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
