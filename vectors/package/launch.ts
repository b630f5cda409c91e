/**
 * The command of the npm package, run by Node.js: starts the same command line under the Deno that the
 * package depends on, with the permissions that its task has in the repository and no others.
 *
 * It was measured against a bundle that Node.js runs by itself. The package alone is 1.6 MB to download;
 * Deno adds 42 MB, 96 MB on disk. To check a trace of 19 events takes 0.15 to 0.3 s of processor time
 * through Deno; a bundle on Node.js 24, with npm's shim of Deno's API, had opened the trace after 0.12 s
 * and went no farther, for what the shim lacks. So the price is the download, once. For it the verdicts
 * come from the engine that the tests run on, traces of strangers are read in a sandbox, any Node.js from
 * 20 on will do, and `drive --dir` and `record` work. Whoever has a Deno needs none of this.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";
import deno from "../../deno.json" with { type: "json" };

const require = createRequire(import.meta.url);
const { runInstall }: { runInstall(): string } = require("deno/install_api.cjs");

/**
 * The permissions of a verb's task, and what it says of memory. Files of the repository are wherever the
 * package is.
 */
function flagsOf(verb: string): readonly string[] {
  const [, task] = Object.entries(deno.tasks).find(([name]) => name === verb) ?? [];
  const [, flags = ""] = /deno run (.*?)\S*cli\.ts/.exec(task?.command ?? "") ?? [];
  return [...flags.matchAll(/--(?:allow-([a-z]+)|v8-flags)(?:=\S+)?/g)].map(([flag, what]) =>
    what === "read" ? "--allow-read" : flag
  );
}

const args = process.argv.slice(2);
const called = process.env.npm_command === "exec" ? "npx pagespec" : "pagespec";
const script = fileURLToPath(new URL("cli.js", import.meta.url));
const [verb = ""] = args;
const run = ["run", "--quiet", "--no-prompt", "--no-lock", "--no-remote"];
// A design of one's own is a module of its folder, which imports as that folder's package.json says; for
// a page of it that module is bundled.
const isolated = verb === "explore" || verb === "race" ? ["--unstable-bundle"] : ["--no-config"];
const child = spawn(
  runInstall(),
  [...run, ...isolated, ...flagsOf(verb), script, "--called", called, ...args],
  { stdio: "inherit" },
);

// A terminal interrupts both; the child ends in good order, and this ends with it.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`pagespec: ${error.message}`);
  process.exitCode = 2;
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exitCode = code ?? 2;
  else process.kill(process.pid, signal);
});
