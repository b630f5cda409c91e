/**
 * Runs the command line: as its users do, in a process of its own, and without one. The second takes
 * the same way from `main` on with its standard streams caught, and a tenth of the time. What a process
 * adds to that is tried once for each verb.
 *
 * @module
 */
import process from "node:process";
import { main } from "../cli.ts";
import { loadsLazily } from "./loads_lazily.ts";

/** How a command line ended, and what it wrote. */
export interface CommandOutcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

// As if somebody else read it, wherever the tests themselves are run: there are no colours then.
process.stdout.isTTY = false;

/** Runs `pagespec` in a process that has these permissions, with this on its standard input. */
export async function pagespecAlone(
  permissions: readonly string[],
  args: readonly string[],
  input = "",
): Promise<CommandOutcome> {
  const loading = permissions.includes("--allow-read") ? [loadsLazily] : [];
  const child = new Deno.Command("deno", {
    args: ["run", "--no-prompt", ...loading, ...permissions, "cli.ts", ...args],
    cwd: new URL("../", import.meta.url),
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // A reader that refuses the first block closes the pipe: that is its right.
  const written = new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  await written;
  const text = new TextDecoder();
  return { status: code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Ends when the command line before has ended: there is only one standard output. */
let last: Promise<unknown> = Promise.resolve();

/** Runs `pagespec` with these arguments, and with this on its standard input. */
export function pagespec(args: readonly string[], input = ""): Promise<CommandOutcome> {
  const next = last.then(() => run(args, input));
  last = next.catch(() => {});
  return next;
}

async function run(args: readonly string[], input: string): Promise<CommandOutcome> {
  const caught = [catchOutput(Deno.stdout), catchOutput(Deno.stderr)] as const;
  const own = Object.getOwnPropertyDescriptor(Deno.stdin, "readable");
  Object.defineProperty(Deno.stdin, "readable", {
    value: new Blob([input]).stream(),
    configurable: true,
  });
  try {
    const status = await main(args);
    const [out, err] = caught.map(({ text }) => text());
    return { status, out: out ?? "", err: err ?? "" };
  } finally {
    for (const { release } of caught) release();
    Reflect.deleteProperty(Deno.stdin, "readable");
    if (own !== undefined) Object.defineProperty(Deno.stdin, "readable", own);
  }
}

/** Keeps what is written to a stream, instead of writing it. */
function catchOutput(
  stream: { writeSync(bytes: Uint8Array): number },
): { readonly text: () => string; readonly release: () => void } {
  const { writeSync } = stream;
  const decoder = new TextDecoder();
  let text = "";
  stream.writeSync = (bytes) => {
    text += decoder.decode(bytes, { stream: true });
    return bytes.length;
  };
  return { text: () => text, release: () => stream.writeSync = writeSync };
}
