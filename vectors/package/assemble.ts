/**
 * `deno task package FOLDER`: puts the npm package together, ready for `npm pack` or `npm publish`.
 *
 * Modules are bundled, because Node.js strips no types in packages and imports no text; their types are
 * those that Deno extracts. What is read from disk lies where it lies in the repository.
 *
 * @module
 */
import deno from "../../deno.json" with { type: "json" };
import { root } from "../../spec/root.ts";
import { pageNames, pageScripts } from "../page/page_script.ts";
import { runProgram } from "./run_program.ts";
import { writeTypes } from "./declarations.ts";

/** Files and folders that are in the package as they are. */
const asTheyAre = [
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  "spec",
  "vectors/README.md",
  "vectors/examples",
  "vectors/known",
  "vectors/recorded",
  "vectors/schema",
  "vectors/suite",
];

/** Modules that are started or imported by their path. */
const entries = [
  ...Object.values(deno.exports),
  "./vectors/command/check_worker.ts",
  "./vectors/conform/drive/worker.ts",
  "./vectors/conform/power_cut/block_server.ts",
];

/** The version of Deno that the tests run on. */
async function denoVersion(): Promise<string> {
  const run = await Deno.readTextFile(new URL(".ci/run", root));
  return /npx -y deno@(\S+?)\)/.exec(run)?.[1] ?? "";
}

function manifest(version: string): Readonly<Record<string, unknown>> {
  const exported = Object.entries(deno.exports).map(([name, path]) => {
    const module = path.replace(/\.ts$/, "");
    return [name, { types: `${module}.d.ts`, default: `${module}.js` }] as const;
  });
  return {
    name: deno.name,
    version: deno.version,
    description: "An executable specification of page-cache and DAX coherence",
    license: deno.license,
    type: "module",
    bin: { pagespec: "./pagespec.js" },
    exports: Object.fromEntries(exported),
    dependencies: { deno: version },
    engines: { node: ">=20" },
  };
}

async function copy(from: URL, to: URL): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) {
    if (name.endsWith(".ts") && from.href.endsWith("/spec")) continue;
    await copy(new URL(`${from.href}/${name}`), new URL(`${to.href}/${name}`));
  }
}

/** Writes the package into a folder, which is made if it is not there. */
async function assemble(folder: URL): Promise<void> {
  const deno = Deno.execPath();
  const path = decodeURIComponent(folder.pathname);
  await Deno.mkdir(folder, { recursive: true });
  await writeTypes(folder);
  const bundle = ["bundle", "--quiet", "--platform", "deno"];
  await runProgram(root, deno, ...bundle, "--code-splitting", "--outdir", path, ...entries);
  const scripts = await pageScripts(pageNames);
  if ("refused" in scripts) throw new Error(scripts.refused);
  await Deno.mkdir(`${path}vectors/page`, { recursive: true });
  for (const [at, script] of scripts.entries()) {
    await Deno.writeTextFile(`${path}vectors/page/${pageNames[at]}.js`, script);
  }
  const launcher = `${path}pagespec.js`;
  await runProgram(root, deno, ...bundle, "--output", launcher, "vectors/package/launch.ts");
  await Deno.writeTextFile(launcher, `#!/usr/bin/env node\n${await Deno.readTextFile(launcher)}`);
  await Deno.chmod(launcher, 0o755);
  for (const name of asTheyAre) await copy(new URL(name, root), new URL(name, folder));
  const text = JSON.stringify(manifest(await denoVersion()), undefined, 2);
  await Deno.writeTextFile(new URL("package.json", folder), `${text}\n`);
}

if (import.meta.main) {
  const [folder, ...rest] = Deno.args;
  if (folder === undefined || rest.length > 0) {
    console.error(`pagespec package: expected one folder, not ${Deno.args.length}`);
    Deno.exit(2);
  }
  const url = new URL(`${encodeURI(folder)}/`, `file://${encodeURI(Deno.cwd())}/`);
  await assemble(url);
}
