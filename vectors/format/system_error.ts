/**
 * What an operating system says of a call that failed, in its own words.
 *
 * @module
 */

/**
 * `No such file or directory`: without Deno's number and the path, which whoever reports it names first.
 * Of what is no error of a call, its message.
 */
export function systemError(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/ *\(os error \d+\).*$/s, "")
    : String(error);
}
