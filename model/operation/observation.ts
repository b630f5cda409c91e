/**
 * What can be observed of a run: the result of every operation, and nothing else. No mark, lock, entry
 * or page table that a system call does not return is ever observed.
 *
 * @module
 */
import type { Operation, OperationOf } from "./operation.ts";

/** Bytes of one value that follow one another: how many, and which. */
export type Bytes = readonly [count: number, value: number];

/** An operation did not return what it should: why. */
export const failures = {
  EIO: "an error of the device, reported",
  EFAULT: "a buffer that may not be read or written",
  EBUSY: "a page could not be invalidated",
  ENXIO: "nothing at that offset",
  EINVAL: "refused",
  EOPNOTSUPP: "refused",
  ENOSPC: "no blocks left",
  ENOENT: "no file of that name; the process does nothing more",
  SIGBUS: "the process was killed by SIGBUS and does nothing more",
  SIGSEGV: "the process was killed by SIGSEGV and does nothing more",
  hang: "the operation never returned",
  cut: "the operation was not reached, or not ended, when the process ended or power failed",
} as const;
/** A word of {@link failures}. */
export type Failure = keyof typeof failures;

/** The name of any other error: no vector allows it, and an implementation may still return it. */
export type Errno = `E${string}`;

/**
 * What an operation returned: a number (0, a count of bytes, or the byte that was loaded), the bytes
 * that were read, or a failure. JSON tells the three apart, and so does this type.
 */
export type Result = number | readonly Bytes[] | Failure | Errno;

/**
 * Results by the id of the operation. One that is not listed succeeded in full: 0, or all bytes. Loads
 * and reads are always listed.
 */
export type Observation = { readonly [id: string]: Result };

/** True if an operation did all that it was asked: then an observation leaves it out. */
export function isFullSuccess(operation: Operation, result: Result): boolean {
  if (operation.kind === "load") return false;
  if (operation.kind === "pread") {
    return operation.into !== undefined && result === operation.length;
  }
  return result === (moves(operation) ? operation.length : 0);
}

/** True if the operation returns how many bytes it has moved, which may be less than was asked. */
export function moves(
  operation: Operation,
): operation is OperationOf<"pwrite" | "copy_file_range" | "splice"> {
  const { kind } = operation;
  return kind === "pwrite" || kind === "copy_file_range" || kind === "splice";
}

/** The observation as text that is equal for equal observations: ids sorted. */
export function observationKey(observation: Observation): string {
  const ids = Object.keys(observation).sort();
  return ids.map((id) => `${id}=${resultText(observation[id] ?? 0)}`).join(" ");
}

/** A result for people: `7`, `EIO`, `4096x1`, `1x7 4095x1`; `nothing` for a read at the end. */
function resultText(result: Result): string {
  if (typeof result !== "object") return String(result);
  if (result.length === 0) return "nothing";
  return result.map(([count, value]) => `${count}x${value}`).join("+");
}

/** Runs of bytes with equal neighbours joined: the one form in which reads are compared. */
export function joinBytes(runs: readonly Bytes[]): readonly Bytes[] {
  const joined: Bytes[] = [];
  for (const [count, value] of runs) {
    const last = joined.at(-1);
    if (count === 0) continue;
    if (last !== undefined && last[1] === value) {
      joined[joined.length - 1] = [last[0] + count, value];
    } else joined.push([count, value]);
  }
  return joined;
}
