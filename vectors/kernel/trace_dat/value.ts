/**
 * Values of the expressions in print formats, and the functions that compute them.
 *
 * @module
 */

/** What an expression comes to. Integers beyond 2^53 are exact, as `bigint`. */
export type Value = number | bigint | string | undefined;

/** Computes a value from the bytes of an event that begins at `offset`. */
export type Compute = (view: DataView, offset: number) => Value;

/** One item of `{ 0x1, "WRITE" }, { ... }`. */
export interface NamedValue {
  readonly value: Compute;
  readonly name: Compute;
}

/** What a macro may be given. */
export type Argument = Compute | readonly NamedValue[];

/** True for a number of which 32 bits are enough, and that is not negative. */
export function isSmall(value: Value): value is number {
  return typeof value === "number" && value >= 0 && value <= 0x7fff_ffff;
}
