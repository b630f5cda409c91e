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
import { gunzipSync } from "node:zlib";
import { checkTrace } from "../../vectors/kernel/check_trace.ts";
import { readRecording } from "../../vectors/kernel/open_trace.ts";
import type { Trace } from "../../vectors/kernel/ftrace_text.ts";
import { growths } from "./growing_traces.ts";
import { repeated, switches } from "./long_traces.ts";

/** A large recording as binary, where the material beside the repository has it. */
const large = new URL("../../../shared/recordings/6.12.107/big.dat", import.meta.url).pathname;
/** The text of that recording, as tracefs printed it. */
const largeText = new URL("../../../shared/recordings/6.12.107/big.trace.txt.gz", import.meta.url)
  .pathname;
/** Recordings of the page cache, from the same place: buffered writes, fsx, and fio through mmap. */
const pageCache = ["bw-ext4", "fsx-ext4", "fio-mmap-xfs"].map((name) => {
  const path = `../../../shared/pagecache/6.12.107/${name}.trace.txt.gz`;
  return { name, path: new URL(path, import.meta.url).pathname };
});
const rounds = 3;
/** Traces that grow are short: what the engine has yet to learn of the program would be most of a run. */
const growingRounds = 8;

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

function row(what: string, seconds: number, peers: number): string {
  const [time, ratio] = [seconds, seconds / peers].map((each) => each.toFixed(2).padStart(8));
  return `${what.padEnd(43)} ${time} ${ratio}`;
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
  const text = await Deno.makeTempFile({ prefix: "pagespec-bench-", suffix: ".txt" });
  let [binary, plain, peers] = [Infinity, Infinity, Infinity];
  try {
    await Deno.writeFile(text, gunzipSync(await Deno.readFile(largeText)));
    const check = ["run", "--allow-read", cli, "check", "--format", "json"];
    const ofUs = (file: string) => processorTime(Deno.execPath(), [...check, file]);
    for (let round = 0; round < rounds; round++) {
      peers = Math.min(peers, await processorTime("trace-cmd", ["report", large]) ?? Infinity);
      binary = Math.min(binary, await ofUs(large) ?? Infinity);
      plain = Math.min(plain, await ofUs(text) ?? Infinity);
    }
  } finally {
    await Deno.remove(text);
  }
  console.log("a recording of 795,133 events, in processor seconds".padEnd(52), "   ratio");
  console.log(row(`${name} report`, peers, peers));
  console.log(row("pagespec check, of the same trace.dat", binary, peers));
  console.log(row("pagespec check, of its text", plain, peers));
  console.log("");
}

/** Prints what a line costs in traces that grow, and how much more in a large one. */
async function growing(): Promise<void> {
  console.log("microseconds of processor time a line".padEnd(40), "small   large   ratio");
  for (const { name, trace, sizes, rounds: length } of growths) {
    const traces = sizes.map((size) => {
      const made = trace(size, length);
      return { text: made.text(), lines: made.length, least: Infinity };
    });
    // The two take turns, so that the engine knows the program as well for the one as for the other.
    for (let round = 0; round < growingRounds; round++) {
      for (const each of traces) {
        const reading = await open(new Blob([each.text]).stream());
        const start = cpuUsage().user;
        await checkTrace(reading, { path: name, kernel: "6.12.107" });
        each.least = Math.min(each.least, (cpuUsage().user - start) / each.lines);
      }
    }
    const costs = traces.map(({ least }) => least);
    const [small = 0, big = 0] = costs;
    const cells = [small, big, big / small].map((each) => each.toFixed(2).padStart(7)).join(" ");
    console.log(name.padEnd(38), cells);
  }
  console.log("");
}

/** Processor microseconds that something took. */
async function timeOf(work: () => Promise<void>): Promise<number> {
  const start = cpuUsage();
  await work();
  const { user, system } = cpuUsage(start);
  return user + system;
}

/** Prints what a line costs that no rule wants, making it included and taken off again. */
async function unwanted(): Promise<void> {
  const count = 1_000_000;
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const making = await timeOf(async () => {
      for await (const _ of switches(count));
    });
    const all = await timeOf(async () => await check(switches(count)));
    least = Math.min(least, (all - making) / count);
  }
  console.log(`a line that no rule wants: ${least.toFixed(2)} microseconds\n`);
}

/** Prints how a million events of the page cache are judged beside how they are read. */
async function inPageCache(): Promise<void> {
  console.log("page cache: judged / read, of a million events".padEnd(48), "read  judged   ratio");
  for (const { name, path } of pageCache) {
    const packed = await Deno.readFile(path).catch(() => undefined);
    if (packed === undefined) continue;
    const recording = new TextDecoder().decode(gunzipSync(packed));
    const [read, judged] = await readAndJudged(recording, 1_000_000);
    const row = [read / 1e6, judged / 1e6, judged / read];
    console.log(name.padEnd(45), row.map((each) => each.toFixed(2).padStart(7)).join(" "));
  }
  console.log("");
}

/** Processor microseconds of reading a recording that repeats itself, and of its whole check. */
async function readAndJudged(
  recording: string,
  count: number,
): Promise<readonly [read: number, judged: number]> {
  let [making, reading, judging] = [Infinity, Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    making = Math.min(
      making,
      await timeOf(async () => {
        for await (const _ of repeated(recording, count));
      }),
    );
    reading = Math.min(
      reading,
      await timeOf(async () => {
        for await (const _ of (await open(repeated(recording, count))).batches);
      }),
    );
    judging = Math.min(judging, await timeOf(async () => await check(repeated(recording, count))));
  }
  return [reading - making, judging - making];
}

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

async function open(stream: Bytes): Promise<Trace> {
  const reading = await readRecording(stream, { name: "made" });
  if (reading.kind !== "trace") throw new RangeError(reading.kind);
  return reading;
}

async function check(stream: Bytes): Promise<void> {
  await checkTrace(await open(stream), { path: "made", kernel: "6.12.107" });
}

/** Measures all, and prints what came of it. */
export async function measureTraces(): Promise<void> {
  await besideTraceCmd();
  await unwanted();
  await inPageCache();
  await growing();
}
