/**
 * `pagespec merge REPORT...`: joins reports of `check`, which were made file by file, on any number of
 * machines.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { match } from "../../model/match.ts";
import { systemError } from "../format/system_error.ts";
import { complain, printJson, printText } from "./output.ts";
import type { CheckReport } from "./report/check_json.ts";
import { kcidbReport } from "./report/check_kcidb.ts";
import { readReport } from "./report/read_report.ts";
import { undecidedLine } from "./report/undecided_line.ts";
import { visible } from "./report/visible.ts";

const formats = ["text", "json", "kcidb"] as const;

/** Runs the verb; returns its exit status. */
export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: paths } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { format: { type: "string", default: "text" } },
  });
  const format = formats.find((each) => each === values.format);
  if (format === undefined) {
    return refuse(`expected --format ${formats.join(", ")}, not "${values.format}"`);
  }
  if (paths.length === 0) return refuse("expected a REPORT of `check --format ndjson` or `json`");
  const reports: CheckReport[] = [];
  for (const path of paths) {
    const text = await textOf(path);
    if (typeof text !== "string") return refuse(`${path}: ${text.refused}`);
    const foreign = foreignReport(text);
    if (foreign !== undefined) {
      const expected = "expected what `check --format json` or `ndjson` prints of the same traces";
      return refuse(`${path}: ${foreign}, which lacks lines and reasons; ${expected}`);
    }
    const documents = documentsOf(text);
    if (documents.length === 0) {
      return refuse(`${path}: an empty file; expected a report of \`check\``);
    }
    for (const [at, document] of documents.entries()) {
      const report = document === undefined ? "it is no JSON" : readReport(document);
      if (typeof report === "string") {
        return refuse(`${path}, report ${at + 1}: expected a report of \`check\`; ${report}`);
      }
      reports.push(report);
    }
  }
  const merged = join(reports);
  if (merged.traces.length === 0 && merged.unreadable === undefined) {
    return refuse("expected a trace in one of the reports");
  }
  match(format)
    .with("text", () => printText(merged.traces.map(traceLine).join("\n")))
    .with("json", () => printJson(merged))
    .with("kcidb", () => printJson(kcidbReport(merged)))
    .exhaustive();
  for (const { path, found } of merged.unreadable ?? []) refuse(`${path}: ${found}`);
  for (const trace of merged.traces) {
    if (trace.verdict !== "undecided") continue;
    refuse(undecidedLine(trace) ?? `${trace.path}: nothing in this trace exercises an invariant`);
  }
  if (merged.traces.some(({ verdict }) => verdict === "violated")) return 1;
  const undecided = merged.traces.some(({ verdict }) => verdict === "undecided");
  return undecided || (merged.unreadable ?? []).length > 0 ? 2 : 0;
}

async function textOf(path: string): Promise<string | { readonly refused: string }> {
  try {
    if (path === "-") return await new Response(Deno.stdin.readable).text();
    return await Deno.readTextFile(path);
  } catch (error) {
    return { refused: systemError(error) };
  }
}

/** A report of `check` from which no other can be made, if it is one. */
function foreignReport(text: string): string | undefined {
  if (/^\s*<\?xml/.test(text)) return "a JUnit report";
  return /^\s*(?:K?TAP version|1\.\.\d+$)/m.test(text.slice(0, 200)) ? "a KTAP report" : undefined;
}

/** The documents of a file: one of JSON, or one a line; undefined for a line that is none. */
function documentsOf(text: string): readonly unknown[] {
  const whole = parsed(text);
  if (whole !== undefined) return [whole];
  return text.split("\n").filter((line) => line.trim() !== "").map(parsed);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function join(reports: readonly CheckReport[]): CheckReport {
  const unreadable = reports.flatMap((each) => each.unreadable ?? []);
  return {
    version: 1,
    traces: reports.flatMap(({ traces }) => traces),
    ...(unreadable.length === 0 ? {} : { unreadable }),
  };
}

/** `a.trace.txt: violated: DAX-CLEAN-2 (2)`. */
function traceLine({ path, verdict, invariants }: CheckReport["traces"][number]): string {
  const violated = invariants.filter((each) => each.verdict === "violated")
    .map(({ id, breaches, more = 0 }) => `${id} (${breaches.length + more})`);
  return [visible(path), verdict, ...violated.length === 0 ? [] : [violated.join(", ")]].join(": ");
}

function refuse(why: string): number {
  complain(`pagespec merge: ${why}`);
  return 2;
}
