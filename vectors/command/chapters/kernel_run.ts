/**
 * A row of `spec/kernels.json`, read from a JSON report of `conform` or `check`.
 *
 * @module
 */
import { readReport } from "../report/read_report.ts";
import { type RecordedRun, recordedRun } from "./recorded_run.ts";

/** A row of any kind. */
export type KernelRow = KernelRun | RecordedRun;

/** A run of the suite on a kernel, as it is kept. */
export interface KernelRun {
  /** What `uname -r` says. */
  readonly kernel: string;
  readonly fileSystem: string;
  readonly way: "system calls" | "power cuts";
  /** The day of the run: `2026-11-29`. */
  readonly date: string;
  readonly trials: number;
  readonly seed: number;
  readonly passed: number;
  /** Handles of the vectors that failed. */
  readonly failed: readonly string[];
  readonly errored: number;
  /** Images that were tried; 0 where no power was cut. */
  readonly images: number;
  /** How many images there are, in decimal digits; absent in rows of runs that did not keep it. */
  readonly possible?: string;
}

/** What is read of a report; its schema is `vectors/schema/conform.schema.json`. */
interface Report {
  readonly header: {
    readonly implementation: {
      readonly name: string;
      readonly version: string;
      readonly details?: string;
    } | null;
    readonly trials: number;
    readonly seed: number;
  };
  readonly results: readonly {
    readonly handle: string;
    readonly verdict: string;
    readonly images?: { readonly tried: number; readonly possible: string };
  }[];
  readonly footer: { readonly notRun: number };
}

/** The row of a run that went to its end on this day; a sentence if the report is no such run. */
export function readRow(text: string, date: string): KernelRow | string {
  let report: Report | { readonly traces: unknown };
  try {
    report = JSON.parse(text);
  } catch {
    return "expected a JSON report of conform or check";
  }
  if (!("traces" in report)) return kernelRun(report, date);
  const checked = readReport(report);
  return typeof checked === "string" ? checked : recordedRun(checked, date);
}

function kernelRun({ header, results, footer }: Report, date: string): KernelRun | string {
  const driver = header?.implementation;
  const [, kernel] = /^Linux (\S+)$/.exec(driver?.version ?? "") ?? [];
  if (driver === undefined || driver === null || kernel === undefined) {
    return "expected the report of a file system on Linux";
  }
  if (footer?.notRun !== 0) return "expected a run that went to its end";
  const details = driver.details?.split(", ") ?? [];
  const altered = details.find((each) => / before the C library$|^a device that lies/.test(each));
  if (altered !== undefined) {
    return `expected a run on a kernel and a device as they are: ${altered}`;
  }
  const isDax = details.some((each) => each === "DAX" || /^mounted with \bdax\b/.test(each));
  const ofVerdict = (verdict: string): readonly string[] =>
    results.filter((each) => each.verdict === verdict).map(({ handle }) => handle);
  const possible = results.reduce((sum, { images }) => sum + BigInt(images?.possible ?? 0), 0n);
  return {
    kernel,
    fileSystem: isDax ? `${driver.name}, DAX` : driver.name,
    way: details.includes("power is cut") ? "power cuts" : "system calls",
    date,
    trials: header.trials,
    seed: header.seed,
    passed: ofVerdict("passed").length,
    failed: ofVerdict("failed"),
    errored: ofVerdict("errored").length,
    images: results.reduce((sum, { images }) => sum + (images?.tried ?? 0), 0),
    ...(possible === 0n ? {} : { possible: String(possible) }),
  };
}
