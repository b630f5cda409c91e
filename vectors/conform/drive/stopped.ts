/**
 * Why a vector could not be run to its end: an error that says nothing of coherence.
 *
 * @module
 */
import type { Operation } from "../../../model/operation/operation.ts";
import { moreThanThereIs } from "../../../model/operation/scenario.ts";

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

/** Calls whose EIO may tell of a page that a direct write could not invalidate, or of a checksum. */
const tellsOfPages: readonly Operation["kind"][] = [
  "fsync",
  "fdatasync",
  "syncfs",
  "sync_file_range",
  "msync",
  "pread",
  "pwrite",
];

/** True if no device has the room that is asked for: what does not fit is what the vector is about. */
function asksForMoreThanThereIs(operation: Operation): boolean {
  return operation.kind === "fallocate" && operation.length >= moreThanThereIs;
}

/** What a result means that is no observation: undefined if it is one. */
export function stoppedIn(
  operation: Operation,
  returned: unknown,
  failures: readonly string[],
): Stopped | undefined {
  const during = `${operation.kind} (${operation.id})`;
  if (typeof returned === "string") {
    if (returned === "ENOSPC" && asksForMoreThanThereIs(operation)) return undefined;
    const stopped = stoppedBy(returned, during);
    const observed = stopped.kind === "errored" && failures.includes(returned) &&
      (returned !== "EIO" || tellsOfPages.includes(operation.kind));
    return observed ? undefined : stopped;
  }
  if (operation.kind !== "pwrite" || operation.from !== undefined) return undefined;
  const { length } = operation;
  // Any file system may write less, and one that runs out of room does.
  if (typeof returned !== "number" || returned === length) return undefined;
  return { kind: "errored", why: `${during}: wrote ${returned} of ${length} bytes` };
}
