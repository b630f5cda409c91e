/**
 * `deno task bench`: how fast recorded traces are judged, beside the program that prints them.
 *
 * trace-cmd and the check take turns, each run a process of its own with its start-up, and what counts is
 * the processor time that a run took: what else the machine does changes that least. The smallest of
 * some runs is shown, and their ratio.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { checkTrace } from "../../vectors/kernel/check_trace.ts";
import { readRecording } from "../../vectors/kernel/open_trace.ts";
import { growths } from "./growing_traces.ts";

/** A large recording as binary, where the material beside the repository has it. */
const large = new URL("../../../shared/recordings/6.12.107/big.dat", import.meta.url).pathname;
const rounds = 3;

/** Processor seconds of a program and its children; undefined if it cannot be run. */
async function processorTime(
  command: string,
  args: readonly string[],
): Promise<number | undefined> {
  const timed = `TIMEFORMAT='%U %S'; time "$0" "$@" >/dev/null 2>/dev/null`;
  const { stderr } = await new Deno.Command("bash", { args: ["-c", timed, command, ...args] })
    .output();
  const [, user, system] = /^([\d.]+) ([\d.]+)$/m.exec(new TextDecoder().decode(stderr)) ?? [];
  return user === undefined ? undefined : Number(user) + Number(system);
}

/** The name and version that trace-cmd gives itself; undefined if it is not installed. */
async function peer(): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command("trace-cmd", { args: ["--version"] }).output();
    const [, version] = /version (\S+)/.exec(new TextDecoder().decode(stdout)) ?? [];
    return `trace-cmd ${version ?? "?"}`;
  } catch {
    return undefined;
  }
}

/** Prints how the check of the large recording compares with printing it. */
async function besideTraceCmd(): Promise<void> {
  const name = await peer();
  const exists = await Deno.stat(large).then(() => true, () => false);
  if (name === undefined || !exists) {
    console.log(`no ${exists ? "trace-cmd" : "large recording"}: nothing to compare with\n`);
    return;
  }
  const cli = new URL("../../cli.ts", import.meta.url).pathname;
  const check = ["run", "--allow-read", cli, "check", "--format", "json", large];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await processorTime("trace-cmd", ["report", large]) ?? Infinity);
    ours.push(await processorTime(Deno.execPath(), check) ?? Infinity);
  }
  const [best, peers] = [Math.min(...ours), Math.min(...theirs)];
  console.log("a trace.dat of 795,133 events, in processor seconds");
  console.log(`pagespec check       ${best.toFixed(2).padStart(8)}`);
  console.log(`${`${name} report`.padEnd(20)} ${peers.toFixed(2).padStart(8)}`);
  console.log(`ratio                ${(best / peers).toFixed(2).padStart(8)}\n`);
}

/** Prints what a line costs in traces that grow, and how much more in a large one. */
async function growing(): Promise<void> {
  console.log("microseconds of processor time a line".padEnd(40), "small   large   ratio");
  for (const { name, trace, sizes, rounds: length } of growths) {
    const costs: number[] = [];
    for (const size of sizes) {
      const made = trace(size, length);
      const text = made.text();
      let least = Infinity;
      for (let round = 0; round < rounds; round++) {
        const reading = await readRecording(new Blob([text]).stream(), { name });
        if (reading.kind !== "trace") throw new RangeError(name);
        const start = cpuUsage().user;
        await checkTrace(reading, { path: name, kernel: "6.12.107" });
        least = Math.min(least, (cpuUsage().user - start) / made.length);
      }
      costs.push(least);
    }
    const [small = 0, big = 0] = costs;
    const row = [small, big, big / small].map((each) => each.toFixed(2).padStart(7)).join(" ");
    console.log(name.padEnd(38), row);
  }
  console.log("");
}

/** Measures both, and prints what came of it. */
export async function measureTraces(): Promise<void> {
  await besideTraceCmd();
  await growing();
}
