/**
 * Programs that are run to their end, or to the end of this process.
 *
 * @module
 */

/** What stands before a command that gets a signal when the process ends that has started it. */
export function endsWithParent(signal: "TERM" | "KILL"): readonly [string, ...string[]] {
  return ["setpriv", "--pdeathsig", signal];
}

/** Begins a program with a PATH that has what that of a user who is not root lacks. */
const begin = `PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin exec ${
  endsWithParent("KILL").join(" ")
} "$@"`;

/** Runs a program: what it printed, or a sentence with the end of what it complained of. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly output: string } | string> {
  const all = ["-c", begin, "sh", program, ...args];
  const command = new Deno.Command("sh", { args: all, env, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const [output = "", error = ""] = [stdout, stderr].map((each) => new TextDecoder().decode(each));
  if (success) return { output };
  const last = error.trimEnd().split("\n").slice(-3).join("; ");
  return `${program} ${args[0] ?? ""}: ${last}`;
}
