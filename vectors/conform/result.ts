/**
 * What a run of the suite comes to.
 *
 * @module
 */
import type { CountedObservation, Implementation, Schedule, TriedImages } from "./protocol.ts";
import type { AnyVector } from "../format/any_vector.ts";
import { counted } from "../format/counted.ts";

/** What came of one vector. */
export type VectorVerdict =
  | "passed"
  /** A forbidden observation, or a wrong verdict. */
  | "failed"
  /** The vector failed as the list of known failures says. */
  | "known"
  /** The list says that it fails, and it does not, or not so. */
  | "unexpected"
  /** The driver cannot run it. */
  | "skipped"
  /** Nobody can say: the driver died, fell silent or made no sense. */
  | "errored";

/** What a driver observed in one schedule. */
export interface SeenInSchedule {
  readonly schedule: Schedule | undefined;
  readonly observations: readonly CountedObservation[];
}

/** One observation with its judgement. */
export type JudgedObservation =
  | { readonly kind: "allowed"; readonly text: string; readonly count: number }
  | {
    readonly kind: "forbidden";
    readonly text: string;
    readonly count: number;
    /** What is broken: one of these, the likeliest first. */
    readonly invariants: readonly string[];
    /** The first forced schedule that ended in it, if one did. */
    readonly steps?: readonly string[];
  };

/** What all observations of a vector come to. */
export interface VectorJudgement {
  readonly verdict: "passed" | "failed";
  readonly why?: string;
  readonly invariants?: readonly string[];
  readonly observed: readonly JudgedObservation[];
  /** Allowed observations that were not seen: a note, never a failure. */
  readonly unseen: readonly string[];
}

/** What came of a vector; what is absent is empty. */
export interface VectorFinding extends Partial<Omit<VectorResult, "id" | "handle" | "kind">> {
  readonly verdict: VectorVerdict;
}

/** The result of one vector. */
export interface VectorResult {
  readonly id: string;
  readonly handle: string;
  readonly kind: "event" | "operation";
  readonly verdict: VectorVerdict;
  /** One sentence for all but a pass. */
  readonly why?: string;
  /** Invariants that are broken, the likeliest first. */
  readonly invariants: readonly string[];
  /** A histogram of what was observed. */
  readonly observed: readonly JudgedObservation[];
  /** Allowed observations that were not seen. */
  readonly unseen: readonly string[];
  /** Where power was cut: how many images were tried of how many. */
  readonly images?: TriedImages;
  readonly milliseconds: number;
}

/** The result of a vector. */
export function resultOf({ id, handle, kind }: AnyVector, finding: VectorFinding): VectorResult {
  const empty = { invariants: [], observed: [], unseen: [], milliseconds: 0 };
  return { id, handle, kind, ...empty, ...finding };
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
type Counts = { readonly [V in VectorVerdict]: number };

/** A driver that gives no answer so often in a row is not asked again. */
export const patience = 5;

/** How many vectors came to what, as one line. */
export function countsText(results: readonly VectorResult[], notRun: number): string {
  const counts = countVerdicts({ results });
  const parts = [
    `${counts.passed} passed`,
    `${counts.failed} failed`,
    `${counts.known} failed as known`,
    `${counts.unexpected} unlike the list`,
    `${counts.skipped} skipped`,
    `${counts.errored} errored`,
    `${notRun} not run`,
  ];
  return `${counted(results.length + notRun, "vector")}: ${parts.join(", ")}`;
}

/** Where power was cut, how many images were tried of how many, as one line. */
export function imageLines(results: readonly VectorResult[]): readonly string[] {
  const all = results.flatMap(({ images }) => images === undefined ? [] : [images]);
  if (all.length === 0) return [];
  const tried = all.reduce((sum, each) => sum + each.tried, 0);
  const checked = all.reduce((sum, each) => sum + each.checked, 0);
  const possible = all.reduce((sum, each) => sum + BigInt(each.possible), 0n);
  return [
    `power was cut in ${counted(all.length, "vector")}: ${counted(tried, "image")} tried of ${
      countText(possible)
    }, ` +
    `${checked} of them looked over by the file system's checker`,
  ];
}

/** A count, or the power of ten that it is about. */
export function countText(count: bigint): string {
  const digits = String(count);
  return digits.length > 7 ? `about 10^${digits.length - 1}` : digits;
}

/** A note about allowed observations that were not seen, or no line: that is no failure. */
export function unseenLines(results: readonly VectorResult[]): readonly string[] {
  const ran = results.filter(({ observed }) => observed.length > 0);
  const unseen = ran.reduce((sum, each) => sum + each.unseen.length, 0);
  const of = ran.reduce((sum, each) => sum + each.unseen.length + countAllowed(each), 0);
  if (unseen === 0) return [];
  return [`note: ${unseen} of ${of} allowed observations were not seen, which is no failure`];
}

function countAllowed({ observed }: VectorResult): number {
  return observed.filter(({ kind }) => kind === "allowed").length;
}

/** Counts the verdicts. */
export function countVerdicts({ results }: Pick<Conformance, "results">): Counts {
  const count = (verdict: VectorVerdict): number =>
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
