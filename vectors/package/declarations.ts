/**
 * The types of the package, as `deno pack` writes them.
 *
 * It checks all types before it writes any, which takes longer than everything else that the package
 * needs, and `deno task ok` has checked them. It checks nothing if a module is imported from a host that
 * it does not load from. So it is given one more module, which does that.
 *
 * @module
 */
import deno from "../../deno.json" with { type: "json" };
import { root } from "../../spec/root.ts";
import { runProgram } from "./run_program.ts";

/** What the modules are, and what they import. */
const sources = ["mod.ts", "cli.ts", "design.ts", "model", "spec", "vectors"];

/** Writes the types of all modules into a folder, each where its module lies in the repository. */
export async function writeTypes(folder: URL): Promise<void> {
  const name = await Deno.makeTempDir({ prefix: "pagespec-types-" });
  const linked = new URL(`file://${encodeURI(name)}/`);
  try {
    for (const each of sources) await Deno.symlink(new URL(each, root), new URL(each, linked));
    await Deno.writeTextFile(`${name}/unchecked.ts`, 'import "https://unchecked.invalid/";\n');
    const exports = { ...deno.exports, "./unchecked": "./unchecked.ts" };
    const config = { ...deno, exports, compilerOptions: {} };
    await Deno.writeTextFile(`${name}/deno.json`, JSON.stringify(config));
    const archive = `${name}/types.tgz`;
    await runProgram(linked, Deno.execPath(), "pack", "--allow-dirty", "--output", archive);
    const to = ["-C", decodeURIComponent(folder.pathname), "--strip-components=1"];
    const types = ["--wildcards", "*.d.ts", "--exclude", "unchecked.d.ts"];
    await runProgram(linked, "tar", "-xzf", archive, ...to, ...types);
  } finally {
    await Deno.remove(name, { recursive: true });
  }
}
