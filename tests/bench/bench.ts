/**
 * `deno task bench`: the same models through the explorer and through SPIN, side by side.
 *
 * Each run is a process of its own, start-up included, and runs of the two take turns, so that what
 * else the machine does meets both; the fastest of each counts. SPIN's time to compile is shown and
 * not counted. Exit status 1 if the two do not count the same states and transitions, 2 if SPIN or a C
 * compiler is not installed.
 *
 * @module
 */
import { compileVerifier, type Counts, readCounts, run } from "./spin.ts";

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

const here = new URL(".", import.meta.url).pathname;

async function timed(program: string, args: readonly string[], cwd: string) {
  const start = performance.now();
  const { text } = await run(program, args, cwd);
  return { seconds: (performance.now() - start) / 1000, text };
}

function faster(best: Best | undefined, seconds: number, counts: Counts): Best {
  return best !== undefined && best.seconds <= seconds ? best : { ...counts, seconds };
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

/** True if SPIN and the explorer agree. SPIN counts the start as one more step into itself. */
function agree(ours: Counts, theirs: Counts): boolean {
  return ours.complete && theirs.complete && ours.states === theirs.states &&
    ours.transitions + 1 === theirs.transitions;
}

async function measure({ users, syncers, pages, rounds, slots }: Size, directory: string) {
  const title = `${users} processes, ${syncers} fsyncs, ${pages} pages`;
  say(`${title}: compiling`);
  const start = performance.now();
  const defines = [`-DU=${users}`, `-DS=${syncers}`, `-DN=${pages}`];
  const verifier = await compileVerifier(`${here}fault_fsync.pml`, defines, directory);
  const compiled = (performance.now() - start) / 1000;
  const script = ["run", "--allow-all", `${here}explored.ts`].concat(
    [users, syncers, pages].map(String),
  );
  let ours: Best | undefined;
  let theirs: Best | undefined;
  for (let round = 1; round <= rounds; round++) {
    say(`${title}: round ${round} of ${rounds}`);
    const explored = await timed(Deno.execPath(), script, here);
    ours = faster(ours, explored.seconds, JSON.parse(explored.text));
    const verified = await timed(verifier, ["-m2000000", `-w${slots}`], directory);
    theirs = faster(theirs, verified.seconds, readCounts(verified.text));
  }
  say("");
  if (ours === undefined || theirs === undefined) throw new RangeError("no round was run");
  console.log(`${title}: ${ours.states} states, ${ours.transitions} transitions`);
  console.log(row("pagespec", ours));
  console.log(`${row("SPIN", theirs)}   and ${compiled.toFixed(1)} s to compile`);
  console.log(`${"ratio".padEnd(10)}${(ours.seconds / theirs.seconds).toFixed(2).padStart(8)}\n`);
  if (agree(ours, theirs)) return true;
  console.error(`bench: SPIN counts ${theirs.states} states, ${theirs.transitions} transitions`);
  return false;
}

if (import.meta.main) {
  const directory = await Deno.makeTempDir({ prefix: "pagespec-bench-" });
  try {
    for (const size of sizes) if (!await measure(size, directory)) Deno.exitCode = 1;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error("bench: expected spin and gcc to be installed (apt-get install spin gcc)");
    Deno.exitCode = 2;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
