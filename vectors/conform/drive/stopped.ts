/**
 * Why a vector could not be run to its end: an error that says nothing of coherence.
 *
 * @module
 */

/** What becomes of the vector. */
export interface Stopped {
  /** `skipped`: the file system cannot do this. `errored`: it can, and something else is wrong. */
  readonly kind: "skipped" | "errored";
  readonly why: string;
}

/** Errors of a file system that lacks a call or a mode of it. */
const cannot: readonly string[] = ["EOPNOTSUPP", "ENOSYS", "EINVAL", "ENOTTY"];

/** What an error means for the vector; `during` says which call returned it. */
export function stoppedBy(error: string, during: string): Stopped {
  const why = `${during}: ${error}`;
  return { kind: cannot.includes(error) ? "skipped" : "errored", why };
}
