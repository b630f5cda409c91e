/**
 * What was run on which kernel: rows of `spec/kernels.json`, one a kernel, file system and way.
 *
 * @module
 */
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
  const header = ["kernel", "file system", "run", "passed", "failed", "errored", "date", "seed"];
  const counts = table(
    header,
    rows.map(({ kernel, fileSystem, way, passed, failed, errored, images, date, seed }) => [
      kernel,
      fileSystem,
      images === 0 ? way : `${way}, ${images} images`,
      String(passed),
      failed.length === 0 ? "none" : String(failed.length),
      errored === 0 ? "none" : String(errored),
      date,
      String(seed),
    ]),
  );
  const failures = rows.flatMap(({ kernel, fileSystem, way, failed }) =>
    failed.length === 0 ? [] : [`${kernel}, ${fileSystem}, ${way}: ${failed.join(", ")}`]
  );
  return failures.length === 0
    ? counts
    : [counts, "The vectors that failed:", list(failures)].join("\n\n");
}

function keyOf({ kernel, fileSystem, way }: KernelRun): string {
  return `${kernel} ${fileSystem} ${way}`;
}

const byNumber = new Intl.Collator("en", { numeric: true });

function inOrder(one: KernelRun, other: KernelRun): number {
  return byNumber.compare(one.kernel, other.kernel) || byNumber.compare(keyOf(one), keyOf(other));
}
