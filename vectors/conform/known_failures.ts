/**
 * Lists of failures that somebody knows of. Strict in both directions: what is listed must fail, and
 * in the way that is listed; what is not listed must not. Only a race, which is lost now and then, may
 * pass too, where the list says so.
 *
 * @module
 */

import type { VectorResult } from "./result.ts";

/** A line of a list. */
export interface KnownFailure {
  readonly handle: string;
  /** The invariant that must be named. */
  readonly invariant: string;
  /** True if it may pass as well. */
  readonly sometimes: boolean;
  /** Line of the file, from 1. */
  readonly line: number;
}

/**
 * Reads a list: a handle and an invariant a line, and `sometimes` behind a race; `#` begins a comment.
 *
 * @returns the list, or one line that says what is wrong
 */
export function readKnownFailures(
  text: string,
  path: string,
  handles: ReadonlySet<string>,
): readonly KnownFailure[] | string {
  const known: KnownFailure[] = [];
  for (const [index, whole] of text.split("\n").entries()) {
    const line = index + 1;
    const [handle, invariant, ...rest] = whole.replace(/#.*/, "").split(/\s+/).filter(Boolean);
    if (handle === undefined) continue;
    const sometimes = rest[0] === "sometimes";
    if (invariant === undefined || rest.length > (sometimes ? 1 : 0)) {
      return `${path}, line ${line}: expected a handle and an invariant, not "${whole.trim()}"`;
    }
    if (!handles.has(handle)) {
      return `${path}, line ${line}: expected the handle of a vector, not "${handle}"`;
    }
    if (known.some((each) => each.handle === handle)) {
      return `${path}, line ${line}: expected each handle once, not "${handle}" again`;
    }
    known.push({ handle, invariant, sometimes, line });
  }
  return known;
}

/** Holds a result against the list of known failures. */
export function settle(result: VectorResult, known: readonly KnownFailure[]): VectorResult {
  const listed = known.find(({ handle }) => handle === result.handle);
  if (listed === undefined || result.verdict === "errored") return result;
  if (listed.sometimes && result.verdict === "passed") return result;
  if (result.verdict === "failed" && breaksOnly(result, listed.invariant)) {
    return { ...result, verdict: "known" };
  }
  const did = result.verdict === "failed"
    ? `breaks ${result.invariants.join(" or ")}`
    : `was ${result.verdict}`;
  const why = `known to break ${listed.invariant} (line ${listed.line} of the list), but ${did}`;
  return { ...result, verdict: "unexpected", why };
}

/** True if everything wrong that was observed may come of one invariant. */
function breaksOnly({ invariants, observed }: VectorResult, invariant: string): boolean {
  const wrong = observed.flatMap((each) => each.kind === "forbidden" ? [each.invariants] : []);
  return (wrong.length === 0 ? [invariants] : wrong).every((each) => each.includes(invariant));
}
