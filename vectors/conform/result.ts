/**
 * What a run of the suite comes to.
 *
 * @module
 */
import type { Judged } from "./judge.ts";
import type { Implementation, Schedule } from "./protocol.ts";

/** What came of one vector. */
export type Verdict =
  | "passed"
  /** A forbidden observation, or a wrong verdict. */
  | "failed"
  /** It failed as the list of known failures says. */
  | "known"
  /** The list says that it fails, and it does not, or not so. */
  | "unexpected"
  /** The driver cannot run it. */
  | "skipped"
  /** Nobody can say: the driver died, fell silent or made no sense. */
  | "errored";

/** The result of one vector. */
export interface VectorResult {
  readonly id: string;
  readonly handle: string;
  readonly kind: "event" | "operation";
  readonly verdict: Verdict;
  /** One sentence for all but a pass. */
  readonly why?: string;
  /** Invariants that are broken, the likeliest first. */
  readonly invariants: readonly string[];
  /** A histogram of what was observed. */
  readonly observed: readonly Judged[];
  /** Allowed observations that were not seen. */
  readonly unseen: readonly string[];
  readonly milliseconds: number;
}

/** A whole run. */
export interface Conformance {
  readonly suite: string;
  readonly command: readonly string[];
  readonly implementation: Implementation | undefined;
  readonly schedules: readonly Schedule["kind"][];
  readonly trials: number;
  readonly seed: number;
  readonly results: readonly VectorResult[];
  /** Vectors that were not reached because somebody stopped the run. */
  readonly notRun: number;
  /** What the driver did wrong outside of any vector. */
  readonly complaints: readonly string[];
}

/** How many vectors came to each verdict. */
type Counts = { readonly [V in Verdict]: number };

/** Counts the verdicts. */
export function countVerdicts({ results }: Conformance): Counts {
  const count = (verdict: Verdict): number =>
    results.filter((each) => each.verdict === verdict).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    known: count("known"),
    unexpected: count("unexpected"),
    skipped: count("skipped"),
    errored: count("errored"),
  };
}

/**
 * The exit status: 1 if something is forbidden or a list is wrong; 2 if something was not judged, or
 * nothing was; 0 if all that was run passed, and something was.
 */
export function statusOf(conformance: Conformance): 0 | 1 | 2 {
  const { passed, failed, known, unexpected, errored } = countVerdicts(conformance);
  if (failed + unexpected > 0) return 1;
  if (errored + conformance.notRun + conformance.complaints.length > 0) return 2;
  return passed + known > 0 ? 0 : 2;
}
