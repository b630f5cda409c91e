/**
 * What was run on which kernel: rows of `spec/kernels.json`, one a kernel, file system and way.
 *
 * @module
 */
import { countText } from "../../conform/result.ts";
import { type KernelRun, readRun } from "./kernel_run.ts";
import { list, table } from "./markdown.ts";

/** The rows with one renewed, or added; a sentence if the report is none of a file system's. */
export function renewed(
  rows: readonly KernelRun[],
  report: string,
  date: string,
): readonly KernelRun[] | string {
  const run = readRun(report, date);
  if (typeof run === "string") return run;
  return [...rows.filter((each) => keyOf(each) !== keyOf(run)), run].toSorted(inOrder);
}

/** The rows as a table, and the vectors that failed as a list. */
export function kernelsPart(rows: readonly KernelRun[]): string {
  const header = ["kernel", "file system", "run", "passed", "failed", "erred", "date", "seed"];
  const counts = table(
    header,
    rows.map((row) => [
      row.kernel,
      row.fileSystem,
      `${row.way}${imagesText(row)}`,
      String(row.passed),
      row.failed.length === 0 ? "none" : String(row.failed.length),
      row.errored === 0 ? "none" : String(row.errored),
      row.date,
      String(row.seed),
    ]),
  );
  const failures = rows.flatMap(({ kernel, fileSystem, way, failed }) =>
    failed.length === 0 ? [] : [`${kernel}, ${fileSystem}, ${way}: ${failed.join(", ")}`]
  );
  return failures.length === 0
    ? counts
    : [counts, "The vectors that failed:", list(failures)].join("\n\n");
}

/** How many images of how many were tried. */
function imagesText({ images, possible }: KernelRun): string {
  if (images === 0) return "";
  const of = possible === undefined ? "" : ` of ${countText(BigInt(possible))}`;
  return `, ${images}${of}`;
}

function keyOf({ kernel, fileSystem, way }: KernelRun): string {
  return `${kernel} ${fileSystem} ${way}`;
}

const byNumber = new Intl.Collator("en", { numeric: true });

function inOrder(one: KernelRun, other: KernelRun): number {
  return byNumber.compare(one.kernel, other.kernel) || byNumber.compare(keyOf(one), keyOf(other));
}
