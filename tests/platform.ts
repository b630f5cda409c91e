/**
 * What the machine is that the tests run on.
 *
 * @module
 */

/** True where `drive --dir` can work at all. */
export const isX86Linux: boolean = Deno.build.os === "linux" && Deno.build.arch === "x86_64";

/** What the name of a test that needs it says elsewhere. */
export const elsewhere: string = isX86Linux ? "" : " (only on Linux, x86-64)";

/** True where Python can be run. */
export async function hasPython(): Promise<boolean> {
  try {
    return (await new Deno.Command("python3", { args: ["--version"] }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
