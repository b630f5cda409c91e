/**
 * The command line: finds the module of a verb, loads only that one and runs it.
 *
 * @module
 */

import deno from "./deno.json" with { type: "json" };
import { nearest } from "./spec/nearest.ts";
import { callAs, command } from "./vectors/command/called.ts";
import { complain, OutputFailed, printText } from "./vectors/command/output.ts";
import { type Verb, verbs } from "./vectors/command/verbs.ts";

const STATUS = "exit status: 0 all hold; 1 something is violated; 2 it could not be judged";

/**
 * Runs `pagespec` with these arguments and returns its exit status. What keeps it from running (an
 * unknown verb, an option that the verb does not have) or makes it fail, a bug of its own included, is
 * one line on standard error and status 2.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await runVerb(args);
  } catch (error) {
    return refuseFor(error, args[0]);
  }
}

async function runVerb([name, ...rest]: readonly string[]): Promise<number> {
  if (name === "--help" || name === "-h") {
    printText(help());
    return 0;
  }
  if (name === "--version" || name === "-V") {
    printText(`pagespec ${deno.version}`);
    return 0;
  }
  const verb = verbs.get(name ?? "");
  if (name === undefined || verb === undefined) return refuse(missing(name));
  if (asksForHelp(rest)) {
    printText(helpOf(verb));
    return 0;
  }
  if (verb.readsRepository(rest) && !import.meta.url.startsWith("file:")) {
    return refuse("reads files of the repository: run it from a copy on disk", name);
  }
  const { run } = await verb.load();
  return await run(rest);
}

/** What came of an exception: one line, and never the status of a breach. */
function refuseFor(error: unknown, verb: string | undefined): number {
  if (error instanceof OutputFailed && error.closed) return 2;
  const message = error instanceof Error ? error.message : String(error);
  if (isBadArgument(error)) {
    const [sentence] = message.split(/\.\s/);
    return refuse(`${sentence}; \`${command(`${verb} --help`)}\` lists the options`, verb);
  }
  const says = isOfTheSystem(error) ? message : `a bug of pagespec: ${message}${siteOf(error)}`;
  return refuse(says, verb);
}

/** True for what a system call came to; all else should have been foreseen. */
function isOfTheSystem(error: unknown): boolean {
  if (error instanceof OutputFailed) return true;
  if (Object.values(Deno.errors).some((kind) => error instanceof kind)) return true;
  return error instanceof Error && "code" in error && /^E[A-Z0-9]+$/.test(String(error.code));
}

/** Where an exception was thrown, as far as it says: ` (model/step.ts:12:3)`. */
function siteOf(error: unknown): string {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  const root = new URL(".", import.meta.url).href;
  const from = stack.indexOf(root);
  if (from < 0) return "";
  const [site] = stack.slice(from + root.length).split(/[)\s]/);
  return ` (${site})`;
}

function help(): string {
  return [
    `usage: ${command("VERB [ARGUMENT...]")}`,
    "",
    ...alignRows([...verbs].map(([name, { says }]) => [name, says])),
    "",
    STATUS,
    `\`${command("VERB --help")}\` says what a verb takes`,
  ].join("\n");
}

function helpOf({ usage, says, options, status }: Verb): string {
  return [
    `usage: ${command(usage)}`,
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
  const list = `\`${command("--help")}\` lists them`;
  if (name === undefined) return `expected a verb; ${list}`;
  const [near] = nearest(name, verbs.keys());
  const hint = near === undefined ? list : `did you mean ${near}?`;
  return `expected a verb, not "${name}"; ${hint}`;
}

/** What follows `--` belongs to somebody else's command. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const own = end === -1 ? args : args.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}

function refuse(why: string, verb?: string): number {
  complain(`pagespec${verb === undefined ? "" : ` ${verb}`}: ${why}`);
  return 2;
}

/** `parseArgs` of node:util throws what its caller would have to word again. */
function isBadArgument(error: unknown): error is TypeError {
  return error instanceof TypeError && "code" in error && typeof error.code === "string" &&
    error.code.startsWith("ERR_PARSE_ARGS_");
}

/** The arguments, without those that say how this was called. */
function ownArguments([first, name, ...rest]: readonly string[]): readonly string[] {
  if (first !== "--called" || name === undefined) return Deno.args;
  callAs(name);
  return rest;
}

if (import.meta.main) {
  const args = ownArguments(Deno.args);
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(refuseFor(event.reason, args[0]));
  });
  // Whoever still holds a pipe of ours is not waited for.
  Deno.exit(await main(args));
}
