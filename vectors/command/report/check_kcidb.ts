/**
 * The report as KCIDB takes it, for KernelCI's dashboard: version 5.3 of its schema
 * (kcidb_io/schema/v05_03.py of kernelci/kcidb-io).
 *
 * Each invariant of a trace is a test run of a build that somebody else reports; the checker knows the
 * kernel's version alone.
 *
 * @module
 */
import type { CheckReport, ReportedTrace } from "./check_json.ts";

/** What this reports as: KCIDB knows senders by a name of small letters, digits and `_`. */
const origin = "pagespec";

/** Statuses of a test run that a verdict can be. */
const statuses = {
  holds: "PASS",
  violated: "FAIL",
  undecided: "ERROR",
  unexercised: "SKIP",
} as const;

/** A test run, as KCIDB knows one. */
interface TestRun {
  readonly id: string;
  readonly origin: string;
  readonly build_id: string;
  readonly path: string;
  readonly status: typeof statuses[keyof typeof statuses] | "MISS";
  readonly comment: string;
  readonly misc?: { readonly judged: number; readonly lines: readonly number[] };
}

/** What KCIDB takes. */
interface Submission {
  readonly version: { readonly major: 5; readonly minor: 3 };
  readonly tests: readonly TestRun[];
}

/** The document, ready for `kcidb-submit`. */
export function kcidbReport({ traces, unreadable = [] }: CheckReport): Submission {
  return {
    version: { major: 5, minor: 3 },
    tests: [
      ...traces.flatMap(testsOf),
      ...unreadable.map(({ path, found, expected }): TestRun => ({
        id: `${origin}:${path}`,
        origin,
        build_id: `${origin}:unknown`,
        path: origin,
        status: "MISS",
        comment: `${path} cannot be read: ${found}; expected ${expected}`,
      })),
    ],
  };
}

function testsOf({ path, kernel, invariants }: ReportedTrace): readonly TestRun[] {
  return invariants.map(({ id, verdict, judged, breaches, why = "" }) => ({
    id: `${origin}:${path}:${id}`,
    origin,
    build_id: `${origin}:${kernel ?? "unknown"}`,
    path: `${origin}.${id}`,
    status: statuses[verdict],
    comment: [breaches[0]?.says ?? why, `(${path})`].filter((each) => each !== "").join(" "),
    misc: { judged, lines: breaches.map(({ line }) => line) },
  }));
}
