/**
 * The types of the package, as `deno pack` writes them.
 *
 * It checks all types before it writes any, which takes longer than everything else that the package
 * needs, and `deno task ok` has checked them. So it is given a copy of the modules that asks for no
 * check.
 *
 * @module
 */
import deno from "../../deno.json" with { type: "json" };
import { root } from "../../spec/root.ts";
import { runProgram } from "./run_program.ts";

/** What the modules are, and what they import. */
const sources = ["mod.ts", "cli.ts", "design.ts", "model", "spec", "vectors", "deno.lock"];

/** The first line of a module that TypeScript is not to check. */
const noCheck = "// @ts-nocheck\n";

/** Writes the types of all modules into a folder, each where its module lies in the repository. */
export async function writeTypes(folder: URL): Promise<void> {
  const name = await Deno.makeTempDir({ prefix: "pagespec-types-" });
  const copy = new URL(`file://${encodeURI(name)}/`);
  try {
    for (const each of sources) await copyUnchecked(new URL(each, root), new URL(each, copy));
    const config = { ...deno, compilerOptions: { lib: ["esnext"] } };
    await Deno.writeTextFile(new URL("deno.json", copy), JSON.stringify(config));
    const archive = `${name}/types.tgz`;
    await runProgram(copy, Deno.execPath(), "pack", "--allow-dirty", "--output", archive);
    const to = ["-C", decodeURIComponent(folder.pathname), "--strip-components=1"];
    await runProgram(copy, "tar", "-xzf", archive, ...to, "--wildcards", "*.d.ts");
  } finally {
    await Deno.remove(name, { recursive: true });
  }
  await haveChecked(folder);
}

/**
 * Copies a file or folder; the recordings, which no module imports, are left out. What JSON holds is no
 * type of the package, and takes a fifth of the time to infer.
 */
async function copyUnchecked(from: URL, to: URL): Promise<void> {
  if (from.href === new URL("vectors/recorded", root).href) return;
  if ((await Deno.stat(from)).isDirectory) {
    await Deno.mkdir(to, { recursive: true });
    for await (const { name } of Deno.readDir(from)) {
      await copyUnchecked(new URL(`${from.href}/${name}`), new URL(`${to.href}/${name}`));
    }
  } else if (from.href.endsWith(".ts")) {
    await Deno.writeTextFile(to, noCheck + await Deno.readTextFile(from));
  } else if (from.href.endsWith(".json")) {
    await Deno.writeTextFile(to, "{}");
  } else {
    await Deno.copyFile(from, to);
  }
}

/** Takes the line from the types again: whoever installs the package has them checked. */
async function haveChecked(folder: URL): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const file = new URL(`${folder.href}${name}`);
    if (isDirectory) {
      await haveChecked(new URL(`${file.href}/`));
    } else if (name.endsWith(".d.ts")) {
      const text = await Deno.readTextFile(file);
      if (text.startsWith(noCheck)) await Deno.writeTextFile(file, text.slice(noCheck.length));
    }
  }
}
