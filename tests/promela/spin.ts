/**
 * Runs SPIN's verifier on a model and reads what it prints.
 *
 * @module
 */

/** What SPIN says of a model. */
export interface Verification {
  readonly states: number;
  /** Steps taken, those to states already known included, and the one to the initial state. */
  readonly transitions: number;
  /** Ids of invariants whose assertion failed somewhere, and `LOCK-1` where somebody waits for ever. */
  readonly broken: ReadonlySet<string>;
}

/**
 * Lets a command run in a directory, and gives what it printed.
 *
 * @throws {Error} if it fails
 */
export async function run(cwd: string, program: string, ...args: string[]): Promise<string> {
  const command = new Deno.Command(program, { args, cwd, stdin: "null" });
  const { stdout, stderr, success } = await command.output();
  const printed = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(`${program} ${args.join(" ")}\n${printed}`);
  return printed;
}

/**
 * Makes a verifier of a model in a directory.
 *
 * @param model path of the Promela file
 * @param defines for its preprocessor: `NAME` or `NAME=value`
 * @returns its path
 * @throws {Error} if a tool fails
 */
export async function compile(
  directory: string,
  model: string,
  defines: readonly string[],
  flags: { readonly spin: readonly string[]; readonly compiler: readonly [string, ...string[]] },
): Promise<string> {
  await run(directory, "spin", ...defines.map((name) => `-D${name}`), "-a", ...flags.spin, model);
  await run(directory, ...flags.compiler, "-w", "-o", "pan", "pan.c");
  return `${directory}/pan`;
}

/**
 * Searches all states of a model, behind failed assertions too.
 *
 * @param model path of the Promela file
 * @param defines for its preprocessor: `NAME` or `NAME=value`
 * @throws {Error} if a tool fails, or the search was not complete
 */
export async function verify(model: string, defines: readonly string[]): Promise<Verification> {
  const directory = await Deno.makeTempDir({ prefix: "pagespec-spin-" });
  try {
    // Neither are ghosts left out that nobody reads, nor variables reset, nor steps merged; and
    // searching these models takes less time than optimising their verifiers would.
    const { preprocessor, compiler } = await (tools ??= findTools());
    const pan = await compile(directory, model, defines, {
      spin: [...preprocessor, "-o1", "-o2", "-o3"],
      compiler: [compiler, "-O0", "-DSAFETY", "-DNOREDUCE", "-DNOFAIR"],
    });
    // None of these models has 100,000 states, or runs of 100 steps: to clear more slots, or a deeper
    // stack, takes longer than most of the searches. Fewer slots than states only make it slower, and a
    // search that the stack is too small for is no verdict.
    return read(await run(directory, pan, "-c0", "-m10000", "-w16"));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** What compiles: most of the time would go to gcc; tcc, if it is there, needs a twentieth of that. */
async function findTools() {
  return await canRun("tcc", "-v")
    ? { preprocessor: ["-Ptcc -E -x c"], compiler: "tcc" }
    : { preprocessor: [], compiler: "gcc" };
}

let tools: ReturnType<typeof findTools> | undefined;

/**
 * Reads what the verifier printed. It ends with status 0 whatever it has found.
 *
 * @throws {Error} if the search was not complete, or an assertion failed that names no invariant
 */
export function read(printed: string): Verification {
  const [, states] = /^\s*(\d+) states, stored$/m.exec(printed) ?? [];
  const [, transitions] = /^\s*(\d+) transitions /m.exec(printed) ?? [];
  if (
    states === undefined || transitions === undefined || /not completed|too small/.test(printed)
  ) {
    throw new Error(`expected a complete search, not\n${printed}`);
  }
  const broken = new Set<string>();
  for (const [, what = ""] of printed.matchAll(/^pan:\d+: (.*) \(at depth \d+\)$/gm)) {
    const [, id] = /^assertion violated \(?([A-Z]+(?:_[A-Z]+)*_\d+)\b/.exec(what) ?? [];
    if (id !== undefined) broken.add(id.replaceAll("_", "-"));
    else if (what === "invalid end state") broken.add("LOCK-1");
    else throw new Error(`expected an invariant or a deadlock, not ${what}`);
  }
  return { states: Number(states), transitions: Number(transitions), broken };
}

/** Ids of the invariants that a model speaks of, in order. */
export function judgedBy(source: string): readonly string[] {
  const ids = new Set<string>(["LOCK-1"]);
  for (const [, id = ""] of source.matchAll(/\b(?:must|always)\(([A-Z]+(?:_[A-Z]+)*_\d+),/g)) {
    ids.add(id.replaceAll("_", "-"));
  }
  return [...ids].sort();
}

/** Why nothing can be verified on this machine; undefined if it can. */
export async function missingTool(): Promise<string | undefined> {
  for (const [program, flag] of [["spin", "-V"], ["gcc", "--version"]] as const) {
    if (!await canRun(program, flag)) return `${program} is not installed`;
  }
  return undefined;
}

async function canRun(program: string, flag: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: [flag], stdout: "null", stderr: "null" }).output();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
