/**
 * Where the browser is that pages are opened in.
 *
 * @module
 */

/** Path of Chromium; empty if it is not installed. */
export async function chromiumPath(): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", "command -v chromium"] }).output();
  return new TextDecoder().decode(stdout).trim();
}
