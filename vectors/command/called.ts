/**
 * How this command line was called, so that what it tells a reader to run can be run.
 *
 * @module
 */

let name = "pagespec";

/** Remembers what stands before the verb: `deno task`, `npx pagespec`. */
export function callAs(given: string): void {
  name = given;
}

/** A command of ours, as the reader can type it: `deno task explain D3`. */
export function command(rest: string): string {
  return `${name} ${rest}`;
}
