/**
 * `pagespec conform -- COMMAND`: runs the suite against a driver that speaks the line protocol.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { match } from "../../model/match.ts";
import { type KnownFailure, readKnownFailures } from "../conform/known_failures.ts";
import type { Schedule } from "../conform/protocol.ts";
import { bundledSuite } from "../conform/bundled_suite.ts";
import { select } from "../conform/select.ts";
import type { Suite } from "../conform/suite.ts";
import { footerLine, junitReport, ktapReport, textReport } from "./report/conform_text.ts";
import { jsonReport } from "./report/conform_json.ts";
import { type Conformance, statusOf } from "../conform/result.ts";
import {
  complain,
  print,
  printDocument,
  printJson,
  printText,
  seesProgress,
  showProgress,
} from "./output.ts";
import type { AnyVector } from "../format/any_vector.ts";
import { pageScript } from "../page/page_script.ts";
import { conformDocument } from "./picture/conform_document.ts";
import { htmlPage } from "./picture/html_page.ts";
import { runSuite, type SuiteRun } from "../conform/run_suite.ts";

const formats = ["text", "json", "junit", "ktap", "html"] as const;
type Format = typeof formats[number];

/** Seconds in a day. */
const longestTimeout = 86_400;

/** What ends a run before its time, with a report of what was run. */
const stopSignals: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Runs the verb; returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  const [program, ...rest] = end < 0 ? [] : args.slice(end + 1);
  const { values, positionals } = parseArgs({
    args: [...own],
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      format: { type: "string", default: "text" },
      known: { type: "string" },
      only: { type: "string", multiple: true },
      schedule: { type: "string" },
      seed: { type: "string", default: "1" },
      suite: { type: "string" },
      timeout: { type: "string", default: "60" },
      trials: { type: "string", default: "200" },
      validate: { type: "boolean", default: false },
    },
  });
  const [extra] = positionals;
  if (extra !== undefined) return refuse(`expected the driver after --, not "${extra}"`);
  if (program === undefined) return refuse("expected the command of a driver after --");
  const format = formats.find((each) => each === values.format);
  if (format === undefined) {
    return refuse(`expected --format ${formats.join(", ")}, not "${values.format}"`);
  }
  const schedules = schedulesOf(values.schedule);
  if (schedules === undefined) {
    return refuse(`expected --schedule forced or sampled, not "${values.schedule}"`);
  }
  const trials = wholeNumber(values.trials, 1);
  if (trials === undefined) {
    return refuse(`expected a whole number above 0 for --trials, not "${values.trials}"`);
  }
  const seed = wholeNumber(values.seed, 0);
  if (seed === undefined) {
    return refuse(`expected a whole number for --seed, not "${values.seed}"`);
  }
  const seconds = Number(values.timeout);
  if (!(seconds > 0 && seconds <= longestTimeout)) {
    return refuse(`expected 0 to ${longestTimeout} seconds for --timeout, not "${values.timeout}"`);
  }
  const suite = values.suite === undefined ? bundledSuite() : await foreignSuite(values.suite);
  if (typeof suite === "string") return refuse(suite);
  const vectors = select(suite.vectors, values.only);
  if (typeof vectors === "string") return refuse(vectors);
  const handles = new Set(suite.vectors.map(({ handle }) => handle));
  const known = await readKnown(values.known, handles);
  if (typeof known === "string") return refuse(known);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  for (const signal of stopSignals) Deno.addSignalListener(signal, interrupt);
  const conformance = await runSuite({
    suite: suite.version,
    command: [program, ...rest],
    vectors,
    known,
    schedules,
    trials,
    seed,
    timeout: seconds * 1000,
    stop: stop.signal,
    ...await validation(values.validate),
    ...progress(),
    remark: (line) => complain(`driver: ${line}`),
  });
  for (const signal of stopSignals) Deno.removeSignalListener(signal, interrupt);
  if (format === "html") {
    const refused = await printPage(conformance, vectors);
    if (refused !== undefined) return refuse(refused);
  } else printReport(format, conformance, values.all);
  const status = statusOf(conformance);
  if (status === 2) refuse(footerLine(conformance));
  return status;
}

/** The number that a text of digits stands for, if it is this large at least. */
function wholeNumber(text: string, least: number): number | undefined {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  return number >= least ? number : undefined;
}

function schedulesOf(given: string | undefined): readonly Schedule["kind"][] | undefined {
  if (given === undefined) return ["forced", "sampled"];
  return given === "forced" || given === "sampled" ? [given] : undefined;
}

async function readKnown(
  path: string | undefined,
  handles: ReadonlySet<string>,
): Promise<readonly KnownFailure[] | string> {
  if (path === undefined) return [];
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch {
    return `${path}: expected a readable list of known failures`;
  }
  return readKnownFailures(text, path, handles);
}

/** A suite that is not ours, or what is wrong with it. What validates it takes a while to load. */
async function foreignSuite(folder: string): Promise<Suite | string> {
  const { readSuite } = await import("../conform/read_suite.ts");
  return readSuite(folder);
}

/** The check against the schema, loaded only where somebody asks for it. */
async function validation(wanted: boolean): Promise<Pick<SuiteRun, "validate">> {
  if (!wanted) return {};
  const { validator } = await import("../conform/validate.ts");
  return { validate: validator() };
}

/** Shows on a terminal how far a run has come. */
function progress(): Pick<SuiteRun, "progress"> {
  if (!seesProgress()) return {};
  return {
    progress: (done, of) => showProgress(done === of ? "" : `${done} of ${of} vectors`),
  };
}

/** Prints the page; returns why it cannot be made, if it cannot. */
async function printPage(
  conformance: Conformance,
  vectors: readonly AnyVector[],
): Promise<string | undefined> {
  const script = await pageScript("conform_page");
  if (typeof script !== "string") return script.refused;
  const document = conformDocument(conformance, vectors);
  printDocument(htmlPage({ title: document.counts, script, document }));
  return undefined;
}

function printReport(
  format: Exclude<Format, "html">,
  conformance: Conformance,
  all: boolean,
): void {
  match(format)
    .with("text", () => print(textReport(conformance, { all })))
    .with("json", () => printJson(jsonReport(conformance)))
    .with("junit", () => printText(junitReport(conformance, new Date())))
    .with("ktap", () => printText(ktapReport(conformance)))
    .exhaustive();
}

function refuse(line: string): number {
  complain(`pagespec conform: ${line}`);
  return 2;
}
