/**
 * The command line: finds the module of a verb, loads only that one and runs it.
 *
 * @module
 */

import deno from "./deno.json" with { type: "json" };
import { nearest } from "./spec/nearest.ts";

/** What the module of a verb exports: takes the arguments after the verb, returns the exit status. */
interface VerbModule {
  readonly run: (args: readonly string[]) => Promise<number>;
}

interface Verb {
  readonly usage: string;
  readonly says: string;
  readonly load: () => Promise<VerbModule>;
}

const VERBS: ReadonlyMap<string, Verb> = new Map([
  ["check", {
    usage: "check [--format text|json|junit|ktap] [--kernel VERSION] [--all] [FILE...]",
    says: "judge recorded traces; with no FILE, all bundled recordings against their cards",
    load: () => import("./vectors/check_command.ts"),
  }],
  ["explore", {
    usage: "explore [--format text|json] [--states LIMIT] [DESIGN...]",
    says: "search all interleavings of designs; with no DESIGN, the table of all",
    load: () => import("./vectors/explore_command.ts"),
  }],
  ["vectors", {
    usage: "vectors [--check]",
    says: "write the conformance vectors, or say whether they are fresh",
    load: () => import("./vectors/vectors_command.ts"),
  }],
  ["conform", {
    usage: "conform [OPTION...] -- COMMAND",
    says: "run the conformance vectors against a driver that speaks the line protocol",
    load: () => import("./vectors/conform_command.ts"),
  }],
  ["drive", {
    usage: "drive [--mutant NAME | --mutants | --dir DIR]",
    says: "be a driver: the model, a faulty model, or the file system mounted at DIR",
    load: () => import("./vectors/drive_command.ts"),
  }],
  ["race", {
    usage: "race [--design ID] FILE",
    says: "judge a race diagram under a design; - reads standard input",
    load: () => import("./vectors/race_command.ts"),
  }],
  ["explain", {
    usage: "explain ID",
    says: "print one invariant (statement, formula, sources) or design (verdicts, races)",
    load: () => import("./spec/explain_command.ts"),
  }],
  ["chapters", {
    usage: "chapters [--check]",
    says: "write the generated parts of the chapters, or say whether they are fresh",
    load: () => import("./vectors/chapters_command.ts"),
  }],
]);

const STATUS = "exit status: 0 all hold; 1 something is violated; 2 it could not be judged";

/**
 * Runs `pagespec` with these arguments and returns its exit status. What keeps it from running (an
 * unknown verb, an option that the verb does not have) is one line on standard error and status 2.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h") {
    console.log(usage());
    return 0;
  }
  if (name === "--version" || name === "-V") {
    console.log(`pagespec ${deno.version}`);
    return 0;
  }
  const verb = VERBS.get(name ?? "");
  if (name === undefined || verb === undefined) return refuse(missing(name));
  if (asksForHelp(rest)) {
    console.log([`usage: pagespec ${verb.usage}`, "", verb.says, STATUS].join("\n"));
    return 0;
  }
  try {
    const { run } = await verb.load();
    return await run(rest);
  } catch (error) {
    if (!isBadArgument(error)) throw error;
    const [sentence] = error.message.split(". ");
    return refuse(`${sentence}`, name);
  }
}

function usage(): string {
  const width = Math.max(...[...VERBS.values()].map((verb) => verb.usage.length));
  const verbs = [...VERBS.values()].map((verb) => `  ${verb.usage.padEnd(width)}  ${verb.says}`);
  return ["usage: pagespec VERB [ARGUMENT...]", "", ...verbs, "", STATUS].join("\n");
}

function missing(name: string | undefined): string {
  if (name === undefined) return "expected a verb; `pagespec --help` lists them";
  const [near] = nearest(name, VERBS.keys());
  const hint = near === undefined ? "`pagespec --help` lists them" : `did you mean ${near}?`;
  return `expected a verb, not "${name}"; ${hint}`;
}

/** What follows `--` belongs to somebody else's command. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}

function refuse(why: string, verb?: string): number {
  console.error(`pagespec${verb === undefined ? "" : ` ${verb}`}: ${why}`);
  return 2;
}

/** `parseArgs` of node:util throws what its caller would have to word again. */
function isBadArgument(error: unknown): error is TypeError {
  return error instanceof TypeError && "code" in error && typeof error.code === "string" &&
    error.code.startsWith("ERR_PARSE_ARGS_");
}

if (import.meta.main) Deno.exitCode = await main(Deno.args);
