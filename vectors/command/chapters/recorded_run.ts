/**
 * A row of `spec/kernels.json` for a recording, read from a JSON report of `check`.
 *
 * @module
 */
import type { CheckReport } from "../report/check_json.ts";
import { isDax } from "../../kernel/recording/mount.ts";

/** What a recording on a kernel showed, as it is kept. */
export interface RecordedRun {
  /** What `uname -r` says. */
  readonly kernel: string;
  readonly fileSystem: string;
  readonly way: "recorded";
  /** The day of the run: `2026-11-29`. */
  readonly date: string;
  readonly events: number;
  readonly lost: number;
  /** Invariants that hold, and on how many occasions each could have been broken and was judged. */
  readonly holds: Readonly<Record<string, number>>;
  readonly violated: readonly string[];
  readonly undecided: readonly string[];
}

/** The row of a recording that was judged on this day; a sentence if the report is of none such. */
export function recordedRun({ traces }: CheckReport, date: string): RecordedRun | string {
  const [trace, another] = traces;
  if (trace === undefined || another !== undefined) return "expected a report of one trace";
  const { kernel, skips, mount, events, lost, invariants } = trace;
  if (skips !== undefined) {
    return `expected a recording of a kernel as it is: this one left ${skips}() out`;
  }
  const [options, fileSystem] = mount?.split(" ").toReversed() ?? [];
  if (kernel === null || options === undefined || fileSystem === undefined) {
    return "expected a trace of `record --dir`, which says what was recorded";
  }
  const of = (wanted: string) => invariants.filter(({ verdict }) => verdict === wanted);
  return {
    kernel,
    fileSystem: isDax({ options }) === true ? `${fileSystem}, DAX` : fileSystem,
    way: "recorded",
    date,
    events,
    lost,
    holds: Object.fromEntries(of("holds").map(({ id, judged }) => [id, judged])),
    violated: of("violated").map(({ id }) => id),
    undecided: of("undecided").map(({ id }) => id),
  };
}
