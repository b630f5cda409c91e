/**
 * What was run on which kernel: rows of `spec/kernels.json`, one a kernel, file system and way.
 *
 * @module
 */
import { countText } from "../../conform/result.ts";
import { type KernelRow, type KernelRun, readRow } from "./kernel_run.ts";
import { list, numberOrNone, table } from "./markdown.ts";

/** The rows with one renewed, or added; a sentence if the report is none of a file system's. */
export function renewed(
  rows: readonly KernelRow[],
  report: string,
  date: string,
): readonly KernelRow[] | string {
  const run = readRow(report, date);
  if (typeof run === "string") return run;
  return [...rows.filter((each) => keyOf(each) !== keyOf(run)), run].toSorted(inOrder);
}

/** The runs of vectors as a table, and the vectors that failed as a list. */
export function kernelsPart(rows: readonly KernelRow[]): string {
  const runs = rows.filter((row) => row.way !== "recorded");
  const header = ["kernel", "file system", "run", "passed", "failed", "erred", "date", "seed"];
  const counts = table(
    header,
    runs.map((row) => [
      row.kernel,
      row.fileSystem,
      `${row.way}${imagesText(row)}`,
      String(row.passed),
      numberOrNone(row.failed.length),
      numberOrNone(row.errored),
      row.date,
      String(row.seed),
    ]),
  );
  const failures = runs.flatMap(({ kernel, fileSystem, way, failed }) =>
    failed.length === 0 ? [] : [`${kernel}, ${fileSystem}, ${way}: ${failed.join(", ")}`]
  );
  return failures.length === 0
    ? counts
    : [counts, "The vectors that failed:", list(failures)].join("\n\n");
}

/** What recordings showed as a table, and the invariants that each decides as a list. */
export function recordedPart(rows: readonly KernelRow[]): string {
  const runs = rows.filter((row) => row.way === "recorded");
  const header = [
    "kernel",
    "file system",
    "events",
    "lost",
    "hold",
    "violated",
    "undecided",
    "date",
  ];
  const counts = table(
    header,
    runs.map((row) => [
      row.kernel,
      row.fileSystem,
      String(row.events),
      numberOrNone(row.lost),
      String(Object.keys(row.holds).length),
      numberOrNone(row.violated.length),
      numberOrNone(row.undecided.length),
      row.date,
    ]),
  );
  const verdicts = runs.map(({ kernel, fileSystem, holds, violated, undecided }) => {
    const held = Object.entries(holds).map(([id, judged]) => `${id} (${judged})`);
    const said = [["holds", held], ["violated", violated], ["undecided", undecided]] as const;
    const named = said.flatMap(([verdict, ids]) =>
      ids.length === 0 ? [] : [`${verdict}: ${ids.join(", ")}`]
    );
    return `${kernel}, ${fileSystem}: ${named.join("; ")}`;
  });
  return runs.length === 0 ? "None yet." : `${counts}\n\n${list(verdicts)}`;
}

/** How many images of how many were tried. */
function imagesText({ images, possible }: KernelRun): string {
  if (images === 0) return "";
  const of = possible === undefined ? "" : ` of ${countText(BigInt(possible))}`;
  return `, ${images}${of}`;
}

function keyOf({ kernel, fileSystem, way }: KernelRow): string {
  return `${kernel} ${fileSystem} ${way}`;
}

const byNumber = new Intl.Collator("en", { numeric: true });

function inOrder(one: KernelRow, other: KernelRow): number {
  return byNumber.compare(one.kernel, other.kernel) || byNumber.compare(keyOf(one), keyOf(other));
}
