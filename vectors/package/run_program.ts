/**
 * Runs the programs that the package is made with.
 *
 * @module
 */

/** Runs a program in a folder; throws what it said if it fails. */
export async function runProgram(
  cwd: URL,
  program: string,
  ...args: readonly string[]
): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args], cwd }).output();
  if (!success) throw new Error(`${program} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
