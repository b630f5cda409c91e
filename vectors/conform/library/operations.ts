/**
 * What the author of a file system implements: the operations of vectors, one method each.
 *
 * @module
 */
import type { Result } from "../../../model/operation/observation.ts";
import type { OperationKind, OperationOf } from "../../../model/operation/operation.ts";
import { Mistake } from "./mistake.ts";

/**
 * What a call returned: a number (0, a count, or the byte that was loaded), the bytes that were read,
 * the name of a failure such as `EIO` or `SIGBUS`, or nothing if it did all that it was asked.
 */
export type Returned = Result | Uint8Array | void;

/**
 * What a method gives back. At each `yield` of a generator other processes may run, so a race needs a
 * `yield` where the implementation could be interrupted; a `while (locked) yield;` waits. A plain value
 * is one step that nothing can interrupt. What a promise waits for runs beside the other processes.
 *
 * An error that is thrown is the failure that its `code` names, as in Node.js; without such a code it
 * is a mistake of the implementation, and the vector is errored.
 */
export type Performed =
  | Returned
  | Promise<Returned>
  | Generator<unknown, Returned, unknown>
  | AsyncGenerator<unknown, Returned, unknown>;

/** A method for a kind of operation. `process` is the name of the process that calls it. */
export type Perform<K extends OperationKind> = (
  operation: OperationOf<K>,
  process: string,
) => Performed;

/**
 * A file system that is running. A method for each kind of operation; those of capabilities that it
 * does not have may be left out. Names of files, descriptors and mappings are unique in a vector, so
 * a map by name is all that is needed of a table of descriptors.
 */
export type RunningFileSystem =
  & {
    readonly [K in "open" | "close" | "pread" | "pwrite" | "fsync" | "fdatasync" | "ftruncate"]:
      Perform<K>;
  }
  & { readonly [K in OperationKind]?: Perform<K> }
  & {
    /** Writes a page back to the device, if it is cached and dirty: what the kernel does unasked. */
    readonly writeBack?: (file: string, page: number) => Performed;
    /** Drops a page from the cache, if it is there and clean. */
    readonly reclaim?: (file: string, page: number) => Performed;
    /** Commits the journal. */
    readonly commit?: () => Performed;
  };

/** The operation of each kind, so that a method and its argument are known to belong together. */
type Kinds = { readonly [K in OperationKind]: OperationOf<K> & { readonly kind: K } };

type Methods = {
  readonly [K in OperationKind]?: (operation: Kinds[K], process: string) => Performed;
};

/**
 * Calls the method of an operation.
 *
 * @throws {Mistake} if there is none
 */
export function perform<K extends OperationKind>(
  system: RunningFileSystem,
  operation: { readonly [P in K]: Kinds[P] }[K],
  process: string,
): Performed {
  const methods: Methods = system;
  const method = methods[operation.kind];
  if (method === undefined) throw new Mistake(`there is no ${operation.kind}()`);
  return method.call(system, operation, process);
}
