/**
 * `deno task bench`: recorded traces beside trace-cmd (`traces.ts`), then the same models through the
 * explorer and through SPIN, side by side.
 *
 * Each run is a process of its own, start-up included, and runs of the two take turns, so that what
 * else the machine does meets both; the fastest of each counts. SPIN's time to compile is shown and
 * not counted. Exit status 1 if the two do not count the same states and transitions, 2 if SPIN or a C
 * compiler is not installed.
 *
 * @module
 */
import { measureTraces } from "./traces.ts";
import { compile, missingTool, read, run } from "../promela/spin.ts";

/** What one run counted, and its peak memory in 10^6 bytes. */
interface Counts {
  readonly states: number;
  readonly transitions: number;
  readonly megabytes: number;
}

interface Size {
  readonly users: number;
  readonly syncers: number;
  readonly pages: number;
  readonly rounds: number;
  /** Bits of SPIN's hash table: as many as it has states, or SPIN is slowed down by chains. */
  readonly slots: number;
}

/** Fastest run of several. */
interface Best extends Counts {
  readonly seconds: number;
}

const sizes: readonly Size[] = [
  { users: 2, syncers: 2, pages: 2, rounds: 7, slots: 24 },
  { users: 2, syncers: 3, pages: 2, rounds: 2, slots: 26 },
];

/** Without what only liveness needs; reductions as SPIN has them by default. */
const spinAtItsFastest = {
  spin: [],
  compiler: ["gcc", "-O2", "-DSAFETY", "-DMEMLIM=8192"],
} as const;

const here = new URL(".", import.meta.url).pathname;

/** Runs a program in a process of its own; `read` makes counts of what it printed. */
async function timed(
  best: Best | undefined,
  directory: string,
  command: readonly [string, ...string[]],
  counted: (printed: string) => Counts,
): Promise<Best> {
  const start = performance.now();
  const printed = await run(directory, ...command);
  const seconds = (performance.now() - start) / 1000;
  return best !== undefined && best.seconds <= seconds ? best : { ...counted(printed), seconds };
}

function bySpin(printed: string): Counts {
  const [, megabytes] = /^\s*([\d.]+)\s+total actual memory usage/m.exec(printed) ?? [];
  return { ...read(printed), megabytes: Number(megabytes) * 1.048576 };
}

function say(text: string): void {
  if (Deno.stderr.isTerminal()) Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${text}`));
}

function row(name: string, { seconds, states, megabytes }: Best): string {
  return [
    name.padEnd(10),
    `${seconds.toFixed(2)} s`.padStart(10),
    `${(states / seconds / 1e6).toFixed(2)} M states/s`.padStart(18),
    `${Math.round(megabytes)} MB`.padStart(10),
  ].join("");
}

/** Measures one size and prints it; false if SPIN and the explorer do not count the same. */
async function measure(size: Size, directory: string): Promise<boolean> {
  const { users, syncers, pages, rounds, slots } = size;
  const title = `${users} processes, ${syncers} fsyncs, ${pages} pages`;
  say(`${title}: compiling`);
  const start = performance.now();
  const defines = [`U=${users}`, `S=${syncers}`, `N=${pages}`];
  const verifier = await compile(directory, `${here}fault_fsync.pml`, defines, spinAtItsFastest);
  const compiled = (performance.now() - start) / 1000;
  const counts = [users, syncers, pages].map(String);
  let ours: Best | undefined;
  let theirs: Best | undefined;
  for (let round = 1; round <= rounds; round++) {
    say(`${title}: round ${round} of ${rounds}`);
    const script = ["run", "--allow-all", `${here}explored.ts`, ...counts];
    ours = await timed(ours, here, [Deno.execPath(), ...script], JSON.parse);
    theirs = await timed(theirs, here, [verifier, "-m2000000", `-w${slots}`], bySpin);
  }
  say("");
  if (ours === undefined || theirs === undefined) throw new RangeError("no round was run");
  console.log(`${title}: ${ours.states} states, ${ours.transitions} transitions`);
  console.log(row("pagespec", ours));
  console.log(`${row("SPIN", theirs)}   and ${compiled.toFixed(1)} s to compile`);
  console.log(`${"ratio".padEnd(10)}${(ours.seconds / theirs.seconds).toFixed(2).padStart(8)}\n`);
  // SPIN counts the way to the start as a transition.
  if (ours.states === theirs.states && ours.transitions + 1 === theirs.transitions) return true;
  console.error(`bench: SPIN counts ${theirs.states} states, ${theirs.transitions} transitions`);
  return false;
}

if (import.meta.main) {
  await measureTraces();
  const missing = await missingTool();
  if (missing !== undefined) {
    console.error(`bench: ${missing}; expected Debian's packages spin and gcc`);
    Deno.exit(2);
  }
  const directory = await Deno.makeTempDir({ prefix: "pagespec-bench-" });
  try {
    for (const size of sizes) if (!await measure(size, directory)) Deno.exitCode = 1;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
