/**
 * The same model through SPIN.
 *
 * @module
 */

/** Counts of one run. */
export interface Counts {
  readonly states: number;
  readonly transitions: number;
  /** False if something stopped the search before its end. */
  readonly complete: boolean;
  /** Peak memory in 10^6 bytes. */
  readonly megabytes: number;
}

/**
 * SPIN's verifier of a Promela model in a directory, compiled with `-O2`.
 *
 * @throws {Deno.errors.NotFound} if SPIN or a C compiler is not installed
 */
export async function compileVerifier(
  model: string,
  defines: readonly string[],
  directory: string,
): Promise<string> {
  const spin = await run("spin", [...defines, "-a", model], directory);
  if (!spin.success) throw new Error(`spin does not accept ${model}: ${spin.text}`);
  // Without what only liveness needs: SPIN at its fastest.
  const flags = ["-O2", "-w", "-DSAFETY", "-DMEMLIM=8192", "-o", "pan", "pan.c"];
  const compiler = await run("gcc", flags, directory);
  if (!compiler.success) throw new Error(`gcc does not accept pan.c: ${compiler.text}`);
  return `${directory}/pan`;
}

/** What the verifier prints at its end, as numbers. */
export function readCounts(text: string): Counts {
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return {
    states: number(/^\s*(\d+) states, stored/m),
    transitions: number(/^\s*(\d+) transitions/m),
    complete: /errors: 0\b/.test(text) && !/Search not completed|too small/.test(text),
    megabytes: number(/^\s*([\d.]+)\s+total actual memory usage/m) * 1.048576,
  };
}

/** Runs a program to its end and gives all that it printed. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly success: boolean; readonly text: string }> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args], cwd })
    .output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}
