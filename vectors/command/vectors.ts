/**
 * `pagespec vectors [--check]`: writes the suite, or says whether it is fresh.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { generate } from "../generate/generate.ts";
import { command } from "./called.ts";
import { printText } from "./output.ts";

const folder = new URL("../suite/", import.meta.url);

/** Exit status: 0 written, or fresh; 1 with `--check`, if a file is not what would be written. */
export async function run(args: readonly string[]): Promise<number> {
  const { values: { check = false } } = parseArgs({
    args: [...args],
    options: { check: { type: "boolean" } },
  });
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
