/**
 * The npm build of the Deno standard library carries no types. These are the signatures that this
 * project uses; `compilerOptions.types` in deno.json loads them. They go when JSR takes npm's place.
 */

declare module "@std/assert" {
  type Constructor<T> = abstract new (...args: never[]) => T;

  export class AssertionError extends Error {}

  export function assert(value: unknown, message?: string): asserts value;
  export function assertFalse(value: unknown, message?: string): asserts value is
    | false
    | 0
    | 0n
    | ""
    | null
    | undefined;
  export function assertExists<T>(value: T, message?: string): asserts value is NonNullable<T>;
  export function assertInstanceOf<T>(
    value: unknown,
    expected: Constructor<T>,
    message?: string,
  ): asserts value is T;

  export function assertEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertStrictEquals<T>(
    actual: unknown,
    expected: T,
    message?: string,
  ): asserts actual is T;
  export function assertNotStrictEquals<T>(actual: T, expected: T, message?: string): void;
  export function assertAlmostEquals(
    actual: number,
    expected: number,
    tolerance?: number,
    message?: string,
  ): void;
  export function assertArrayIncludes<T>(
    actual: ArrayLike<T>,
    expected: ArrayLike<T>,
    message?: string,
  ): void;
  export function assertObjectMatch(
    actual: Record<PropertyKey, unknown>,
    expected: Record<PropertyKey, unknown>,
    message?: string,
  ): void;

  export function assertGreater<T>(actual: T, expected: T, message?: string): void;
  export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void;
  export function assertLess<T>(actual: T, expected: T, message?: string): void;
  export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void;

  export function assertMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertNotMatch(actual: string, expected: RegExp, message?: string): void;
  export function assertStringIncludes(actual: string, expected: string, message?: string): void;

  export function assertThrows(body: () => unknown, message?: string): unknown;
  export function assertThrows<E extends Error = Error>(
    body: () => unknown,
    expected: Constructor<E>,
    messageIncludes?: string,
    message?: string,
  ): E;
  export function assertRejects(
    body: () => PromiseLike<unknown>,
    message?: string,
  ): Promise<unknown>;
  export function assertRejects<E extends Error = Error>(
    body: () => PromiseLike<unknown>,
    expected: Constructor<E>,
    messageIncludes?: string,
    message?: string,
  ): Promise<E>;

  export function equal(left: unknown, right: unknown): boolean;
  export function fail(message?: string): never;
}
