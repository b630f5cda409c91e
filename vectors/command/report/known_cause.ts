/**
 * What is known to break an invariant in released kernels, so that a reader of a report need not search
 * for it: the function, the versions, and the commit where there is one. Chapters 1 and 4 have the rest.
 *
 * @module
 */
import type { TraceResult } from "../../kernel/check_trace.ts";

/** A cause, and in which kernels it is: from the first version up to, and not with, the second. */
interface Cause {
  readonly id: string;
  readonly from: readonly [number, number];
  readonly until: readonly [number, number];
  readonly says: string;
}

const always: readonly [number, number] = [0, 0];
const never: readonly [number, number] = [Infinity, 0];

const causes: readonly Cause[] = [
  {
    id: "DAX-CLEAN-2",
    from: always,
    until: [5, 19],
    says:
      "known of kernels before 5.19: dax_entry_mkclean() (fs/dax.c) protects the mappings of the " +
      "entry's first page, at that page alone; 06083a0921fd (5.19) protects them all, and 5.10 has " +
      "not got it",
  },
  {
    id: "DAX-TAG-3",
    from: [6, 0],
    until: [6, 2],
    says: "known of 6.0 and 6.1: dax_insert_entry() (fs/dax.c) marks the entry in read faults, too",
  },
  {
    id: "DAX-TAG-4",
    from: always,
    until: [6, 15],
    says:
      "known: __dax_invalidate_entry() (fs/dax.c) deletes a PMD entry whole, mark and all, where " +
      "any page of it goes, and the file system has not written it back under its locks",
  },
  {
    id: "DAX-TAG-4",
    from: [6, 15],
    until: never,
    says:
      "known since 6.15: bde708f1a65d makes breaking layouts (fs/dax.c) delete every entry of " +
      "the file, DIRTY or not, whatever the call is about",
  },
  {
    id: "DAX-WAIT-1",
    from: always,
    until: never,
    says:
      "known of every kernel from 5.10 to 7.2: dax_writeback_one() (fs/dax.c) waits for no entry that " +
      "a fault or another caller holds. It clears TOWRITE when it locks an entry; and where it finds one " +
      "locked, xas_find_conflict() looks behind it and finds nothing",
  },
];

/** What is known to break the invariant in the trace's kernel; undefined if nothing is. */
export function knownCause(
  id: string,
  { kernel, header }: Pick<TraceResult, "kernel"> & {
    readonly header: Pick<TraceResult["header"], "latencyColumns">;
  },
): string | undefined {
  const told = kernel ?? (header.latencyColumns === 4 ? "5.15" : undefined);
  const [major = 0, minor = 0] = told === undefined ? [] : told.split(".").map(Number);
  const isFrom = ([first, second]: readonly [number, number]): boolean =>
    major > first || (major === first && minor >= second);
  const ofId = causes.filter((each) => each.id === id);
  const found = ofId.find(({ from, until }) =>
    told === undefined ? from === always && until === never : isFrom(from) && !isFrom(until)
  );
  return found?.says;
}
