/**
 * Programs that are run to their end.
 *
 * @module
 */

/** Runs a program: what it printed, or a sentence with the end of what it complained of. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly output: string } | string> {
  const command = new Deno.Command(program, { args: [...args], env, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const [output = "", error = ""] = [stdout, stderr].map((each) => new TextDecoder().decode(each));
  if (success) return { output };
  const last = error.trimEnd().split("\n").slice(-3).join("; ");
  return `${program} ${args[0] ?? ""}: ${last}`;
}
