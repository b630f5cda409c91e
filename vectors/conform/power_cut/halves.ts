/**
 * A vector in two halves: what comes before power fails, and what comes after.
 *
 * @module
 */
import type { Operation } from "../../../model/operation/operation.ts";
import type { OperationQuestion } from "../protocol.ts";

/** The halves of a vector. Operations are numbered through all processes. */
export interface Halves {
  readonly operations: readonly Operation[];
  /** What each process runs before: one of them to the crash, all others as far as they come. */
  readonly before: readonly (readonly Numbered[])[];
  /** What the process that goes on runs after it. */
  readonly after: readonly Numbered[];
  /** The id of the crash. */
  readonly crash: string;
}

/** An operation with its number, and those of what ends before it. */
interface Numbered {
  readonly operation: Operation;
  readonly number: number;
  readonly after: readonly number[];
}

/** The halves of a vector, or a sentence: why it has not two. */
export function halvesOf({ processes }: OperationQuestion): Halves | string {
  const operations = processes.flatMap((process) => process.operations);
  const crashes = operations.filter(({ kind }) => kind === "crash");
  const [crash] = crashes;
  if (crash === undefined) return "no power fails in it: `drive --dir` runs it";
  if (crashes.length > 1) return "power fails more than once";
  const numbers = new Map(operations.map(({ id }, number) => [id, number]));
  const numberOf = (id: string): number => numbers.get(id) ?? -1;
  const end = numberOf(crash.id);
  const numbered = processes.map((process) =>
    process.operations.map((operation): Numbered => ({
      operation,
      number: numberOf(operation.id),
      after: (operation.after ?? []).map(numberOf),
    }))
  );
  const goesOn = numbered.find((each) => each.some(({ number }) => number === end)) ?? [];
  const isAfter = ({ number }: Numbered): boolean =>
    goesOn.some((each) => each.number === number) && number > end;
  return {
    operations,
    before: numbered.map((each) => each.filter((one) => !isAfter(one))),
    // Everything else has ended, or never will.
    after: goesOn.filter(isAfter).map((each) => ({ ...each, after: [] })),
    crash: crash.id,
  };
}
