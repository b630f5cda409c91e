/**
 * `pagespec vectors [--check | --states TEXT]`: writes the suite, or says whether it is fresh; or
 * prints the worlds that event vectors go through.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { generate } from "../generate/generate.ts";
import { bundledSuite } from "../conform/bundled_suite.ts";
import type { EventVector } from "../format/event_vector.ts";
import { worldsOf } from "../format/event_worlds.ts";
import { root } from "../../spec/root.ts";
import { command } from "./called.ts";
import { complain, printText } from "./output.ts";

const folder = new URL("vectors/suite/", root);

/**
 * Exit status: 0 written, fresh or printed; 1 with `--check`, if a file is not what would be written;
 * 2 if no event vector has a handle with the text of `--states`.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values: { check = false, states } } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean" }, states: { type: "string" } },
  });
  if (states !== undefined) return printStates(states);
  const files = generate();
  const stale = await staleFiles(files);
  if (check) {
    for (const name of stale) {
      printText(`vectors/suite/${name} is stale; run: ${command("vectors")}`);
    }
    if (stale.length === 0) printText(`vectors/suite is fresh: ${files.size} files`);
    return stale.length === 0 ? 0 : 1;
  }
  await Deno.mkdir(folder, { recursive: true });
  for (const name of stale) {
    const url = new URL(name, folder);
    const text = files.get(name);
    await (text === undefined ? Deno.remove(url) : Deno.writeTextFile(url, text));
    printText(`vectors/suite/${name} ${text === undefined ? "removed" : "written"}`);
  }
  return 0;
}

function printStates(text: string): number {
  const chosen = bundledSuite().vectors.filter((vector): vector is EventVector =>
    vector.kind === "event" && vector.handle.includes(text)
  );
  if (chosen.length === 0) {
    complain(
      `pagespec vectors: expected --states with a part of an event vector's handle: "${text}"`,
    );
    return 2;
  }
  for (const vector of chosen) {
    printText(worldsOf(vector).map((world) => JSON.stringify(world)).join("\n"));
  }
  return 0;
}

/** Names of files that are missing, different, or there although nothing generates them. */
export async function staleFiles(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const there = await namesIn(folder);
  const extra = there.filter((name) => !files.has(name));
  const different: string[] = [];
  for (const [name, text] of files) {
    const same = there.includes(name) &&
      await Deno.readTextFile(new URL(name, folder)) === text;
    if (!same) different.push(name);
  }
  return [...different, ...extra];
}

async function namesIn(url: URL): Promise<readonly string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(url))).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
