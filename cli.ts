/**
 * The command line: finds the module of a verb, loads only that one and runs it.
 *
 * @module
 */

import deno from "./deno.json" with { type: "json" };
import { nearest } from "./spec/nearest.ts";
import { type Verb, verbs } from "./vectors/command/verbs.ts";

const STATUS = "exit status: 0 all hold; 1 something is violated; 2 it could not be judged";

/**
 * Runs `pagespec` with these arguments and returns its exit status. What keeps it from running (an
 * unknown verb, an option that the verb does not have) is one line on standard error and status 2.
 */
async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h") {
    console.log(help());
    return 0;
  }
  if (name === "--version" || name === "-V") {
    console.log(`pagespec ${deno.version}`);
    return 0;
  }
  const verb = verbs.get(name ?? "");
  if (name === undefined || verb === undefined) return refuse(missing(name));
  if (asksForHelp(rest)) {
    console.log(helpOf(verb));
    return 0;
  }
  if (verb.readsRepository(rest) && !import.meta.url.startsWith("file:")) {
    return refuse("reads files of the repository: run it from a copy on disk", name);
  }
  try {
    const { run } = await verb.load();
    return await run(rest);
  } catch (error) {
    if (!isBadArgument(error)) throw error;
    const [sentence] = error.message.split(". ");
    return refuse(`${sentence}; \`pagespec ${name} --help\` lists the options`, name);
  }
}

function help(): string {
  return [
    "usage: pagespec VERB [ARGUMENT...]",
    "",
    ...alignRows([...verbs].map(([name, { says }]) => [name, says])),
    "",
    STATUS,
    "`pagespec VERB --help` says what a verb takes",
  ].join("\n");
}

function helpOf({ usage, says, options, status }: Verb): string {
  return [
    `usage: pagespec ${usage}`,
    "",
    says,
    "",
    ...alignRows(options),
    "",
    STATUS,
    ...(status === undefined ? [] : [status]),
  ].join("\n");
}

function alignRows(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([head]) => head.length));
  return rows.map(([head, says]) => `  ${head.padEnd(width)}  ${says}`);
}

function missing(name: string | undefined): string {
  if (name === undefined) return "expected a verb; `pagespec --help` lists them";
  const [near] = nearest(name, verbs.keys());
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
