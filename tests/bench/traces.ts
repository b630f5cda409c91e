/**
 * `deno task bench`: how fast recorded traces are judged, beside the program that prints them.
 *
 * trace-cmd and the check take turns, each run a process of its own with its start-up. What counts is the
 * processor time that a run took, for what else the machine does changes that least; beside trace-cmd
 * stands what passed meanwhile, too. The smallest of some runs is shown, and their ratio.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { gunzipSync } from "node:zlib";
import type { AnyObservation } from "../../model/check/recording.ts";
import { checkTrace } from "../../vectors/kernel/check_trace.ts";
import { readRecording } from "../../vectors/kernel/open_trace.ts";
import { headOf } from "../../vectors/kernel/record_head.ts";
import { createTranslator } from "../../vectors/kernel/translate.ts";
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
const growingRounds = 16;

/** How long a program ran. */
interface RunTime {
  /** Seconds of all processors that it and its children had. */
  readonly processor: number;
  /** Seconds that passed meanwhile. */
  readonly elapsed: number;
}

const never: RunTime = { processor: Infinity, elapsed: Infinity };

/** How long a program runs; undefined if it cannot be run. */
async function runTime(command: string, args: readonly string[]): Promise<RunTime | undefined> {
  const timed = `TIMEFORMAT='%U %S %R'; time "$0" "$@" >/dev/null 2>/dev/null`;
  const { stderr } = await new Deno.Command("bash", { args: ["-c", timed, command, ...args] })
    .output();
  const [, user, system, elapsed] =
    /^([\d.]+) ([\d.]+) ([\d.]+)$/m.exec(new TextDecoder().decode(stderr)) ?? [];
  if (user === undefined) return undefined;
  return { processor: Number(user) + Number(system), elapsed: Number(elapsed) };
}

/** The smaller of each of two times. */
function lesser(one: RunTime, other: RunTime = never): RunTime {
  return {
    processor: Math.min(one.processor, other.processor),
    elapsed: Math.min(one.elapsed, other.elapsed),
  };
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

function row(what: string, time: RunTime, peers: RunTime): string {
  const cells = [
    time.processor,
    time.processor / peers.processor,
    time.elapsed,
    time.elapsed / peers.elapsed,
  ];
  return `${what.padEnd(40)} ${cells.map((each) => each.toFixed(2).padStart(9)).join(" ")}`;
}

/** Prints how the check of the large recording compares with printing it. */
async function besideTraceCmd(): Promise<void> {
  const name = await peer();
  const exists = await Deno.stat(large).then(() => true, () => false);
  if (name === undefined || !exists) {
    console.log(`no ${exists ? "trace-cmd" : "large recording"}: nothing to compare with\n`);
    return;
  }
  const text = await Deno.makeTempFile({ prefix: "pagespec-bench-", suffix: ".txt" });
  let [binary, plain, peers] = [never, never, never];
  try {
    await Deno.writeFile(text, gunzipSync(await Deno.readFile(largeText)));
    // The task that users run, with what it asks of the engine.
    const config = new URL("../../deno.json", import.meta.url).pathname;
    const check = ["task", "--quiet", "--config", config, "check", "--format", "json"];
    const ofUs = (file: string) => runTime(Deno.execPath(), [...check, file]);
    for (let round = 0; round < rounds; round++) {
      peers = lesser(peers, await runTime("trace-cmd", ["report", large]));
      binary = lesser(binary, await ofUs(large));
      plain = lesser(plain, await ofUs(text));
    }
  } finally {
    await Deno.remove(text);
  }
  console.log("795,133 events, in seconds".padEnd(40), "processor     ratio   elapsed     ratio");
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
async function timeOf(work: () => Promise<unknown>): Promise<number> {
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

/** What a million events of the page cache cost, in processor microseconds each. */
interface CostOfAnEvent {
  /** As a record: its columns are read, its fields only found. */
  readonly record: number;
  /** As an observation: all fields that a rule wants are read, and lines that belong together are paired. */
  readonly observed: number;
  /** From the bytes of the trace to verdicts. */
  readonly judged: number;
}

/**
 * Prints how a million events of the page cache are judged beside how they are read: as observations,
 * which is what a reader of traces hands to the model, and as the records that it makes on the way.
 */
async function inPageCache(): Promise<void> {
  console.log("page cache, microseconds an event".padEnd(38), "record observed  judged    ratios");
  for (const { name, path } of pageCache) {
    const packed = await Deno.readFile(path).catch(() => undefined);
    if (packed === undefined) continue;
    const recording = new TextDecoder().decode(gunzipSync(packed));
    const { record, observed, judged } = await costOfAnEvent(recording, 1_000_000);
    const row = [record, observed, judged, judged / record, judged / observed];
    console.log(name.padEnd(37), row.map((each) => each.toFixed(2).padStart(7)).join(" "));
  }
  console.log("");
}

/** What `count` events of a recording that repeats itself cost, without what it costs to make them. */
async function costOfAnEvent(recording: string, count: number): Promise<CostOfAnEvent> {
  const made = async () => {
    for await (const _ of repeated(recording, count));
  };
  const read = async () => {
    for await (const _ of (await open(repeated(recording, count))).batches);
  };
  const ways = [
    made,
    read,
    () => observe(repeated(recording, count)),
    () => check(repeated(recording, count)),
  ];
  const least = ways.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    for (const [index, way] of ways.entries()) {
      least[index] = Math.min(least[index] ?? Infinity, await timeOf(way));
    }
  }
  const [making = 0, record = 0, observed = 0, judged = 0] = least;
  const each = (time: number) => (time - making) / count;
  return { record: each(record), observed: each(observed), judged: each(judged) };
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

/** Reads a trace up to its observations, which nobody judges; the last of them. */
async function observe(stream: Bytes): Promise<AnyObservation | undefined> {
  const { header, batches } = await open(stream);
  // Kept, so that the engine cannot leave out the making of what nobody looks at.
  let last: AnyObservation | undefined;
  const translator = createTranslator(header, { version: "6.12.107" }, (seen) => last = seen);
  for await (const batch of batches) {
    for (const record of batch) {
      if (record.kind === "lost" || record.kind === "malformed") translator.lose(record);
      else translator.translate(record, headOf(record));
    }
  }
  return last;
}

/** Measures all, and prints what came of it. */
export async function measureTraces(): Promise<void> {
  await besideTraceCmd();
  await unwanted();
  await inPageCache();
  await growing();
}
