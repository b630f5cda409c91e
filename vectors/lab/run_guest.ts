/**
 * Runs a guest to its end.
 *
 * @module
 */
import { linesOf, splitLines } from "../kernel/lines.ts";
import type { Guest } from "./lab.ts";

/** Boots a guest and waits until it is off; `remark` gets each line of its job. A signal ends it. */
export async function runGuest(
  { command }: Guest,
  remark: (line: string) => void,
): Promise<{ readonly interrupted: boolean }> {
  const [program, ...args] = command;
  const pipes = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
  // In a process group of its own, so that an interrupt at the terminal reaches this process alone.
  const child = new Deno.Command(program, { args, ...pipes, detached: true }).spawn();
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    child.kill("SIGTERM");
  };
  for (const signal of signals) Deno.addSignalListener(signal, interrupt);
  await Promise.all([child.stdout, child.stderr].map((each) => passOn(each, remark)));
  await child.status;
  for (const signal of signals) Deno.removeSignalListener(signal, interrupt);
  return { interrupted };
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

async function passOn(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  remark: (line: string) => void,
): Promise<void> {
  for await (const batch of splitLines(stream)) {
    for (const line of linesOf(batch)) remark(line);
    if (batch.end !== undefined && batch.end.tail !== "") remark(batch.end.tail);
  }
}
