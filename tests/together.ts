/**
 * Several test files in one isolate. Each can be run by itself too. But an isolate takes a third of a
 * second to start, and in every one V8 compiles the same modules again.
 *
 * @module
 */

/**
 * Loads test files, `pages` for `tests/pages_test.ts`; another such list is one, too. A file that
 * cannot be loaded fails as a test of its own, and so does what is thrown outside all tests: neither
 * hides the tests of other files.
 */
export async function together(...names: readonly string[]): Promise<void> {
  const thrown: unknown[] = [];
  addEventListener("error", (event) => {
    event.preventDefault();
    thrown.push(event.error);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    thrown.push(event.reason);
  });
  for (const name of names) {
    await import(new URL(`${name}_test.ts`, import.meta.url).href).catch((error: unknown) =>
      Deno.test(`${name}_test.ts is loaded`, () => {
        throw error;
      })
    );
  }
  Deno.test(`nothing is thrown outside the tests of ${names.length} files`, () => {
    if (thrown.length > 0) throw new AggregateError(thrown);
  });
}
